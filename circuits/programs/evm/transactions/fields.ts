/**
 * A raw signed transaction (EIP-2718): legacy with chain id (EIP-155), access list (EIP-2930) or dynamic fee (EIP-1559), calls
 * and creations, with data and access list.
 *
 * Proves: the `length` bytes at `at` are the canonical encoding of such a transaction, except for the items of its access list
 *   (`accessList.ts`), and its fields are `TransactionFields`.
 * Assumes: nothing.
 * Enforces: type byte, list header in its shortest form with the list's exact length, every item in its order and canonical, fees
 *   below 2^128, nonce and gas limit below 2^64, no byte left over.
 * Sound because: each item is decoded at the end of the one before. An item that the type does not have is decoded where the next
 *   one stands and neither counted nor used; what stands there is an integer too, and never a longer one.
 * Cost: 470 gates.
 */
import { add, assertNotZero, mul, mux } from "../../../builder/arithmetic.ts";
import { not, or } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertFits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, U128, U64, Wire, Word } from "../../../builder/wire.ts";
import type { RlpIntegers } from "../../../gadgets/rlpInteger.ts";
import {
  assertHeader,
  LENGTH_BITS,
  lengthAt,
  LIST,
  readPayload,
  rlpHeader,
  type RlpPayload,
} from "../../../gadgets/rlpHeader.ts";
import { readRecipient, readString } from "../../../gadgets/rlpString.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";

export interface TransactionType {
  readonly isAccessList: Bool;
  readonly isDynamicFee: Bool;
  /** Either. */
  readonly isTyped: Bool;
}

export interface TransactionFields extends TransactionType {
  /** Of the transaction itself: 0 for a legacy one, whose chain id is in `v`. */
  readonly chainId: U64;
  readonly nonce: U64;
  /** gasPrice twice, where there is only one. */
  readonly maxPriorityFee: U128;
  readonly maxFee: U128;
  readonly gasLimit: U64;
  readonly isCreation: Bool;
  /** 160 bits; 0 for a creation. */
  readonly to: Wire;
  readonly value: Word;
  /** Positions in the stream. */
  readonly data: RlpPayload;
  /** Of the list's payload; nothing in a legacy transaction. */
  readonly accessList: RlpPayload;
  /** yParity, or the v of a legacy transaction. */
  readonly v: U64;
  readonly r: Word;
  readonly s: Word;
  /** What is signed: the items before v. */
  readonly signed: { readonly start: Wire; readonly end: Wire };
}

export interface RawPlace {
  readonly at: Wire;
  readonly length: Wire;
}

export function decodeFields(
  b: Builder,
  stream: SuffixStream,
  integers: RlpIntegers,
  { at, length }: RawPlace,
): TransactionFields {
  const type = decodeType(b, stream, at);
  const { isTyped, isDynamicFee } = type;
  const end = add(b, at, length, "end");
  const start = decodeEnvelope(b, stream, at, end, isTyped);
  const chainId = integers.u64(b, start, "chainId");
  const nonce = integers.u64(b, mux(b, isTyped, chainId.next, start, "nonce.at"), "nonce");
  const fee = integers.u128(b, nonce.next, "fee");
  const maxFee = integers.u128(b, fee.next, "maxFee");
  const gasLimit = integers.u64(b, mux(b, isDynamicFee, maxFee.next, fee.next, "gasLimit.at"), "gasLimit");
  const to = readRecipient(b, stream, gasLimit.next, "to");
  const value = integers.word(b, to.next, "value");
  const data = readString(b, stream, value.next, "data");
  const accessList = readPayload(b, stream, data.end, LIST, isTyped, "accessList");
  const v = integers.u64(b, accessList.end, "v");
  const r = integers.word(b, v.next, "r");
  const s = integers.word(b, r.next, "s");
  b.assertZero([], [[1n, s.next], [-1n, end]], 0n, "noByteLeft"); // prettier-ignore
  return {
    ...type,
    chainId: promiseBits(b, mul(b, isTyped, chainId.value, "chainId.own"), 64, "chainId.own"),
    nonce: nonce.value,
    maxPriorityFee: fee.value,
    maxFee: mux(b, isDynamicFee, maxFee.value, fee.value, "maxFee.own"),
    gasLimit: gasLimit.value,
    isCreation: not(b, to.isPresent, "isCreation"),
    to: to.value,
    value: value.value,
    data,
    accessList,
    v: v.value,
    r: notZero(b, r.value, "r"),
    s: notZero(b, s.value, "s"),
    signed: { start, end: accessList.end },
  };
}

/** The first byte of a typed transaction is its type; that of a legacy one is its list header, c0 or more. */
function decodeType(b: Builder, stream: SuffixStream, at: Wire): TransactionType {
  const first = stream.fixed(b, at, 1, "first");
  const isAccessList = witnessBool(b, "isAccessList", () => b.value(first) === 1n);
  const isDynamicFee = witnessBool(b, "isDynamicFee", () => b.value(first) === 2n);
  b.assertZero([[1n, isAccessList, isDynamicFee]], [], 0n, "type.one");
  const isTyped = or(b, isAccessList, isDynamicFee, "isTyped");
  b.assertZero([[1n, isTyped, first]], [[-1n, isAccessList], [-2n, isDynamicFee]], 0n, "type"); // prettier-ignore
  return { isAccessList, isDynamicFee, isTyped };
}

/** The list fills the rest of the transaction. Returns where its items start. */
function decodeEnvelope(b: Builder, stream: SuffixStream, at: Wire, end: Wire, isTyped: Bool): Wire {
  return b.scope("list", () => {
    const headAt = add(b, at, isTyped, "at");
    const length = witnessBits(b, LENGTH_BITS, "length", () => lengthAt(b, stream, b.value(headAt), LIST));
    const start = assertHeader(b, stream, headAt, rlpHeader(b, length, LIST, "header"), b.one);
    b.assertZero([], [[1n, start], [1n, length], [-1n, end]], 0n, "fills"); // prettier-ignore
    return start;
  });
}

/** Halves are below 2^128, so a sum of 0 means that both are 0. */
function notZero(b: Builder, word: Word, name: string): Word {
  for (const half of [word.hi, word.lo]) assertFits(b, half, 128, name);
  assertNotZero(b, add(b, word.hi, word.lo, `${name}.sum`), `${name}.notZero`);
  return word;
}
