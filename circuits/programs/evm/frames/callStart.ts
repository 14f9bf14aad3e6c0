/**
 * Starts of frames by CALL, CALLCODE, DELEGATECALL and STATICCALL (EIP-150, EIP-214, EIP-2929; yellow paper, appendix H).
 *
 * Proves: an active entry's rows charge what the call costs, its frame has the columns the opcode gives it, and the value moves.
 * Assumes: the state bus, the tables of accounts and code objects, the caller's columns.
 * Enforces:
 *   FS-1 one kind; operands are those of the rows.
 *   FS-2 the callee's account is that of the 160 low bits of the address; its `warm` cell is 1 after, and was 0 iff cold.
 *   FS-3 y = access + 9,000 - 2,300 for value + 25,000 for value to a dead account + memory of both ranges, where what is left
 *        to the caller is not negative, no range is huge and no value is called with in a static frame; else y is the penalty.
 *   FS-4 the callee's floor leaves it min(requested, all but a 64th), and the stipend.
 *   FS-5 at depth 1,024 or with too little balance it is refused. Refused or penalized calls run FAIL, others to
 *        precompiles PRECOMPILE, others the account's code, which is loaded.
 *   FS-6 every call takes a checkpoint, and after it a CALL that runs moves its value.
 * Sound because: every flag is computed from values or proven by a range. The penalty puts the caller below its floor, from
 *   where its only way on is an exceptional halt (frameEnd.ts, causes.ts): the outcome of all three cases.
 * Cost: 550 gates.
 */
import { combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, any, not, or } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, promiseBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { isLessWord } from "../../../gadgets/word.ts";
import { CALL_GAS, CALL_SUB, type FrameStart, MAX_DEPTH, PENALTY } from "../../../../protocol/evm/plan/frames/frameEntry.ts"; // prettier-ignore
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import { memoryTime } from "../memory/memoryBus.ts";
import { FRAME_COLUMNS, type FrameColumn } from "../services.ts";
import { allButOne64th, GAS_BITS, givenGas, isNegative } from "./calleeGas.ts";
import { type CallRows, callRows, defineCallRows } from "./callRows.ts";
import type { FrameServices } from "./frameServices.ts";
import { openMemory, priceMemory } from "./memoryPrice.ts";
import { byteAddress, type OpenFrame } from "./openFrame.ts";
import { type OpenedRange, openRange } from "./openRange.ts";
import { transfer } from "./transfer.ts";

