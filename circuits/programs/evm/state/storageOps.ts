/**
 * SLOAD, SSTORE, TLOAD and TSTORE.
 *
 * Proves: an entry's key answers the slot of word a of the frame's account with the id it holds (SLOAD, TLOAD), or the slot
 *   now holds b (SSTORE, TSTORE); y is the gas of EIP-2200, 2929 and 3529, and the refund counter changed by its refund.
 * Assumes: the state bus, the tables of accounts and slots, the frame's columns.
 * Enforces: SO-1 the frame is not static for a store; SO-2 more than 2,300 gas is left before SSTORE (EIP-2200); SO-3 the slot
 *   is of the frame's address and word a; SO-4 `value` or, of a doomed account, `doomed` is accessed; SO-5 warm was 0 iff
 *   cold, and is 1 + the original id after; SO-6 gas; SO-7 the refund counter.
 * Sound because: each comparison of words is of both halves; the counter's new word is asserted, half by half.
 * Cost: 230 gates.
 */
import { combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder, Product, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { isEqualWord, isZeroWord } from "../../../gadgets/alu/words.ts";
import type { Capacities } from "../../../../protocol/evm/capacities.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { globalCell } from "../../../../protocol/evm/stateCells.ts";
import {
  refundOf,
  STORAGE_GAS,
  STORAGE_SUB,
  type StorageOpEntry,
} from "../../../../protocol/evm/plan/state/storageOps.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import { type Accounts, addressOfWord, cellOfAccount } from "./accounts.ts";
import { cellOfSlot, type Slots } from "./slots.ts";
import { type StateBus, timeOf } from "./stateBus.ts";

export interface StorageServices {
  readonly facts: Facts;
  readonly frames: FrameColumns;
  readonly state: StateBus;
  readonly accounts: Accounts;
  readonly slots: Slots;
  readonly capacities: Capacities;
}

/** Least gas that must be left before SSTORE. */
const SENTRY = 2_301n;

export function storageOpChip(
  b: Builder,
  services: StorageServices,
  entry: (i: number) => StorageOpEntry | undefined,
): void {
  for (let i = 0; i < services.capacities.storageOps; i++)
    b.scope(`storageOp[${i}]`, () => storageOp(b, services, i, () => entry(i)));
}

interface Kind {
  readonly isLoad: Bool;
  readonly isStore: Bool;
  readonly isTransientLoad: Bool;
  readonly isTransientStore: Bool;
  readonly active: Bool;
  /** SLOAD or SSTORE. */
  readonly isPersistent: Bool;
}

function storageOp(
  b: Builder,
  services: StorageServices,
  i: number,
  entry: () => StorageOpEntry | undefined,
): void {
  const { facts, frames, state, accounts, slots, capacities } = services;
  const kind = kindOf(b, () => entry()?.question.op);
  const q = witnessQuestion(b, () => entry()?.question);
  assertMayStore(b, frames, kind, q);
  const self = facts.word(frames.read("address", q.f, "self"), "self");
  const account = accounts.find(addressOfWord(b, self, "address"), "account", kind.active);
  const slot = slots.find(account, facts.word(q.a, "slotKey"), "slot", kind.active);
  const at = (sub: keyof typeof STORAGE_SUB): Wire => timeOf(b, q.t, STORAGE_SUB[sub], `${sub}.time`);
  const doomedCell = cellOfAccount(b, account, "doomed", "doomed.cell");
  const doomedId = state.get(at("doomed"), doomedCell, "transaction", "doomed", kind.isPersistent);
  const isDoomed = assertBits(b, doomedId, 1, "doomed.bool");
  // SO-4: value, or doomed, or transient; all but the first are of the transaction's scope.
  const cell = (name: "value" | "warm" | "transient" | "doomed"): Wire => cellOfSlot(b, capacities, slot, name, `${name}.cell`); // prettier-ignore
  const isTransient = not(b, kind.isPersistent, "isTransient");
  const kept = mux(b, isDoomed, cell("doomed"), cell("value"), "kept.cell");
  const place = mux(b, isTransient, cell("transient"), kept, "place.cell");
  const isScoped = assertBits(b, sum(b, [[1n, isTransient], [1n, isDoomed]], 0n, "isScoped"), 1, "isScoped"); // prettier-ignore
  const writes = assertBits(b, sum(b, [[1n, kind.isStore], [1n, kind.isTransientStore]], 0n, "writes"), 1, "writes"); // prettier-ignore
  const before = state.foretell(at("value"), "before", kind.active);
  const after = mux(b, writes, q.b, before, "after");
  state.change(at("value"), place, isScoped, { before, after }, "value", kind.active);
  const warmth = warm(b, services, { kind, at: at("warm"), cell: cell("warm"), before });
  const gas = storeGas(b, services, { kind, at: at("refund"), warmth, before, after: q.b });
  const op = sum(b, [[BigInt(OPCODE.SLOAD!), kind.isLoad], [BigInt(OPCODE.SSTORE!), kind.isStore], [BigInt(OPCODE.TLOAD!), kind.isTransientLoad], [BigInt(OPCODE.TSTORE!), kind.isTransientStore]], 0n, "op"); // prettier-ignore
  const z = mux(b, writes, b.zero, before, "z");
  facts.defineTimedKey("storageOps", i, kind.active, { op, ...q, z, y: gas }, "key");
}

function kindOf(b: Builder, op: () => number | undefined): Kind {
  const is = (name: string): Bool => witnessBool(b, `is${name}`, () => op() === OPCODE[name]);
  const [isLoad, isStore, isTransientLoad, isTransientStore] = [is("SLOAD"), is("SSTORE"), is("TLOAD"), is("TSTORE")]; // prettier-ignore
  const isPersistent = assertBits(b, sum(b, [[1n, isLoad], [1n, isStore]], 0n, "isPersistent"), 1, "kind.oneOfTwo"); // prettier-ignore
  const active = assertBits(b, sum(b, [[1n, isPersistent], [1n, isTransientLoad], [1n, isTransientStore]], 0n, "active"), 1, "kind.one"); // prettier-ignore
  return { isLoad, isStore, isTransientLoad, isTransientStore, active, isPersistent };
}

/** SO-1 and SO-2. */
function assertMayStore(
  b: Builder,
  frames: FrameColumns,
  { isStore, isTransientStore }: Kind,
  q: TimedQuestion,
): void {
  const isStatic = frames.read("isStatic", q.f, "isStatic");
  const writes = sum(b, [[1n, isStore], [1n, isTransientStore]], 0n, "static.writes"); // prettier-ignore
  b.assertZero([[1n, isStatic, writes]], [], 0n, "static.noStore"); // prettier-ignore
  const left = sum(b, [[1n, q.gas], [-1n, frames.read("floor", q.f, "floor")]], -SENTRY, "sentry.left"); // prettier-ignore
  assertBits(b, mul(b, isStore, left, "sentry.leftIfStore"), 36, "sentry");
}

interface Warmth {
  readonly isCold: Bool;
  /** Id of the value at the start of the transaction. */
  readonly original: Wire;
}

/** SO-5. */
function warm(
  b: Builder,
  { state }: StorageServices,
  { kind, at, cell, before }: { kind: Kind; at: Wire; cell: Wire; before: Wire },
): Warmth {
  const seen = state.foretell(at, "warm.before", kind.isPersistent);
  const isCold = isZero(b, seen, "isCold");
  const original = witnessBits(b, 20, "original", () =>
    b.value(isCold) === 1n ? b.value(before) : b.value(seen) - 1n,
  );
  const next = assertBits(b, sum(b, [[1n, original]], 1n, "warm.after"), 20, "warm.after.id"); // prettier-ignore
  b.assertZero([[1n, isCold, original], [-1n, isCold, before]], [], 0n, "original.isCurrentIfCold"); // prettier-ignore
  const isWarm = not(b, isCold, "isWarm");
  b.assertZero([[1n, isWarm, next], [-1n, isWarm, seen]], [], 0n, "original.isKeptIfWarm"); // prettier-ignore
  state.change(at, cell, "transaction", { before: seen, after: next }, "warm", kind.isPersistent);
  return { isCold, original };
}

interface Store {
  readonly kind: Kind;
  readonly at: Wire;
  readonly warmth: Warmth;
  readonly before: Wire;
  readonly after: Wire;
}

/** SO-6 and SO-7: the gas of the entry; the refund counter is moved if there is a refund. */
function storeGas(b: Builder, services: StorageServices, { kind, at, warmth, before, after }: Store): Wire {
  const { facts } = services;
  const { isCold } = warmth;
  const [original, current, value] = [facts.word(warmth.original, "original"), facts.word(before, "current"), facts.word(after, "value")]; // prettier-ignore
  const isSame = isEqualWord(b, current, value, "isSame");
  const isClean = isEqualWord(b, original, current, "isClean");
  const isReset = isEqualWord(b, original, value, "isReset");
  const [originalIsZero, currentIsZero, valueIsZero] = [isZeroWord(b, original, "originalIsZero"), isZeroWord(b, current, "currentIsZero"), isZeroWord(b, value, "valueIsZero")]; // prettier-ignore
  const changes = and(b, not(b, isSame, "differs"), kind.isStore, "changes");
  const first = and(b, changes, isClean, "isFirstChange");
  // 100, or on the first change 20,000 from zero and 2,900 else; 2,100 more for a cold slot.
  const { warm: base, set, reset, coldLoad, coldStore } = STORAGE_GAS;
  const dynamic: Product[] = [[set - reset, first, originalIsZero], [coldLoad - base, isCold, kind.isLoad], [coldStore, isCold, kind.isStore]]; // prettier-ignore
  const y = combine(b, dynamic, [[reset - base, first], [base, kind.isPersistent]], 0n, "y"); // prettier-ignore
  moveRefund(b, services, at, { changes, first, isReset, originalIsZero, currentIsZero, valueIsZero });
  return assertBits(b, y, 36, "y");
}

type Comparison = Record<
  "changes" | "first" | "isReset" | "originalIsZero" | "currentIsZero" | "valueIsZero",
  Bool
>;

/** Refunds of EIP-3529, as `refundOf` has them. */
const [CLEAR, RESET_TO_ZERO, RESET] = [refundOf(1n, 1n, 0n), refundOf(0n, 1n, 0n), refundOf(1n, 2n, 1n)];

function moveRefund(b: Builder, { facts, state }: StorageServices, at: Wire, c: Comparison): void {
  const hadValue = not(b, c.originalIsZero, "refund.hadValue");
  const again = and(b, c.changes, not(b, c.first, "refund.notFirst"), "refund.isLater");
  const clears = and(b, and(b, c.changes, hadValue, "refund.ofValue"), c.valueIsZero, "refund.clears");
  const undoes = and(b, and(b, again, hadValue, "refund.laterOfValue"), c.currentIsZero, "refund.undoes");
  const resets = and(b, again, c.isReset, "refund.resets");
  const terms: Term[] = [[CLEAR, clears], [-CLEAR, undoes], [RESET, resets]]; // prettier-ignore
  const refund = combine(b, [[RESET_TO_ZERO - RESET, resets, c.originalIsZero]], terms, 0n, "refund");
  const isMoved = not(b, isZero(b, refund, "refund.isNone"), "refund.isMoved");
  const cell = b.constant(BigInt(globalCell("refund")));
  const before = state.foretell(at, "refund.before", isMoved);
  const after = state.foretellAfter(at, "refund.after", isMoved);
  state.change(at, cell, "transaction", { before, after }, "refund.counter", isMoved);
  const [old, now] = [facts.word(before, "refund.old"), facts.word(after, "refund.now")];
  const lo = sum(b, [[1n, old.lo], [1n, refund]], 0n, "refund.sum"); // prettier-ignore
  b.assertZero([[1n, isMoved, now.lo], [-1n, isMoved, lo]], [], 0n, "refund.isAdded"); // prettier-ignore
  b.assertZero([[1n, isMoved, now.hi]], [[1n, mul(b, isMoved, old.hi, "refund.oldHi")]], 0n, "refund.hiIsZero"); // prettier-ignore
}
