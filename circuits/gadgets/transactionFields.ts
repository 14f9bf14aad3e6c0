/**
 * A raw signed transaction (EIP-2718): legacy with chain id (EIP-155), access list (EIP-2930) or dynamic fee (EIP-1559), of
 * the form a plain transfer has: a recipient, no data, an empty access list.
 *
 * Proves: the `length` bytes at `at` are the canonical encoding of such a transaction, and its fields are `TransactionFields`.
 * Assumes: nothing.
 * Enforces: type byte, list header in its shortest form with the list's exact length, every item in its order and
 *   canonical, fees below 2^128, nonce and gas limit below 2^64, no byte left over.
 * Sound because: each item is decoded at the end of the one before. An item that the type does not have is decoded where
 *   the next one stands and neither counted nor used; what stands there is an integer too, and never a longer one.
 * Cost: 720 gates.
 */
import { add, mul, mux } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, promiseBits } from "../builder/ranges.ts";
import type { U128, U64, Wire, Word } from "../builder/wire.ts";
import type { ByteStream } from "./byteStream.ts";
import { decodeListHeader, decodeType, SHORT_LIST, type TransactionType } from "./transactionEnvelope.ts";
import { decodeFixedString, decodeScalar, type RlpScalar, skipByteIf } from "./rlpScalar.ts";

export interface TransactionFields extends TransactionType {
  /** Of the transaction itself: 0 for a legacy one, whose chain id is in `v`. */
  readonly chainId: U64;
  readonly nonce: U64;
  /** gasPrice twice, where there is only one. */
  readonly maxPriorityFee: U128;
  readonly maxFee: U128;
  readonly gasLimit: U64;
  /** 160 bits. */
  readonly recipient: Wire;
  readonly value: Word;
  /** yParity, or the v of a legacy transaction; below 2^72. */
  readonly v: Wire;
  readonly r: Word;
  readonly s: Word;
  /** What is signed: the items before v. */
  readonly signed: { readonly start: Wire; readonly end: Wire };
}

const EMPTY_STRING = 0x80;

export function decodeTransaction(
  b: Builder,
  stream: ByteStream,
  at: Wire,
  length: Wire,
  name: string,
): TransactionFields {
  return b.scope(name, () => {
    const type = decodeType(b, stream, at);
    const start = decodeListHeader(b, stream, at, length, type.isTyped);
    const scalar = (from: Wire, bytes: number, part: string): RlpScalar =>
      decodeScalar(b, stream, from, bytes, part);
    const chainId = scalar(start, 8, "chainId");
    const nonce = scalar(mux(b, type.isTyped, chainId.next, start, "nonce.at"), 8, "nonce");
    const fee = scalar(nonce.next, 16, "fee");
    const maxFee = scalar(fee.next, 16, "maxFee");
    const gasLimit = scalar(mux(b, type.isDynamicFee, maxFee.next, fee.next, "gasLimit.at"), 8, "gasLimit");
    const recipient = decodeFixedString(b, stream, gasLimit.next, 20, "recipient");
    const value = scalar(recipient.next, 32, "value");
    const data = skipByteIf(b, stream, value.next, b.one, EMPTY_STRING, "data");
    const signedEnd = skipByteIf(b, stream, data, type.isTyped, Number(SHORT_LIST), "accessList");
    const v = scalar(signedEnd, 9, "v");
    const [r, s] = decodeSignature(b, scalar, v.next);
    const end = add(b, at, length, "end");
    b.assertZero([], [[1n, s.next], [-1n, end]], 0n, "noByteLeft"); // prettier-ignore
    const u64 = (item: RlpScalar, part: string): U64 => assertBits(b, item.value.lo, 64, `${part}.size`);
    return {
      ...type,
      chainId: promiseBits(
        b,
        mul(b, type.isTyped, u64(chainId, "chainId"), "chainId.own"),
        64,
        "chainId.own",
      ),
      nonce: u64(nonce, "nonce"),
      maxPriorityFee: fee.value.lo,
      maxFee: mux(b, type.isDynamicFee, maxFee.value.lo, fee.value.lo, "maxFee"),
      gasLimit: u64(gasLimit, "gasLimit"),
      recipient: recipient.value,
      value: value.value,
      v: assertBits(b, v.value.lo, 72, "v.size"),
      r: r.value,
      s: s.value,
      signed: { start, end: signedEnd },
    };
  });
}

function decodeSignature(
  b: Builder,
  scalar: (from: Wire, bytes: number, part: string) => RlpScalar,
  at: Wire,
): [RlpScalar, RlpScalar] {
  const r = scalar(at, 32, "r");
  const s = scalar(r.next, 32, "s");
  b.assertZero([], [[1n, r.isEmpty]], 0n, "r.notZero");
  b.assertZero([], [[1n, s.isEmpty]], 0n, "s.notZero");
  return [r, s];
}