export function callStart(
  b: Builder,
  services: FrameServices,
  i: number,
  start: () => FrameStart | undefined,
): OpenFrame {
  const { facts, state } = services;
  const rows = callRows(b, () => start()?.questions);
  const { is, active, question: q } = rows;
  const caller = readCaller(b, services, q.f);
  const value = facts.word(rows.value, "value");
  const valueIsZero = isZeroWord(b, value, "value.isZero");
  const pays = and(b, rows.hasValue, not(b, valueIsZero, "value.isSome"), "pays");
  const sends = and(b, pays, is.CALL, "sends");
  const callee = openCallee(b, services, rows, sends);
  const self = facts.word(caller.address, "self");
  const own = services.accounts.find(addressOfWord(b, self, "self.address"), "self.account", pays);
  const input = openRange(b, facts.word(rows.inputOffset, "input.from"), facts.word(rows.inputLength, "input.size"), "input"); // prettier-ignore
  const output = openRange(b, facts.word(rows.outputOffset, "output.from"), facts.word(rows.outputLength, "output.size"), "output"); // prettier-ignore
  const gas = chargeCall(b, services, rows, { caller, callee, input, output, pays, sends });
  const refused = isRefused(b, services, { rows, depth: caller.depth, own, value, pays });
  const fails = or(b, gas.isHard, refused, "fails");
  const runs = and(b, active, not(b, fails, "isAllowed"), "runs");
  const code = calleeCode(b, services, { fails, runs, callee }); // prettier-ignore
  const checkpoint = state.checkpoint(timeOf(b, q.t, CALL_SUB.checkpoint, "checkpoint.time"), "checkpoint", active); // prettier-ignore
  const happens = and(b, runs, sends, "transfer.happens");
  transfer(b, { facts, state }, { t: q.t, sub: CALL_SUB.from, from: own, to: callee.account, value, happens }, "transfer"); // prettier-ignore
  defineCallRows(b, facts, i, rows, { gas: gas.paid, codeBase: code.base, frame: i + 1 });
  const addresses = calleeAddresses(b, services, rows, { caller, target: callee.word, start });
  const popped = sum(b, [[-6n, rows.hasValue], [-5n, is.DELEGATECALL], [-5n, is.STATICCALL], [1n, q.sp]], 0n, "stackBase"); // prettier-ignore
  return {
    active,
    caller: { memoryBase: caller.memoryBase },
    room: { start: byteAddress(b, caller.memoryBase, output.offset, "output.start"), length: output.length },
    columns: {
      ...addresses,
      codeBase: code.base,
      codeSize: code.size,
      stackBase: assertBits(b, popped, 16, "stackBase.size"),
      inputStart: byteAddress(b, caller.memoryBase, input.offset, "input.start"),
      inputLength: input.length,
      floor: gas.floor,
      parent: q.f,
      returnPc: assertBits(b, sum(b, [[1n, q.pc], [1n, active]], 0n, "returnPc"), 20, "returnPc.size"), // prettier-ignore
      isStatic: or(b, caller.isStatic, is.STATICCALL, "isStatic"),
      depth: assertBits(b, sum(b, [[1n, caller.depth], [1n, active]], 0n, "depth"), 11, "depth.size"), // prettier-ignore
      transaction: caller.transaction,
      checkpoint,
      code: callee.object,
    },
  };
}

export interface CallerColumns {
  readonly memoryBase: Wire;
  readonly memoryLimit: Wire;
  readonly address: Wire;
  readonly floor: Wire;
  readonly isStatic: Bool;
  readonly depth: Wire;
  readonly transaction: Wire;
}

/**
 * The caller's columns. Those that a callee takes over are bounded anew: an entry that nobody opened may name itself as its caller,
 * and the table's bound of a column would rest on nothing but itself.
 */
export function readCaller(b: Builder, { frames }: FrameServices, f: Wire): CallerColumns {
  const read = (column: FrameColumn): Wire => frames.read(column, f, `caller.${column}`);
  const bounded = (column: FrameColumn): Wire => inherited(b, frames, column, f);
  return {
    memoryBase: read("memoryBase"),
    memoryLimit: read("memoryLimit"),
    address: bounded("address"),
    floor: read("floor"),
    isStatic: promiseBits(b, bounded("isStatic"), 1, "caller.isStatic"),
    depth: read("depth"),
    transaction: bounded("transaction"),
  };
}

const inherited = (b: Builder, frames: FrameServices["frames"], column: FrameColumn, f: Wire): Wire =>
  b.range(frames.read(column, f, `caller.${column}`), FRAME_COLUMNS[column], `caller.${column}.size`);

interface Callee {
  readonly account: Wire;
  /** Its address as a word of 160 bits. */
  readonly word: Word;
  readonly isCold: Bool;
  readonly isPrecompile: Bool;
  /** Number of its code object. */
  readonly object: Wire;
  /** No code, no nonce, no balance (EIP-161); known only where value is sent. */
  readonly isDead: Bool;
}

