/** The blocks of a chunk: their heads, and the rules that tie each to its parent. Gas used is claimed here and tied by `blockGas.ts`. */
import { add, mux, sum } from "../../../builder/arithmetic.ts";
import { assertImplies, not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import {
  assertBits,
  assertFits,
  witnessBits,
  witnessBool,
  witnessU16,
  witnessU64,
} from "../../../builder/ranges.ts";
import type { Bool, U16, U64, Wire } from "../../../builder/wire.ts";
import { gasTarget, nextBaseFeeOf } from "../../../gadgets/baseFee.ts";
import type { ChainWires, TipWires } from "../chainStatement.ts";

/** What the prover gives of a block; the rest follows. */
export interface BlockHint {
  readonly timestamp: bigint;
  /** 160 bits. */
  readonly feeRecipient: bigint;
  readonly transactions: bigint;
  readonly gasUsed: bigint;
}

export interface BlockWires {
  readonly active: Bool;
  /** That of the last active block, if inactive; so is the timestamp. */
  readonly number: U64;
  /** Seconds. */
  readonly timestamp: U64;
  /** 160 bits. */
  readonly feeRecipient: Wire;
  readonly baseFee: U64;
  /** 0 in an inactive block. */
  readonly transactions: U16;
  /** Claimed: `assertGasUsed` ties it to the transactions. */
  readonly gasUsed: U64;
  /** The first 56 bytes as integers of 31 and 25 bytes. */
  readonly head: readonly [Wire, Wire];
}

/** The chain's registers after a block; an inactive block leaves them. */
interface Registers {
  readonly number: Wire;
  readonly timestamp: U64;
  readonly baseFee: U64;
  readonly gasUsed: U64;
  /** Transactions in the blocks so far. */
  readonly transactions: Wire;
  readonly active: Bool;
}

export interface Blocks {
  readonly list: readonly BlockWires[];
  /** Entry i: transactions in the blocks before block i; one more than blocks. The last is that of all. */
  readonly firstTransactions: readonly Wire[];
  readonly count: Wire;
  readonly last: Omit<TipWires, "stateRoot" | "dataHash">;
}

/**
 * Proves: active blocks come first, one at least; an active block's number is its parent's plus 1, its timestamp later, its base
 *   fee EIP-1559's step from the parent's base fee and gas used; an inactive one has no transactions and changes nothing.
 * Assumes: `chain` comes from `witnessChain`; `assertGasUsed` is called.
 * Cost: 75 gates a block.
 */
export function chainBlocks(
  b: Builder,
  chain: ChainWires,
  blocks: number,
  hint: (i: number) => BlockHint | undefined,
): Blocks {
  const target = gasTarget(b, chain.gasLimit, "gasTarget");
  const { previous } = chain;
  let now: Registers = { ...previous, number: previous.blockNumber, transactions: b.zero, active: b.one };
  const list: BlockWires[] = [];
  const firstTransactions: Wire[] = [b.zero];
  for (let i = 0; i < blocks; i++) {
    const { block, after } = b.scope(`block[${i}]`, () => nextBlock(b, chain, target, now, () => hint(i)));
    list.push(block);
    firstTransactions.push(after.transactions);
    now = after;
  }
  const active = list.map((block): Term => [1n, block.active]);
  b.assertZero([], active.slice(0, 1), -1n, "blocks.atLeastOne");
  return {
    list,
    firstTransactions,
    count: sum(b, active, 0n, "blocks.count"),
    last: {
      blockNumber: assertBits(b, now.number, 64, "blocks.lastNumber"),
      timestamp: now.timestamp,
      baseFee: now.baseFee,
      gasUsed: now.gasUsed,
    },
  };
}

function nextBlock(
  b: Builder,
  chain: ChainWires,
  target: U64,
  before: Registers,
  hint: () => BlockHint | undefined,
): { block: BlockWires; after: Registers } {
  const active = witnessBool(b, "active", () => hint() !== undefined);
  assertImplies(b, active, before.active, "active.prefix");
  const number = assertBits(b, add(b, before.number, active, "number"), 64, "number");
  const timestamp = nextTimestamp(b, before.timestamp, active, () => hint()?.timestamp);
  const baseFee = nextBaseFeeOf(b, { baseFee: before.baseFee, gasUsed: before.gasUsed, target }, "baseFee");
  const transactions = witnessU16(b, "transactions", () => hint()?.transactions ?? 0n);
  const idle = not(b, active, "idle");
  b.assertZero([[1n, idle, transactions]], [], 0n, "idle.noTransactions");
  const gasUsed = witnessU64(b, "gasUsed", () => hint()?.gasUsed ?? 0n);
  const recipient = witnessRecipient(b, () => hint()?.feeRecipient ?? 0n);
  const { gasLimit } = chain;
  const head = blockHead(b, { number, timestamp, recipient, gasLimit, baseFee, transactions });
  return {
    block: {
      active,
      number,
      timestamp,
      feeRecipient: recipient.address,
      baseFee,
      transactions,
      gasUsed,
      head,
    },
    after: {
      number,
      timestamp,
      baseFee: mux(b, active, baseFee, before.baseFee, "after.baseFee"),
      gasUsed: mux(b, active, gasUsed, before.gasUsed, "after.gasUsed"),
      transactions: add(b, before.transactions, transactions, "after.transactions"),
      active,
    },
  };
}

/** Later than the block before if active, else the same. */
function nextTimestamp(b: Builder, before: U64, active: Bool, value: () => bigint | undefined): U64 {
  assertFits(b, before, 64, "timestamp.before");
  const timestamp = witnessU64(b, "timestamp", () => value() ?? b.value(before));
  const step = sum(b, [[1n, timestamp], [-1n, before]], 0n, "timestamp.step"); // prettier-ignore
  assertBits(b, sum(b, [[1n, step], [-1n, active]], 0n, "timestamp.later"), 64, "timestamp.later"); // prettier-ignore
  b.assertZero([[1n, active, step]], [[-1n, step]], 0n, "timestamp.idle");
  return timestamp;
}

type Recipient = { readonly high: Wire; readonly low: Wire; readonly address: Wire };

/** 15 and 5 bytes, as the groups of the block's hash cut it. */
function witnessRecipient(b: Builder, value: () => bigint): Recipient {
  const high = witnessBits(b, 120, "feeRecipient.high", () => value() >> 40n);
  const low = witnessBits(b, 40, "feeRecipient.low", () => value() & ((1n << 40n) - 1n));
  const address = sum(b, [[1n << 40n, high], [1n, low]], 0n, "feeRecipient"); // prettier-ignore
  return { high, low, address };
}

type HeadParts = {
  number: U64;
  timestamp: U64;
  recipient: Recipient;
  gasLimit: U64;
  baseFee: U64;
  transactions: U16;
};

/** number 8, timestamp 8, recipient 15 | recipient 5, gasLimit 8, baseFee 8, count 4 (protocol/block.ts). */
function blockHead(b: Builder, parts: HeadParts): readonly [Wire, Wire] {
  const { number, timestamp, recipient, gasLimit, baseFee, transactions } = parts;
  const first: Term[] = [[1n << 184n, number], [1n << 120n, timestamp], [1n, recipient.high]]; // prettier-ignore
  const second: Term[] = [[1n << 160n, recipient.low], [1n << 96n, gasLimit], [1n << 32n, baseFee], [1n, transactions]]; // prettier-ignore
  return [sum(b, first, 0n, "head[0]"), sum(b, second, 0n, "head[1]")];
}
