/** The blocks of a chunk: their heads, the rules that tie each to its parent, and the chain of their hashes. */
import { add, mux, sum } from "../../builder/arithmetic.ts";
import { assertImplies, not } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import {
  assertBits,
  assertFits,
  witnessBits,
  witnessBool,
  witnessU64,
  witnessU8,
} from "../../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../../builder/rom.ts";
import type { Bool, U64, U8, Wire } from "../../builder/wire.ts";
import { gasTarget, nextBaseFeeOf } from "../../gadgets/baseFee.ts";
import { hashFields } from "../../gadgets/sponge.ts";
import { Domain } from "../../../protocol/domains.ts";
import { TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import type { ChainWires, TipWires } from "../evm/chainStatement.ts";

/** What the prover gives of a block; the rest follows. */
export interface BlockHint {
  readonly timestamp: bigint;
  /** 160 bits. */
  readonly feeRecipient: bigint;
  readonly transfers: bigint;
}

/** The chain's registers after a block; an inactive block leaves them. */
interface Registers {
  readonly number: Wire;
  readonly timestamp: U64;
  readonly baseFee: U64;
  readonly gasUsed: U64;
  /** Transfers in the blocks so far. */
  readonly transfers: Wire;
  readonly active: Bool;
}

export interface Blocks {
  /** Entry b: transfers in the blocks before block b; one more than blocks. */
  readonly firstTransfer: Rom<Wire>;
  readonly firstTransfers: readonly Wire[];
  readonly baseFees: Rom<U64>;
  readonly feeRecipients: Rom<Wire>;
  /** The first 56 bytes as integers of 31 and 25 bytes. */
  readonly heads: readonly (readonly [Wire, Wire])[];
  readonly active: readonly Bool[];
  readonly count: Wire;
  /** Transfers of all blocks, at most 255 a block. */
  readonly transfers: Wire;
  readonly last: Omit<TipWires, "stateRoot" | "dataHash">;
}

export function chainBlocks(
  b: Builder,
  chain: ChainWires,
  blocks: number,
  hint: (i: number) => BlockHint | undefined,
): Blocks {
  const target = gasTarget(b, chain.gasLimit, "gasTarget");
  const { previous } = chain;
  let now: Registers = {
    number: previous.blockNumber,
    timestamp: previous.timestamp,
    baseFee: previous.baseFee,
    gasUsed: previous.gasUsed,
    transfers: b.zero,
    active: b.one,
  };
  const made: Block[] = [];
  for (let i = 0; i < blocks; i++) {
    const block = b.scope(`block[${i}]`, () => nextBlock(b, chain, target, now, () => hint(i)));
    made.push(block);
    now = block.after;
  }
  const [first] = made;
  if (first) b.assertZero([], [[1n, first.after.active]], -1n, "blocks.atLeastOne");
  const firstTransfers = [b.zero, ...made.map(({ after }) => after.transfers)];
  const active = made.map(({ after }) => after.active);
  return {
    firstTransfers,
    firstTransfer: fieldRom(b, firstTransfers, "firstTransfer"),
    baseFees: rom(b, made.map(({ baseFee }) => baseFee), "baseFees"), // prettier-ignore
    feeRecipients: rom(b, made.map(({ feeRecipient }) => feeRecipient), "feeRecipients"), // prettier-ignore
    heads: made.map(({ head }) => head),
    active,
    count: sum(b, active.map((bit): Term => [1n, bit]), 0n, "blocks.count"), // prettier-ignore
    transfers: now.transfers,
    last: {
      blockNumber: assertBits(b, now.number, 64, "blocks.lastNumber"),
      timestamp: now.timestamp,
      baseFee: now.baseFee,
      gasUsed: now.gasUsed,
    },
  };
}

interface Block {
  readonly after: Registers;
  readonly baseFee: U64;
  readonly feeRecipient: Wire;
  readonly head: readonly [Wire, Wire];
}

function nextBlock(
  b: Builder,
  chain: ChainWires,
  target: U64,
  before: Registers,
  hint: () => BlockHint | undefined,
): Block {
  const active = witnessBool(b, "active", () => hint() !== undefined);
  assertImplies(b, active, before.active, "active.prefix");
  const number = add(b, before.number, active, "number");
  const timestamp = nextTimestamp(b, before.timestamp, active, () => hint()?.timestamp);
  const baseFee = nextBaseFeeOf(b, { baseFee: before.baseFee, gasUsed: before.gasUsed, target }, "baseFee");
  const count = witnessU8(b, "transfers", () => hint()?.transfers ?? 0n);
  const idle = not(b, active, "idle");
  b.assertZero([[1n, idle, count]], [], 0n, "idle.noTransfers");
  const gasUsed = assertBits(b, sum(b, [[TRANSFER_GAS, count]], 0n, "gasUsed"), 64, "gasUsed");
  const recipient = witnessRecipient(b, () => hint()?.feeRecipient ?? 0n);
  const after: Registers = {
    number,
    timestamp,
    baseFee: mux(b, active, baseFee, before.baseFee, "after.baseFee"),
    gasUsed: mux(b, active, gasUsed, before.gasUsed, "after.gasUsed"),
    transfers: add(b, before.transfers, count, "after.transfers"),
    active,
  };
  const head = blockHead(b, { number, timestamp, recipient, gasLimit: chain.gasLimit, baseFee, count });
  return { after, baseFee, feeRecipient: recipient.address, head };
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
  number: Wire;
  timestamp: U64;
  recipient: Recipient;
  gasLimit: U64;
  baseFee: U64;
  count: U8;
};

/** number 8, timestamp 8, recipient 15 | recipient 5, gasLimit 8, baseFee 8, count 4 (protocol/block.ts). */
function blockHead(b: Builder, parts: HeadParts): readonly [Wire, Wire] {
  const { number, timestamp, recipient, gasLimit, baseFee, count } = parts;
  const first: Term[] = [[1n << 184n, number], [1n << 120n, timestamp], [1n, recipient.high]]; // prettier-ignore
  const second: Term[] = [[1n << 160n, recipient.low], [1n << 96n, gasLimit], [1n << 32n, baseFee], [1n, count]]; // prettier-ignore
  return [sum(b, first, 0n, "head[0]"), sum(b, second, 0n, "head[1]")];
}

/** The hash of the last active block. `digests[i]`: hashBytes of block i. */
export function chainHashes(
  b: Builder,
  dataHash: Wire,
  active: readonly Bool[],
  digests: readonly Wire[],
): Wire {
  return b.scope("blockHashes", () => {
    let parent = dataHash;
    active.forEach((bit, i) => {
      const hash = hashFields(b, Domain.BLOCK, [parent, digests[i]!], `hash[${i}]`);
      parent = mux(b, bit, hash, parent, `tip[${i}]`);
    });
    return parent;
  });
}

/** Keeps a block's gas within the limit: `gasLimit` fits what the earlier transfers of its block left. */
export function assertGasLeft(
  b: Builder,
  active: Bool,
  blockLimit: U64,
  gasLimit: U64,
  earlier: Wire,
  name: string,
): void {
  for (const integer of [blockLimit, gasLimit, earlier]) assertFits(b, integer, 64, name);
  assertFits(b, active, 1, name);
  const left = sum(b, [[1n, blockLimit], [-1n, gasLimit], [-TRANSFER_GAS, earlier]], 0n, `${name}.left`); // prettier-ignore
  const counted = b.witness(name, () => b.value(active) * b.value(left));
  b.assertZero([[1n, active, left]], [[-1n, counted]], 0n, `${name}.counted`);
  assertBits(b, counted, 64, name);
}