/** FS-2. */
function openCallee(b: Builder, services: FrameServices, rows: CallRows, sends: Bool): Callee {
  const { facts, state, accounts } = services;
  const { active, question: q } = rows;
  const { address, word } = lowAddress(b, facts.word(q.b, "target"), "target.address");
  const account = accounts.find(address, "target.account", active);
  const at = (sub: keyof typeof CALL_SUB): Wire => timeOf(b, q.t, CALL_SUB[sub], `${sub}.time`);
  const cell = (name: "warm" | "code" | "nonce" | "balance"): Wire => cellOfAccount(b, account, name, `target.${name}.cell`); // prettier-ignore
  const before = state.set(at("warm"), cell("warm"), "transaction", active, "target.warm", active);
  const isPrecompile = accounts.isPrecompile(account, "target.isPrecompile");
  const isUnknown = and(b, isZero(b, before, "target.isUnknown"), not(b, isPrecompile, "target.isOrdinary"), "target.canBeCold"); // prettier-ignore
  const object = assertBits(b, state.get(at("code"), cell("code"), "chain", "target.code", active), 14, "target.code.size"); // prettier-ignore
  const nonce = facts.word(state.get(at("nonce"), cell("nonce"), "chain", "target.nonce", sends), "target.nonce.word"); // prettier-ignore
  const balance = facts.word(state.get(at("balance"), cell("balance"), "chain", "target.balance", sends), "target.balance.word"); // prettier-ignore
  const isPoor = and(b, isZeroWord(b, nonce, "target.nonceIsZero"), isZeroWord(b, balance, "target.balanceIsZero"), "target.isPoor"); // prettier-ignore
  return {
    account,
    word,
    isCold: and(b, isUnknown, active, "target.isCold"),
    isPrecompile,
    object,
    isDead: and(b, isPoor, isZero(b, object, "target.hasNoCode"), "target.isDead"),
  };
}

/** The 160 low bits of a word, as one number and as a word. Cost: 13 gates. */
export function lowAddress(b: Builder, { lo, hi }: Word, name: string): { address: Wire; word: Word } {
  const low = witnessBits(b, 32, `${name}.low`, () => b.value(hi) & 0xffff_ffffn);
  const rest = witnessBits(b, 96, `${name}.rest`, () => b.value(hi) >> 32n);
  b.assertZero([], [[1n, low], [1n << 32n, rest], [-1n, hi]], 0n, `${name}.split`); // prettier-ignore
  const address = sum(b, [[1n << 128n, low], [1n, lo]], 0n, name); // prettier-ignore
  return { address, word: { hi: promiseBits(b, low, 128, name), lo } };
}

interface Charged {
  readonly caller: CallerColumns;
  readonly callee: Callee;
  readonly input: OpenedRange;
  readonly output: OpenedRange;
  readonly pays: Bool;
  readonly sends: Bool;
}

/** FS-3 and FS-4. */
function chargeCall(
  b: Builder,
  { facts, memory }: FrameServices,
  { active, question: q }: CallRows,
  { caller, callee, input, output, pays, sends }: Charged,
): { paid: Wire; floor: Wire; isHard: Bool } {
  const isLonger = isLess(b, input.words, output.words, 20, "output.isLonger");
  const words = mux(b, isLonger, output.words, input.words, "words");
  const time = memoryTime(b, q.t, 0, undefined, "memory.time");
  const price = priceMemory(b, memory, { time, words, condition: active }, "price");
  const creates = and(b, sends, callee.isDead, "isNewAccount");
  const { warm, cold, value, stipend, newAccount } = CALL_GAS;
  const cost = sum(b, [[warm, active], [cold - warm, callee.isCold], [value, pays], [newAccount, creates], [1n, price.gas]], 0n, "cost"); // prettier-ignore
  const left = sum(b, [[1n, q.gas], [-1n, caller.floor], [-1n, cost]], 0n, "left"); // prettier-ignore
  const isShort = isNegative(b, mul(b, active, left, "left.own"), "isShort");
  const breaks = and(b, caller.isStatic, sends, "breaksStatic");
  const isHard = any(b, [isShort, input.isHuge, output.isHuge, breaks], "isHard");
  const isPaid = and(b, active, not(b, isHard, "isNotHard"), "isPaid");
  const frame = { base: caller.memoryBase, limit: caller.memoryLimit, opens: isPaid, condition: active };
  openMemory(b, memory, price, frame, "open");
  const given = givenGas(b, facts.word(q.a, "requested"), allButOne64th(b, left, isPaid, "cap"), "given");
  const helped = and(b, pays, isPaid, "hasStipend");
  const charged = combine(
    b,
    [[1n, isPaid, cost]],
    [
      [-stipend, helped],
      [PENALTY, isHard],
    ],
    0n,
    "paid",
  );
  const paid = assertBits(b, charged, GAS_BITS, "paid.size");
  const floor = sum(b, [[1n, q.gas], [-1n, paid], [-1n, given], [-stipend, helped]], 0n, "floor"); // prettier-ignore
  return { paid, floor: assertBits(b, floor, GAS_BITS, "floor.size"), isHard };
}

