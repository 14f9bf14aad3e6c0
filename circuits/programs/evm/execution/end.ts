/**
 * END: a transaction is settled after its own frame has ended.
 *
 * Proves: at the row of the entry's key, `gasUsed` is what EIP-3529 makes of the gas that is left, the sender is paid back, the fee
 *   recipient gets the tip (EIP-1559: the base fee is nobody's), and `receiptsHead` has the receipt; the next row begins place
 *   i + 1, or is HALT.
 * Assumes: `success` is that of the own frame, which is over at this row.
 * Enforces: E-1 END of place i comes after its BEGIN and before that of place i + 1; E-2 gas left = gas - floor >= 0; E-3 refund =
 *   min(counter, floor(gas used / 5)); E-4 both balances; E-5 the receipt; E-6 where the code goes on.
 * Sound because: END rows are as many as active places, and E-1 orders them as the places. The remainder of the division is 0 to
 *   4, so the quotient is one. Amounts are products below 2^253 over the integers.
 * Cost: 330 gates.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, promiseBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import { nextReceiptsHeadOf } from "../../../gadgets/receipts.ts";
import { addWords, productWord } from "../../../gadgets/word.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { MAX_REFUND_QUOTIENT } from "../../../../protocol/evm/machine/gas.ts";
import { END_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import type { TransactionEntry } from "../../../../protocol/evm/plan/execution/transactionOps.ts";
import { SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { globalCell } from "../../../../protocol/evm/stateCells.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import { changeBalance } from "../frames/transfer.ts";
import { timeOf } from "../state/stateBus.ts";
import type { TransactionPlace } from "../transactions/transactions.ts";
import { type Begun, witnessRow } from "./begin.ts";
import type { ExecutionServices, LogHeads } from "./services.ts";
import type { PlaceBlock } from "./transactionTables.ts";

export interface Ended {
  /** The END row. */
  readonly t: Wire;
  /** 0 in an inactive place. */
  readonly gasUsed: U64;
  readonly receiptsHead: Wire;
}

export interface EndServices extends ExecutionServices {
  readonly logHeads: LogHeads;
}

type Source = {
  readonly i: number;
  readonly place: TransactionPlace;
  readonly block: PlaceBlock;
  readonly begun: Begun;
  /** The place after it is active too. */
  readonly hasNext: Bool;
  /** Of its own frame. */
  readonly success: Bool;
  readonly receiptsHead: Wire;
  readonly entry: () => TransactionEntry | undefined;
};

export function endTransaction(b: Builder, services: EndServices, source: Source): Ended {
  const { facts, state } = services;
  const { i, place, begun, hasNext, entry } = source;
  const { active } = place;
  const { t, gas } = witnessRow(b, () => entry()?.end);
  const later = combine(b, [[1n, active, t], [-1n, active, begun.t]], [[-1n, active]], 0n, "afterBegin"); // prettier-ignore
  assertBits(b, later, FACT_FIELDS.t.bits, "afterBegin"); // E-1
  const { gasUsed, left, refund } = settleGas(b, services, source, { t, gas });
  const at = (sub: keyof typeof END_SUB): Wire => timeOf(b, t, END_SUB[sub], `${sub}.time`);
  const unused = sum(b, [[1n, left], [1n, refund]], 0n, "unused"); // prettier-ignore
  const paidBack = productWord(b, unused, place.gasPrice, "paidBack");
  const ledger = { facts, state };
  changeBalance(b, ledger, { time: at("payBack"), account: begun.sender, happens: active }, (old) => addWords(b, old, paidBack, "paidBack.sum"), "payBack"); // prettier-ignore
  const tip = productWord(b, gasUsed, place.tip, "tipPaid");
  changeBalance(b, ledger, { time: at("tip"), account: begun.feeRecipient, happens: active }, (old) => addWords(b, old, tip, "tip.sum"), "tip"); // prettier-ignore
  const receiptsHead = receipt(b, services, source, { gasUsed, time: at("logs") });
  const z = sum(b, [[BigInt(SystemCode.BEGIN - SystemCode.HALT), hasNext]], BigInt(SystemCode.HALT), "z"); // prettier-ignore
  const key = { op: BigInt(Tag.END), t, sp: BigInt(SYSTEM_STACK_BASE), pc: BigInt(SystemCode.END), gas, z: assertBits(b, z, 2, "z") }; // prettier-ignore
  facts.defineTimedKey("transactions", i, active, key, "end", 1); // E-6
  return { t, gasUsed, receiptsHead };
}

/** E-2, E-3. */
function settleGas(
  b: Builder,
  { facts, state }: EndServices,
  { place: { active }, begun }: Source,
  { t, gas }: { t: Wire; gas: Wire },
): { gasUsed: U64; left: Wire; refund: Wire } {
  const rest = combine(b, [[1n, active, gas], [-1n, active, begun.floor]], [], 0n, "left"); // prettier-ignore
  const left = assertBits(b, rest, FACT_FIELDS.gas.bits, "left");
  const used = assertBits(b, sum(b, [[1n, begun.gasLimit], [-1n, left]], 0n, "used"), 64, "used"); // prettier-ignore
  const time = timeOf(b, t, END_SUB.refund, "refund.time");
  const cell = b.constant(BigInt(globalCell("refund")));
  const counter = facts.word(state.get(time, cell, "transaction", "refund.counter", active), "refund.word");
  b.assertZero([], [[1n, mul(b, active, counter.hi, "refund.hi")]], 0n, "refund.hi.isZero"); // prettier-ignore
  const own = promiseBits(b, mul(b, active, counter.lo, "refund.own"), 128, "refund.own");
  const most = witnessBits(b, 64, "refund.most", () => b.value(used) / MAX_REFUND_QUOTIENT);
  const remainder = sum(b, [[1n, used], [-MAX_REFUND_QUOTIENT, most]], 0n, "refund.remainder"); // prettier-ignore
  assertBits(b, remainder, 3, "refund.remainder");
  assertBits(b, sum(b, [[-1n, remainder]], MAX_REFUND_QUOTIENT - 1n, "refund.isFloor"), 3, "refund.isFloor"); // prettier-ignore
  const isLow = isLess(b, own, promiseBits(b, most, 128, "refund.most"), 128, "refund.isCounter");
  const refund = assertBits(b, mux<Wire>(b, isLow, own, most, "refund"), 64, "refund.small");
  const gasUsed = assertBits(b, sum(b, [[1n, used], [-1n, refund]], 0n, "gasUsed"), 64, "gasUsed"); // prettier-ignore
  return { gasUsed, left, refund };
}

/** E-5. */
function receipt(
  b: Builder,
  { state, logHeads }: EndServices,
  { place: { active }, block, receiptsHead, success }: Source,
  { gasUsed, time }: { gasUsed: U64; time: Wire },
): Wire {
  const outcome = sum(b, [[1n, success], [2n, gasUsed]], 0n, "outcome"); // prettier-ignore
  const last = state.get(time, b.constant(BigInt(globalCell("logs"))), "transaction", "logs", active);
  const logsHead = logHeads(last, "logs.head");
  const made = nextReceiptsHeadOf(
    b,
    receiptsHead,
    { blockNumber: block.number, outcome, logsHead },
    "receipt",
  );
  return mux(b, active, made, receiptsHead, "receiptsHead");
}
