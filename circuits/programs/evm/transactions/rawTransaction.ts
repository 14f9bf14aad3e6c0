/** One place for a transaction: what it reads from the stream and from its block, and the rules that need no list. */
import { add, combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { assertImplies, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, assertFits, promiseBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, U128, U64, Wire } from "../../../builder/wire.ts";
import type { RlpIntegers } from "../../../gadgets/rlpInteger.ts";
import { MAX_TRANSACTION_BYTES } from "../../../../protocol/constants.ts";
import type { ChainWires } from "../chainStatement.ts";
import { decodeFields, type TransactionFields } from "./fields.ts";
import { type BlockTables, type OwnBlock, readOwnBlock } from "./ownBlock.ts";
import { LENGTH_BYTES } from "../../../../protocol/evm/transactionsUse.ts";
import type { TransactionStream } from "./transactionStream.ts";

export interface TransactionHint {
  readonly publicKey: { readonly x: bigint; readonly y: bigint };
  /** Which block of the chunk, from 0. */
  readonly block: number;
}

/** What all places read. */
export interface Source {
  readonly chain: ChainWires;
  readonly blocks: BlockTables;
  readonly bytes: TransactionStream;
  readonly integers: RlpIntegers;
}

export interface RawTransaction extends TransactionFields {
  readonly active: Bool;
  readonly block: OwnBlock;
  /** Where the next transaction's bytes begin. */
  readonly next: Wire;
  readonly parity: Bool;
  /** Wei per gas that the fee recipient gets, and that the sender pays. */
  readonly tip: U128;
  readonly gasPrice: Wire;
}

/** A nonce that can still be counted up (EIP-2681). */
const MAX_NONCE = (1n << 64n) - 2n;

/** The transaction of place `i`, whose bytes begin at `position`, after one that was `before`. */
export function readRawTransaction(
  b: Builder,
  source: Source,
  i: number,
  { position, before }: { position: Wire; before: Bool },
  hint: () => TransactionHint | undefined,
): RawTransaction {
  const { stream, padding } = source.bytes;
  const active = witnessBool(b, "active", () => hint() !== undefined);
  assertImplies(b, active, before, "active.prefix");
  const at = mux(b, active, position, padding.transaction, "at");
  const length = assertBits(b, stream.fixed(b, at, LENGTH_BYTES, "length"), 24, "length");
  const room = sum(b, [[-1n, length]], BigInt(MAX_TRANSACTION_BYTES), "length.room");
  assertBits(b, room, 24, "length.room");
  const raw = { at: sum(b, [[1n, at]], BigInt(LENGTH_BYTES), "raw.at"), length };
  const fields = b.scope("raw", () => decodeFields(b, stream, source.integers, raw));
  const size = combine(b, [[1n, active, length]], [[BigInt(LENGTH_BYTES), active]], 0n, "size");
  const block = readOwnBlock(b, source.blocks, i, active, () => hint()?.block ?? 0);
  assertBits(b, sum(b, [[-1n, fields.nonce]], MAX_NONCE, "nonce.spare"), 64, "nonce.canCount");
  const tip = priorityFee(b, fields, block.baseFee);
  return {
    ...fields,
    active,
    block,
    next: add(b, position, size, "next"),
    parity: assertChain(b, source.chain, fields, active),
    tip,
    gasPrice: add(b, block.baseFee, tip, "gasPrice"),
  };
}

/** The chain id, which is in `v` of a legacy transaction, and the parity of the signature's point. */
function assertChain(b: Builder, chain: ChainWires, fields: TransactionFields, active: Bool): Bool {
  const { isTyped, v } = fields;
  const wanted = mul(b, isTyped, chain.chainId, "chainId.wanted");
  b.assertZero([[1n, active, fields.chainId], [-1n, active, wanted]], [], 0n, "chainId.isOurs"); // prettier-ignore
  const isLegacy = not(b, isTyped, "isLegacy");
  const base = combine(b, [[2n, isLegacy, chain.chainId]], [[35n, isLegacy]], 0n, "v.base");
  const parity = witnessBool(b, "parity", () => (b.value(v) - b.value(base)) & 1n);
  b.assertZero([], [[1n, v], [-1n, base], [-1n, parity]], 0n, "v.isParity"); // prettier-ignore
  return parity;
}

/** min(maxPriorityFee, maxFee - baseFee); both rules of EIP-1559 on the fees. */
function priorityFee(b: Builder, { maxFee, maxPriorityFee }: TransactionFields, baseFee: U64): U128 {
  for (const fee of [maxFee, maxPriorityFee, baseFee]) assertFits(b, fee, 128, "fee");
  const room = assertBits(b, sum(b, [[1n, maxFee], [-1n, baseFee]], 0n, "fee.room"), 128, "fee.coversBase"); // prettier-ignore
  assertBits(b, sum(b, [[1n, maxFee], [-1n, maxPriorityFee]], 0n, "fee.spare"), 128, "fee.priorityWithinMax"); // prettier-ignore
  const isCapped = isLess(b, room, maxPriorityFee, 128, "fee.isCapped");
  return promiseBits(b, mux(b, isCapped, room, maxPriorityFee, "tip"), 128, "tip");
}