interface Asked {
  readonly rows: CallRows;
  readonly depth: Wire;
  readonly own: Wire;
  readonly value: Word;
  readonly pays: Bool;
}

/** FS-5: too deep, or the caller's balance is below the value. */
function isRefused(
  b: Builder,
  { facts, state }: FrameServices,
  { rows, depth, own, value, pays }: Asked,
): Bool {
  const isTooDeep = isZero(b, sum(b, [[1n, depth]], -MAX_DEPTH, "depth.left"), "isTooDeep"); // prettier-ignore
  const time = timeOf(b, rows.question.t, CALL_SUB.funds, "funds.time");
  const funds = state.get(time, cellOfAccount(b, own, "balance", "funds.cell"), "chain", "funds", pays);
  // Where nothing is paid the value is 0, and nothing is less.
  const isPoor = isLessWord(b, facts.word(funds, "funds.word"), value, "isPoor");
  return or(b, isTooDeep, isPoor, "isRefused");
}

interface Choice {
  readonly fails: Bool;
  readonly runs: Bool;
  readonly callee: Callee;
}

/** FS-5: what the frame runs. In place of a size, a precompile's frame has its number. */
function calleeCode(
  b: Builder,
  { codes }: FrameServices,
  { fails, runs, callee }: Choice,
): { base: Wire; size: Wire } {
  const { object, isPrecompile, word } = callee;
  const hasCode = and(b, runs, not(b, isPrecompile, "code.isOrdinary"), "code.runs");
  b.assertZero([[-1n, hasCode, codes.isLoaded(object, "code.isLoaded")]], [[1n, hasCode]], 0n, "code.isLoaded"); // prettier-ignore
  const constant = (position: number): Wire => b.constant(BigInt(position));
  const system = mux(b, fails, constant(SystemCode.FAIL), constant(SystemCode.PRECOMPILE), "code.system");
  const base = assertBits(b, mux(b, hasCode, codes.base(object, "code.base"), system, "code.start"), 20, "code.start"); // prettier-ignore
  const special = and(b, runs, isPrecompile, "code.isPrecompile");
  const size = combine(b, [[1n, hasCode, codes.size(object, "code.size")], [1n, special, word.lo]], [], 0n, "code.length"); // prettier-ignore
  return { base, size: assertBits(b, size, 24, "code.length") };
}

/** Whose code runs in whose name, and with what value. */
function calleeAddresses(
  b: Builder,
  { facts, frames }: FrameServices,
  { is, value, question: q }: CallRows,
  { caller, target, start }: { caller: CallerColumns; target: Word; start: () => FrameStart | undefined },
): Record<"address" | "caller" | "value", Wire> {
  const clean = witnessBits(b, 20, "target.id", () => BigInt(start()?.address ?? 0));
  facts.assertWord(clean, target, "target.id");
  const moves = assertBits(b, sum(b, [[1n, is.CALL], [1n, is.STATICCALL]], 0n, "entersTarget"), 1, "entersTarget"); // prettier-ignore
  return {
    address: mux(b, moves, clean, caller.address, "address"),
    caller: mux(b, is.DELEGATECALL, inherited(b, frames, "caller", q.f), caller.address, "callerOfCallee"),
    value: mux(b, is.DELEGATECALL, inherited(b, frames, "value", q.f), value, "valueOfCallee"),
  };
}
