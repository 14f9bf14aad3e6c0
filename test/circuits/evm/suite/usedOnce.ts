/** Wires of the whole program that only one constraint mentions, besides their range: the parts' own lists, and the rest. */
import type { UsageException } from "../../../../circuits/builder/usageLint.ts";
import { USED_ONCE as EXECUTION_USED_ONCE } from "../execution/own.ts";
import { FRAMES_USED_ONCE } from "../frames/usage.ts";
import { MEMORY_USED_ONCE } from "../memory/usage.ts";

const TRANSACTIONS_USED_ONCE: readonly UsageException[] = [
  {
    name: /^(blockBytes\.row\[\]\.permutation\[\]|blockHashes\.(hash\[\]|ancestor\[\]\.hash)\.permutation\[\]\[\]|challenge\.hash\.permutation\[\]\[\])$/,
    because: "a sponge's result is its first lanes; the others are what the permutation makes them",
  },
  {
    name: /^(payloadWord\[\]\.step|transaction\[\]\.(payload\.begin|key\.step\[\]))\.permutation\[\]\[\]$/,
    because: "as above",
  },
  {
    name: /^blockHashes\.ancestor\[\]\.(digest|number)$/,
    because:
      "hashed together with the parent's hash, which is what is asked for: whatever gives the hash will do; the number of the oldest",
  },
  {
    name: /^transaction\[\]\.raw\.((list|data|accessList)\.header\.(least|most)|(chainId|nonce|fee|maxFee|gasLimit|value|data|v|r|s)\.shortest)$/,
    because: "a length or a first byte is within the bounds of its form: ranges of differences",
  },
  {
    name: /^(accessEntry\[\]\.(entry|keys)\.header|transaction\[\]\.payload\.list)\.(least|most)$/,
    because: "as above",
  },
  {
    name: /^transaction\[\]\.(length\.room|block\.(earlier|later)|nonce\.spare|fee\.spare|initcode\.room|(dataWords|payload\.words)\.spare)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  {
    name: /^(block\[\]\.(timestamp\.later|baseFee\.remainder\.belowDivisor)|legacySuffix\.(room|excess|gap)|gas\.left\[\]|(dataWord|payloadWord|initCodeRow)\[\]\.rest)$/,
    because: "as above",
  },
  {
    name: /^(challenge\.seed|transaction\[\]\.signer\.(publicKey\.[xy]|shifted|y))\.canonical\.(low|high)$/,
    because: "as above, to a constant",
  },
  { name: /^transaction\[\]\.signer\.(r\.belowOrder|s\.isLow)\.(low|high)$/, because: "as above" },
  {
    name: /^(gasTarget\.odd|transaction\[\]\.(signer\.y\.half|sender\.rest))$/,
    because: "the rest of a division by a power of two, with its range",
  },
  { name: /^accessEntry\[\]\.isOpen$/, because: "of the last row: no row follows" },
];

const KECCAK_USED_ONCE: readonly UsageException[] = [
  {
    name: /^keccak\.(job\[\]\.start|word\[\]\.step)\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane",
  },
  { name: /^keccak\.block\[\]\.permutation\[\]$/, because: "a digest is four of the state's lanes" },
  { name: /^keccak\.(word|block)\[\]\.nextJob$/, because: "of the last row: no row follows" },
  { name: /^keccak\.padding\[\]\.tail\.shifted$/, because: "one side of a division by a power of two" },
];

const CODE_USED_ONCE: readonly UsageException[] = [
  { name: /^code\.row\[\]\.permutation\[\]$/, because: "a sponge's result is its first lane" },
  {
    name: /^codeObject\[\]\.rows\.room$/,
    because: "a difference that one line defines and whose range is the claim",
  },
  {
    name: /^codeObject\[\]\.hash\.(hi|lo)$/,
    because: "an entry of a table: an account's leaf, and EXTCODEHASH, read it",
  },
  {
    name: /^(push|codeWord)\[\]\.active$/,
    because: "part of its key: a fact that is not active is not there",
  },
  {
    name: /^pushedMask\[\]\.(first|base|shift|shifted|difference)\.place$/,
    because: "where a key stands in a table: that it stands somewhere is the claim",
  },
  {
    name: /^jump\[\]\.insideIfTaken$/,
    because: "what the target is below the end by: that it is not negative is the claim",
  },
];

const STATE_USED_ONCE: readonly UsageException[] = [
  {
    name: /^(accounts|slots)\.distinct\.(spareIfUsed\[\]|ascends\[\]\.(step|isLess\.(low|high)))$/,
    because: "a difference that one line defines and whose range is the claim: rows ascend",
  },
  { name: /^state\.access\[\]\.later$/, because: "as above: times ascend" },
  { name: /^state\.access\[\]\.(height|time\.now)$/, because: "of the last entry: no entry follows" },
  {
    name: /^storageOp\[\]\.((doomed|value|warm|refund\.counter)\.place|value\.time)$/,
    because: "where a key stands in a table, and when: that it stands somewhere is the claim",
  },
  { name: /^storageOp\[\]\.(sp|pc)$/, because: "fields of a row's key alone: the row that asks has them" },
  { name: /^storageOp\[\]\.sentry\.leftIfStore$/, because: "what is left above the sentry: not negative" },
  { name: /^storageOp\[\]\.address\.rest$/, because: "an address is the low 160 bits of a word" },
];

const ARITHMETIC_USED_ONCE: readonly UsageException[] = [
  {
    name: /^(sums\[\]\.core\.hi\.turn|signed\[\]\.core\.hi\.borrow)$/,
    because: "the carry out of 2^256: a bit that is thrown away",
  },
  {
    name: /^((compares|signedCompares)\[\]\.core\.less\.size|(divisions|signed)\[\]\.core\.division\.remainder\.below|wide\[\]\.core\.remainder\.below)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  {
    name: /^signedCompares\[\]\.core\.[xy]\.negative$/,
    because: "a sign, tied to its word's top by a division whose rest is bounded",
  },
  {
    name: /^(products\[\]\.core\.result|powers\[\]\.core\.(square|product))\.(crossHigh|out)$/,
    because: "what a product has above 2^256: thrown away, with its range",
  },
  {
    name: /^(bytes\[\]\.core\.cut\.rest|masks\[\]\.core\.cut\.high|exponentiations\[\]\.bytes\.rest)$/,
    because: "the side of a division by a power of two that is thrown away, with its range",
  },
  {
    name: /^wide\[\]\.(first|second)\.(f|sp|pc|gas)$|^wide\[\]\.second\.b$/,
    because: "fields of a row's key alone: the row that asks has them",
  },
  {
    name: /^(powers\[\]\.root|exponentiations\[\]\.result)\.place$/,
    because: "where a key stands in a table: that it stands somewhere is the claim",
  },
  {
    name: /^powers\[\]\.core\.opcode$/,
    because: "a core's flags tell the opcode; a step of EXP has a tag of its own",
  },
  { name: /^literal\[\]\.(hi|lo)$/, because: "free words: whoever uses one proves what it is" },
];

const ROWS_USED_ONCE: readonly UsageException[] = [
  { name: /^rows\.row\[\]\.stack\.room$/, because: "what is left above the stack's top: not negative" },
  {
    name: /^rows\.row\[\]\.fact\.place$/,
    because: "where a key stands: that it stands somewhere is the claim",
  },
  {
    name: /^rows\.row\[\]\.(jumps|clearsStack|isSymbol)$/,
    because: "a bit of the instruction's entry, used in the line that says so",
  },
  { name: /^rows\.row\[\]\.(op|sp|top|gas|frame|replaces)$/, because: "of the last row: no row follows" },
];

const TREE_USED_ONCE: readonly UsageException[] = [
  {
    name: /^tree\.((top\.(before|after)|append)\.node\[\]\[\](\.hash)?|append\.unused\.node\[\]|(before|after)\.beyond\[\]|(read|write|insertion)\[\]\.leaf|write\[\]\.leafAfter|(read|write)\[\]\.path(After)?\.node\[\]|write\[\]\.pathAfter\.node\[\])\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane",
  },
  {
    name: /^tree\.read\[\]\.(nextIndex|turn\[\]|subtree)$/,
    because: "hashed, or chosen by: any that gives the root will do",
  },
  {
    name: /^tree\.(write|insertion)\[\]\.next(Key|Index)\.new$/,
    because: "hashed into the leaf after; links are a lookup in the table of new leaves",
  },
  { name: /^tree\.write\[\]\.changes$/, because: "of the last entry: no entry follows" },
  {
    name: /^tree\.(write\[\]\.later|append\.room|insertion\[\]\.later\.(low|high)|(insertion|absence)\[\]\.gap\.(next\.limit|aboveLow|belowNext)\.(low|high))$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
];

/** The precompiles' pools (their tests have the same lists), and the calls that take from them. */
const PRECOMPILES_USED_ONCE: readonly UsageException[] = [
  {
    name: /^((sha256|ripemd160)\.block\[\]\.hash\.(start|word\[\])|blake2f\.job\[\]\.hash\[\])\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  {
    name: /^ecrecover\[\]\.keyHash\.block\[\]\.permutation\[\]$/,
    because: "as above, of its first lanes",
  },
  {
    name: /^ecrecover\[\]\.keyHash\.digest\[\]\[\]$/,
    because: "an address is 20 bytes of a digest of 32; the other 12 complete its lanes",
  },
  {
    name: /^(sha256|ripemd160)\.block\[\]\.last\.rest$/,
    because: "the rest of the last block, 0 elsewhere: that it is below 64 is the claim",
  },
  {
    name: /^ripemd160\.block\[\]\.compression\.(line\[\]\.step\[\]\.(carry|over)|sum\[\]\.over)$/,
    because: "the quotient of a division by 2^32, with its range",
  },
  {
    name: /^ripemd160\.block\[\]\.compression\.line\[\]\.step\[\]\.t\.(high|low)$/,
    because: "of the last words of a line, which no step rotates: their sum is used",
  },
  {
    name: /^(ecrecover\[\]\.[rs]|modexp\.job\[\]\.result)\.isLess\.(low|high)$/,
    because: "isLessWord: the remainder of a division by 2^128, with its range",
  },
  {
    name: /^ecrecover\[\]\.signer\.((publicKey\.[xy]|shifted|y)\.canonical|r\.belowOrder|s\.isLow)\.(low|high)$/,
    because: "a difference to a constant that one line defines and whose range is the claim",
  },
  {
    name: /^ecrecover\[\]\.signer\.y\.half$/,
    because: "the rest of a division by two, with its range",
  },
  {
    name: /^(modexp\.job|precompileCall)\[\]\.(modexp\.)?(base|exponent|modulus)Length\.room$/,
    because: "32 - length: its range is the claim",
  },
  {
    name: /^modexp\.job\[\]\.exponent\.(bitLength\.(below|above)|slack)$/,
    because: "a difference to a power of two, and the rest of a division by 4: their range is the claim",
  },
  { name: /^blake2f\.job\[\]\.used$/, because: "a job that could be used need not be: it exposes 0" },
  { name: /^blake2f\.round\[\]\.tens$/, because: "the quotient of a division by 10, with its range" },
  {
    name: /^blake2f\.round\[\]\.mix\.mix\[\]\.(first|second)\.[ac]\.carry$/,
    because: "the quotient of a division by 2^64, with its range",
  },
  {
    name: /^precompileCall\[\]\.(copy\.lead|words\.read\[\]|modexp\.((base|exponent|modulus)\.(from|behind)|output)|output\[\]\.write)\.place$/,
    because: "where a key stands in a table: that it stands somewhere is the claim",
  },
  {
    name: /^precompileCall\[\]\.(copy\.enough|input\.words\.spare|memory\.room|modexp\.price\.(words\.slack|rest\.next))$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative, or small",
  },
  {
    name: /^frame\[\]\.end\.precompile\.address\.hi$/,
    because: "a frame that starts at PRECOMPILE has the address of one (BEGIN), which its low half tells",
  },
];

/** Of a part's test alone, where something stands in for the rest of the program. */
const OF_STAND_INS = ["copy[].address.lo", "frame[].output.start", "frame[].end.returnData.before"];

export const EVM_USED_ONCE: readonly UsageException[] = [
  ...TRANSACTIONS_USED_ONCE,
  ...KECCAK_USED_ONCE,
  ...CODE_USED_ONCE,
  ...STATE_USED_ONCE,
  ...ARITHMETIC_USED_ONCE,
  ...ROWS_USED_ONCE,
  ...TREE_USED_ONCE,
  ...EXECUTION_USED_ONCE,
  ...MEMORY_USED_ONCE,
  ...FRAMES_USED_ONCE,
  ...PRECOMPILES_USED_ONCE,
].filter(({ name }) => !OF_STAND_INS.some((wire) => name.test(wire)));
