/**
 * Starts of frames by CREATE and CREATE2 (EIP-161, EIP-684, EIP-1014, EIP-2681, EIP-2929, EIP-3860).
 *
 * Proves: an active entry's rows charge what the creation costs, its frame runs the init code in the name of the new account, whose
 *   address is the hash the opcode says, and the value moves.
 * Assumes: the services; `digest` proves what it gives. The frame's end deposits (deposit.ts), the END row settles.
 * Enforces:
 *   CR-1 one kind, in a frame that is not static.
 *   CR-2 y = memory + 2 gas a word, for CREATE2 8; where that is more than is left, the range is huge, or the init code has more than
 *        49,152 bytes, y is the penalty (as FS-3). The callee gets all but a 64th.
 *   CR-3 at depth 1,024, with too little balance or the last nonce it is refused and nothing changes; refused or penalized
 *        creations run FAIL.
 *   CR-4 else the creator's nonce grows by one and the new account is warm, both before the checkpoint; after it the value moves
 *        and the account is opened (newAccount.ts).
 * Sound because: as callStart.ts; a message's commitment binds its bytes, so the address is that of creator and nonce, or salt and code.
 * Cost: 1,150 gates.
 */
import { combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, any, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { messageStart } from "../../../gadgets/message.ts";
import { isLessWord } from "../../../gadgets/word.ts";
import { CREATE_GAS, CREATE_SUB, type FrameStart, MAX_DEPTH, MAX_INIT_CODE, MAX_NONCE, OPEN_SUB, PENALTY } from "../../../../protocol/evm/plan/frames/frameEntry.ts"; // prettier-ignore
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import { createMessage } from "../execution/createAddress.ts";
import { memoryTime } from "../memory/memoryBus.ts";
import type { Messages } from "../memory/messages.ts";
import { wordsOf } from "../memory/operands.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import { allButOne64th, GAS_BITS, isNegative } from "./calleeGas.ts";
import { type CallerColumns, lowAddress, readCaller } from "./callStart.ts";
import { create2Message } from "./create2Message.ts";
import { type CreateRows, createRows, defineCreateRows } from "./createRows.ts";
import type { Digest, FrameServices } from "./frameServices.ts";
import { openMemory, priceMemory } from "./memoryPrice.ts";
import { openAccount } from "./newAccount.ts";
import { byteAddress, type OpenFrame } from "./openFrame.ts";
import { type OpenedRange, openRange } from "./openRange.ts";
import { transfer } from "./transfer.ts";

export interface CreateServices extends FrameServices {
  readonly digest: Digest;
  readonly messages: Messages;
}

export interface OpenCreation extends OpenFrame {
  /** Number of the new account, and where nothing was refused. */
  readonly account: Wire;
  readonly opens: Bool;
}

export function createStart(
  b: Builder,
  services: CreateServices,
  i: number,
  start: () => FrameStart | undefined,
): OpenCreation {
  const { facts, state, accounts } = services;
  const rows = createRows(b, () => start()?.questions);
  const { active, question: q } = rows;
  const caller = readCaller(b, services, q.f);
  b.assertZero([[1n, active, caller.isStatic]], [], 0n, "static.noCreation"); // prettier-ignore
  const value = facts.word(q.a, "value");
  const initCode = openRange(b, facts.word(q.b, "initCode.from"), facts.word(rows.length, "initCode.length"), "initCode"); // prettier-ignore
  const gas = chargeCreation(b, services, rows, caller, initCode);
  const at = (sub: keyof typeof CREATE_SUB): Wire => timeOf(b, q.t, CREATE_SUB[sub], `${sub}.time`);
  const creatorAddress = addressOfWord(b, facts.word(caller.address, "self"), "self.address");
  const creator = accounts.find(creatorAddress, "self.account", active);
  const balance = state.get(at("funds"), cellOfAccount(b, creator, "balance", "funds.cell"), "chain", "funds", active); // prettier-ignore
  const nonceCell = cellOfAccount(b, creator, "nonce", "nonce.cell");
  const nonce = facts.word(state.get(at("nonce"), nonceCell, "chain", "nonce", active), "nonce.word");
  const isTooDeep = isZero(b, sum(b, [[1n, caller.depth]], -MAX_DEPTH, "depth.left"), "isTooDeep"); // prettier-ignore
  const isLastNonce = isZero(b, sum(b, [[1n, nonce.lo], [1n << 128n, nonce.hi]], -MAX_NONCE, "nonce.left"), "nonce.isLast"); // prettier-ignore
  const isPoor = isLessWord(b, facts.word(balance, "funds.word"), value, "isPoor");
  const fails = any(b, [gas.isHard, isTooDeep, isPoor, isLastNonce], "fails");
  const opens = and(b, active, not(b, fails, "isAllowed"), "opens");
  countNonce(b, services, { time: at("count"), cell: nonceCell, nonce, opens });
  const code = initCodeOf(b, services, { rows, caller, initCode, opens });
  const word = newAddress(b, services, {
    rows,
    creator: creatorAddress,
    nonce,
    code: code.commitment,
    opens,
  });
  const { address, word: clean } = lowAddress(b, word, "new.address");
  const account = accounts.find(address, "new.account", opens);
  state.set(at("warm"), cellOfAccount(b, account, "warm", "new.warm.cell"), "transaction", b.one, "new.warm", opens); // prettier-ignore
  const checkpoint = state.checkpoint(at("checkpoint"), "checkpoint", active);
  const isSome = not(b, isZeroWord(b, value, "value.isZero"), "value.isSome");
  transfer(b, { facts, state }, { t: q.t, sub: CREATE_SUB.from, from: creator, to: account, value, happens: and(b, opens, isSome, "transfer.happens") }, "transfer"); // prettier-ignore
  const doomed = timeOf(b, q.t, CREATE_SUB.open + OPEN_SUB.doomed, "doomed.time");
  const isDoomed = assertBits(b, state.foretellAfter(doomed, "isDoomed", opens), 1, "isDoomed.bool");
  const opened = openAccount(b, services, { t: q.t, sub: CREATE_SUB.open, account, position: code.position, length: initCode.length, isDoomed, condition: opens }); // prettier-ignore
  const codeBase = mux(b, opens, opened.codeBase, b.constant(BigInt(SystemCode.FAIL)), "codeBase");
  defineCreateRows(b, facts, i, rows, {
    gas: gas.paid,
    codeBase: assertBits(b, codeBase, 20, "codeBase.size"),
  });
  const id = witnessBits(b, 20, "address", () => BigInt(start()?.address ?? 0));
  facts.assertWord(id, clean, "address.isNew");
  const stackBase = sum(b, [[1n, q.sp], [-2n, rows.isCreate], [-3n, rows.isCreate2]], 0n, "stackBase"); // prettier-ignore
  return {
    active,
    account,
    opens,
    caller: { memoryBase: caller.memoryBase },
    room: undefined,
    columns: {
      codeBase,
      codeSize: opened.codeSize,
      stackBase: assertBits(b, stackBase, 16, "stackBase.size"),
      address: id,
      caller: caller.address,
      value: q.a,
      inputStart: b.zero,
      inputLength: b.zero,
      floor: gas.floor,
      parent: q.f,
      returnPc: assertBits(b, sum(b, [[1n, q.pc], [1n, active]], 0n, "returnPc"), 20, "returnPc.size"), // prettier-ignore
      isStatic: b.zero,
      depth: assertBits(b, sum(b, [[1n, caller.depth], [1n, active]], 0n, "depth"), 11, "depth.size"), // prettier-ignore
      transaction: caller.transaction,
      checkpoint,
      code: b.zero,
    },
  };
}

/** CR-2. */
function chargeCreation(
  b: Builder,
  { memory }: CreateServices,
  { active, isCreate, isCreate2, question: q }: CreateRows,
  caller: CallerColumns,
  initCode: OpenedRange,
): { paid: Wire; floor: Wire; isHard: Bool } {
  const time = memoryTime(b, q.t, Sub.SIZE, undefined, "memory.time");
  const price = priceMemory(b, memory, { time, words: initCode.words, condition: active }, "price");
  const { words } = wordsOf(b, initCode.length, "initCode.size");
  const perWord = sum(b, [[CREATE_GAS.word, isCreate], [CREATE_GAS.hashedWord, isCreate2]], 0n, "perWord"); // prettier-ignore
  const cost = combine(b, [[1n, perWord, words]], [[1n, price.gas]], 0n, "cost");
  const left = sum(b, [[1n, q.gas], [-1n, caller.floor], [-CREATE_GAS.fixed, active], [-1n, cost]], 0n, "left"); // prettier-ignore
  const isShort = isNegative(b, mul(b, active, left, "left.own"), "isShort");
  const isLong = witnessBool(b, "initCode.isLong", () => b.value(initCode.length) > MAX_INIT_CODE);
  const over = sum(b, [[1n, initCode.length]], -MAX_INIT_CODE - 1n, "initCode.over"); // prettier-ignore
  // over, or -1 - over.
  const distance = combine(b, [[2n, isLong, over]], [[-1n, over], [1n, isLong]], -1n, "initCode.distance"); // prettier-ignore
  assertBits(b, distance, 24, "initCode.isLong.isProven");
  const isHard = any(b, [isShort, isLong, initCode.isHuge], "isHard");
  const isPaid = and(b, active, not(b, isHard, "isNotHard"), "isPaid");
  openMemory(b, memory, price, { base: caller.memoryBase, limit: caller.memoryLimit, opens: isPaid, condition: active }, "open"); // prettier-ignore
  const given = allButOne64th(b, left, isPaid, "given");
  const charged = combine(b, [[1n, isPaid, cost]], [[PENALTY, isHard]], 0n, "paid");
  const paid = assertBits(b, charged, GAS_BITS, "paid.size");
  const floor = sum(b, [[1n, q.gas], [-CREATE_GAS.fixed, active], [-1n, paid], [-1n, given]], 0n, "floor"); // prettier-ignore
  return { paid, floor: assertBits(b, floor, GAS_BITS, "floor.size"), isHard };
}

/** CR-4: the creator's nonce. */
function countNonce(
  b: Builder,
  { facts, state }: CreateServices,
  { time, cell, nonce, opens }: { time: Wire; cell: Wire; nonce: Word; opens: Bool },
): void {
  const before = state.foretell(time, "count.before", opens);
  const after = state.foretellAfter(time, "count.after", opens);
  state.change(time, cell, "chain", { before, after }, "count", opens);
  const lo = combine(b, [[1n, opens, nonce.lo]], [[1n, opens]], 0n, "count.next");
  const hi = promiseBits(b, mul(b, opens, nonce.hi, "count.hi"), 128, "count.hi");
  facts.assertWord(after, { hi, lo: assertBits(b, lo, 128, "count.next") }, "count.isNext");
}

interface Coded {
  readonly rows: CreateRows;
  readonly caller: CallerColumns;
  readonly initCode: OpenedRange;
  readonly opens: Bool;
}

/** Commitment to the init code, to no bytes where there is none; and a position of it in the table of all code. */
function initCodeOf(
  b: Builder,
  { messages }: CreateServices,
  { rows, caller, initCode, opens }: Coded,
): { commitment: Wire; position: Wire } {
  const isEmpty = isZero(b, initCode.length, "initCode.isNothing");
  const reads = and(b, opens, not(b, isEmpty, "initCode.isThere"), "initCode.isRead");
  const start = byteAddress(b, caller.memoryBase, initCode.offset, "initCode.start");
  const question = { t: rows.question.t, sub: Sub.READ, start, length: initCode.length };
  const { commitment, position } = messages.code(question, "initCode.message", reads);
  const nothing = messageStart(b, b.zero, "initCode.nothing");
  return { commitment: mux(b, isEmpty, nothing, commitment, "initCode.commitment"), position };
}

interface Named {
  readonly rows: CreateRows;
  readonly creator: Wire;
  readonly nonce: Word;
  readonly code: Wire;
  readonly opens: Bool;
}

/** The hash whose low 160 bits are the new address; 0 where nothing opens. */
function newAddress(
  b: Builder,
  { facts, digest }: CreateServices,
  { rows, creator, nonce, code, opens }: Named,
): Word {
  const small = assertBits(b, mul(b, opens, nonce.lo, "nonce.own"), 64, "nonce.is64Bits");
  b.assertZero([[1n, opens, nonce.hi]], [], 0n, "nonce.hasNoHi"); // prettier-ignore
  const who = promiseBits(b, creator, 160, "creator");
  const byNonce = createMessage(b, who, small, "create");
  const hashes = and(b, opens, rows.isCreate2, "initCode.isHashed");
  const codeHash = digest(mul(b, hashes, code, "initCode.hashed"), "initCode.hash", hashes);
  const bySalt = create2Message(b, who, facts.word(rows.salt, "salt"), codeHash, "create2");
  const message = mux(b, rows.isCreate2, bySalt, byNonce, "new.message");
  return digest(mul(b, opens, message, "new.message.own"), "new.hash", opens);
}
