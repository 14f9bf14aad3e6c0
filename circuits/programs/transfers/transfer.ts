/** One place for a transfer: what it reads from the stream and from its block, and the rules that need no state. */
import { add, combine, isZero, mul, mux, sum } from "../../builder/arithmetic.ts";
import { assertImplies, not } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { isLess } from "../../builder/compare.ts";
import {
  assertBits,
  assertFits,
  promiseBits,
  witnessBits,
  witnessBool,
  witnessBytes,
} from "../../builder/ranges.ts";
import type { Bool, U128, U64, U8, Wire, Word } from "../../builder/wire.ts";
import { addressOfDigest } from "../../gadgets/account.ts";
import type { Powers256 } from "../../gadgets/byteStream.ts";
import { keccak256 } from "../../gadgets/keccak.ts";
import type { RecoverInputs } from "../../gadgets/recoverSigner.ts";
import type { LegacySuffix } from "../../gadgets/legacySuffix.ts";
import { signingDigest } from "../../gadgets/signingPayload.ts";
import { decodeTransaction, type TransactionFields } from "../../gadgets/transactionFields.ts";
import { LAST_PRECOMPILE, TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import { assertGasLeft, type Blocks } from "./blocks.ts";
import { PADDING_KEY } from "./paddingTransfer.ts";
import type { ChainWires } from "../evm/chainStatement.ts";
import type { TransferStream } from "./transferStream.ts";

export interface TransferHint {
  readonly publicKey: { readonly x: bigint; readonly y: bigint };
  /** Which block of the chunk, from 0. */
  readonly block: number;
}

export interface Transfer {
  readonly active: Bool;
  /** Where the next transfer's bytes begin. */
  readonly next: Wire;
  readonly signature: RecoverInputs;
  /** 160 bits each. */
  readonly sender: Wire;
  readonly recipient: Wire;
  readonly feeRecipient: Wire;
  readonly nonce: U64;
  readonly value: Word;
  readonly gasLimit: U64;
  readonly maxFee: U128;
  /** Wei per gas. */
  readonly baseFee: U64;
  readonly tip: U128;
  /** Of the transfer's block; of some block in an inactive place. */
  readonly blockNumber: Wire;
}

export interface Places {
  readonly chain: ChainWires;
  readonly blocks: Blocks;
  readonly source: TransferStream;
  readonly suffix: LegacySuffix;
  readonly powers: Powers256;
}

/** The transfer of place `i`, whose bytes begin at `position`, after one that was `before`. */
export function readTransfer(
  b: Builder,
  places: Places,
  i: number,
  position: Wire,
  before: Bool,
  hint: () => TransferHint | undefined,
): Transfer {
  const { stream, padding } = places.source;
  const active = witnessBool(b, "active", () => hint() !== undefined);
  assertImplies(b, active, before, "active.prefix");
  const at = mux(b, active, position, padding, "at");
  const length = assertBits(b, stream.slice(b, at, b.constant(4n), "length"), 32, "length");
  const fields = decodeTransaction(b, stream, sum(b, [[1n, at]], 4n, "raw.at"), length, "raw"); // prettier-ignore
  const size = combine(b, [[1n, active, length]], [[4n, active]], 0n, "size");
  const block = readBlock(b, places, i, active, hint);
  assertGasRules(b, places, fields, block, active);
  const parity = assertChain(b, places.chain, fields, active);
  const digest = signingDigest(b, stream, fields, places.suffix, places.powers, "signing");
  const publicKey = witnessKey(b, () => hint()?.publicKey ?? PADDING_KEY);
  const sender = addressOfDigest(
    b,
    keccak256(b, [...publicKey.x, ...publicKey.y], "sender.keccak"),
    "sender",
  );
  assertNoPrecompile(b, fields.recipient);
  return {
    ...fields,
    active,
    next: add(b, position, size, "next"),
    signature: { publicKey, digest, r: fields.r, s: fields.s, parity },
    sender,
    feeRecipient: block.feeRecipient,
    baseFee: block.baseFee,
    blockNumber: block.number,
    tip: priorityFee(b, fields, block.baseFee),
  };
}

interface OwnBlock {
  /** 0 in an inactive place. */
  readonly baseFee: U64;
  readonly feeRecipient: Wire;
  readonly number: Wire;
  /** Transfers of the block before this one. */
  readonly earlier: Wire;
}

/** The block whose transfers include number `i`: first <= i < following. */
function readBlock(
  b: Builder,
  { chain, blocks }: Places,
  i: number,
  active: Bool,
  hint: () => TransferHint | undefined,
): OwnBlock {
  const bits = blocks.active.length.toString(2).length;
  const index = witnessBits(b, bits, "block", () => BigInt(hint()?.block ?? 0));
  const first = blocks.firstTransfer.read(b, index, "block.first");
  const following = blocks.firstTransfer.read(b, sum(b, [[1n, index]], 1n, "block.next"), "block.following");
  const earlier = combine(b, [[-1n, active, first]], [[BigInt(i), active]], 0n, "block.earlier");
  const later = combine(b, [[1n, active, following]], [[-BigInt(i + 1), active]], 0n, "block.later");
  assertBits(b, later, 16, "block.endsAfter");
  const baseFee = mul(b, active, blocks.baseFees.read(b, index, "block.baseFee"), "baseFee");
  return {
    baseFee: promiseBits(b, baseFee, 64, "baseFee"),
    feeRecipient: blocks.feeRecipients.read(b, index, "block.feeRecipient"),
    // A block with transfers is active, and active blocks come first: block `index` is that many after the first new one.
    number: sum(b, [[1n, chain.previous.blockNumber], [1n, index]], 1n, "block.number"), // prettier-ignore
    earlier: assertBits(b, earlier, 16, "block.startsBefore"),
  };
}

function assertGasRules(
  b: Builder,
  { chain }: Places,
  fields: TransactionFields,
  block: OwnBlock,
  active: Bool,
): void {
  const { gasLimit } = fields;
  assertFits(b, gasLimit, 64, "gasLimit");
  assertBits(b, sum(b, [[1n, gasLimit]], -TRANSFER_GAS, "gasLimit.spare"), 64, "gasLimit.coversTransfer");
  assertGasLeft(b, active, chain.gasLimit, gasLimit, block.earlier, "gasLimit.fitsBlock");
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

function witnessKey(b: Builder, key: () => { x: bigint; y: bigint }): { x: U8[]; y: U8[] } {
  const coordinate = (name: "x" | "y"): U8[] =>
    witnessBytes(b, `publicKey.${name}`, 32, () =>
      Uint8Array.from({ length: 32 }, (_, i) => Number((key()[name] >> BigInt(8 * (31 - i))) & 0xffn)),
    );
  return { x: coordinate("x"), y: coordinate("y") };
}

/** Not 1 to 10: a recipient above 0 is above them. */
function assertNoPrecompile(b: Builder, recipient: Wire): void {
  const isNull = isZero(b, recipient, "recipient.isZero");
  const least = LAST_PRECOMPILE + 1n;
  assertBits(b, sum(b, [[1n, recipient], [least, isNull]], -least, "recipient.above"), 160, "recipient.noPrecompile"); // prettier-ignore
}

/** min(maxPriorityFee, maxFee - baseFee); both rules of EIP-1559 on the fees. */
function priorityFee(b: Builder, { maxFee, maxPriorityFee }: TransactionFields, baseFee: U64): U128 {
  for (const fee of [maxFee, maxPriorityFee, baseFee]) assertFits(b, fee, 128, "fee");
  const room = assertBits(b, sum(b, [[1n, maxFee], [-1n, baseFee]], 0n, "fee.room"), 128, "fee.coversBase"); // prettier-ignore
  assertBits(b, sum(b, [[1n, maxFee], [-1n, maxPriorityFee]], 0n, "fee.spare"), 128, "fee.priorityWithinMax"); // prettier-ignore
  const isCapped = isLess(b, room, maxPriorityFee, 128, "fee.isCapped");
  return mux(b, isCapped, room, maxPriorityFee, "tip");
}
