/** Blocks and transactions that are executed otherwise than they are written. */
import { addressToField } from "../../../../../protocol/address.ts";
import type { BlockTrace } from "../../../../../protocol/evm/machine/trace.ts";
import { OPCODE } from "../../../../../protocol/evm/opcodes.ts";
import type { TransactionOps } from "../../../../../protocol/evm/plan/execution/transactionOps.ts";
import type { ChunkPlan } from "../../../../../protocol/evm/plan/planChunk.ts";
import { addressOf } from "../../../../evm/evmChain.ts";
import { type LieKind, patch, type Tell } from "../lieKind.ts";

/** Any of the planner's amounts and places, changed. */
const said = <K extends "bought" | "paidBack" | "tip" | "paidTo" | "nonceAfter" | "transferred" | "isWarmed">(
  name: string,
  method: K,
  lie: (honest: ReturnType<TransactionOps[K]>) => ReturnType<TransactionOps[K]>,
): LieKind => ({
  name,
  plan: ({ transactions }, tell) =>
    patch(transactions, method, (honest) => ((...given: never[]) => {
      const truth = (honest as unknown as (...all: never[]) => ReturnType<TransactionOps[K]>)(...given);
      return tell() ? lie(truth) : truth;
    }) as unknown as TransactionOps[K]),
}); // prettier-ignore

type Transactions = BlockTrace["transactions"];
/** Other transactions are executed than those in the block; the block's bytes stay. */
const executed = (name: string, change: (list: Transactions, at: number) => Transactions): LieKind => ({
  name,
  plan: (plan: ChunkPlan, tell: Tell) => {
    const blocks = plan.blocks.map((block) => {
      const at = block.transactions.findIndex(() => tell());
      return at < 0 ? block : { ...block, transactions: change(block.transactions, at) };
    });
    Object.assign(plan, { blocks });
  },
});

/** The transaction stands in the block twice, and is executed twice. */
const replayed: LieKind = {
  name: "a replayed transaction",
  plan: (plan, tell) => {
    const blocks = plan.blocks.map((trace) => {
      const at = trace.transactions.findIndex(() => tell());
      if (at < 0) return trace;
      const twice = <T>(list: readonly T[]): T[] => list.flatMap((item, i) => (i === at ? [item, item] : [item]));
      const block = { ...trace.block, transactions: twice(trace.block.transactions) };
      const gasUsed = trace.gasUsed + trace.transactions[at]!.gasUsed;
      return { ...trace, block, gasUsed, transactions: twice(trace.transactions) };
    });
    Object.assign(plan, { blocks });
  },
}; // prettier-ignore

const asked = (name: string, opcodes: readonly string[]): LieKind => ({
  name,
  plan: ({ environment, book }, tell) =>
    patch(environment, "idOf", (honest) => (key, around) => {
      const id = honest(key, around);
      const concerns = opcodes.some((op) => OPCODE[op] === key.op);
      return concerns && tell() ? book.literal(book.value(id) + 1n) : id;
    }),
}); // prettier-ignore

const wire = (name: string, of: string, lie: (honest: bigint) => bigint): LieKind => ({ name, wire: { name: of, lie } }); // prettier-ignore
const one = (value: bigint): bigint => value + 1n;

export const TRANSACTION_LIES: readonly LieKind[] = [
  said("an unpaid fee", "bought", () => 0n),
  said("a fee of one wei less", "bought", (wei) => wei - 1n),
  said("more paid back", "paidBack", one),
  said("a wrong tip", "tip", one),
  said("no tip", "tip", () => 0n),
  said("another fee recipient", "paidTo", () => addressToField(addressOf(2))),
  said("a nonce that stays", "nonceAfter", (nonce) => nonce - 1n),
  said("a nonce that leaps", "nonceAfter", one),
  said("another value transferred", "transferred", one),
  said("an account of the transaction that is left cold", "isWarmed", () => false),
  executed("a skipped transaction", (list, at) => list.filter((_, i) => i !== at)),
  executed("transactions in the wrong order", (list, at) => [list[at]!, ...list.filter((_, i) => i !== at)]),
  replayed,
  { name: "an early halt", plan: ({ transactions }, tell) => patch(transactions, "end", (honest) => (trace, recipient, hasNext, settle) => honest(trace, recipient, hasNext !== tell(), settle)) },
  asked("a wrong CALLER", ["CALLER"]),
  asked("a wrong CALLVALUE", ["CALLVALUE"]),
  asked("a wrong TIMESTAMP", ["TIMESTAMP"]),
  asked("a wrong BASEFEE", ["BASEFEE"]),
  asked("a wrong COINBASE, NUMBER, CHAINID or GASPRICE", ["COINBASE", "NUMBER", "CHAINID", "GASPRICE"]),
  asked("a wrong ADDRESS or ORIGIN", ["ADDRESS", "ORIGIN"]),
  asked("a wrong CALLDATASIZE", ["CALLDATASIZE"]),
  { name: "more gas than GAS is left", plan: ({ answers }, tell) => patch(answers, "gas", (honest) => (key, floor) => honest(key, tell() ? floor - 1n : floor)) },
  { name: "a wrong BLOCKHASH", plan: ({ answers }, tell) => patch(answers, "blockHash", (honest) => (key, number, hashOf) => honest(key, number, tell() ? (n) => hashOf(n) + 1n : hashOf)) },
  wire("a block of another time", "block[].timestamp", one),
  wire("a block with another base fee", "block[].baseFee.result", one),
  wire("a block with another fee recipient", "block[].feeRecipient.low", one),
  wire("a block of fewer transactions", "block[].transactions", (count) => count - 1n),
  wire("a block of less gas", "block[].gasUsed", (gas) => gas - 1n),
  wire("a transaction of another block", "transaction[].block", one),
  wire("another sender", "transaction[].sender", one),
  wire("another intrinsic gas", "transaction[].intrinsic", (gas) => gas - 1n),
  wire("a receipt of another outcome", "end[].outcome", (outcome) => outcome ^ 1n),
  wire("a chain of receipts without this one", "end[].receiptsHead", () => 0n),
  wire("a transaction that used less gas", "end[].gasUsed", (gas) => gas - 1n),
  wire("a refund from nowhere", "end[].refund.most", one),
]; // prettier-ignore
