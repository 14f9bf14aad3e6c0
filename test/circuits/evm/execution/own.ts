/** Which wires of the program are those of the execution of transactions; the others have tests of their own. */
import type { UsageException } from "../../../../circuits/builder/usageLint.ts";

export const OWN =
  /^(state\.(root|leafCount|receiptsHead|before|after)|placeBlocks|transactionTables|begin\[|end\[|accessList\[|accessLists|dataCell|environment|answer\[|accountOp|hashTable|initial|leaf\.|startPc|copy\[\]\.external)/;

export const USED_ONCE: readonly UsageException[] = [
  {
    name: /^(begin|end|accessList|accountOp|copy)\[\]\.([a-zA-Z]+(\[\])?\.)*place$/,
    because: "where a key stands in a table: that it stands somewhere is the claim",
  },
  {
    name: /^(accountOp|answer)\[\]\.(t|sp|pc|gas|b)$/,
    because: "fields of a row's key alone: the row that asks has them",
  },
  { name: /^environment\[\]\.pc$/, because: "as above; only PC has it" },
  {
    name: /^(accountOp\[\]|copy\[\]\.external)\.address\.rest$/,
    because: "what a word has above 160 bits: an address is its low ones",
  },
  {
    name: /^begin\[\]\.created\.(least|most)$/,
    because: "a nonce is within the bounds of its form: ranges of differences",
  },
  { name: /^begin\[\]\.created\.address\.rest$/, because: "an address is the low 160 bits of a digest" },
  {
    name: /^begin\[\]\.creation\.isDoomed$/,
    because: "a bit for the state's cell: the END row compares it with what became of the account",
  },
  {
    name: /^answer\[\]\.asked\.hi\.inverse$/,
    because: "that a huge number's high half has an inverse is the claim",
  },
  {
    name: /^(answer\[\]\.(known|later|old)\.distance|end\[\]\.(afterBegin|afterPrevious|refund\.isFloor)|leaf\.account\[\]\.birth\.least\[\])$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative, or small",
  },
  {
    name: /^begin\[\]\.affords\.(hi|lo)$/,
    because: "what a balance exceeds the greatest cost by: that it has halves is the claim",
  },
  { name: /^hashTable\.hash\[\]\.canonical\.(low|high)$/, because: "as above, to a constant" },
  {
    name: /^(begin\[\]\.created\.(start|message)|end\[\]\.receipt|leaf\.(account\[\]\.((before|after)\.value|key)|slot\[\]\.(before|after|key))|state\.(before|after))\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
];
