/**
 * What stands before a transaction's items (EIP-2718): its type byte, if any, and the header of its list.
 *
 * Proves: `isTyped` and its two kinds are what the first byte says; the list begins after it and ends with the transaction.
 * Assumes: nothing.
 * Enforces: type 1 or 2, or none; a list header in its shortest form, its length what is left of the transaction.
 * Parameters: none; lists of up to 255 bytes.
 * Sound because: without a type the first byte is the list header, which is c0 or more; n < 256 by its range, and `isLong` has
 *   one value by the sign of n - 56.
 * Cost: 60 gates.
 */
import { add, combine, sum } from "../builder/arithmetic.ts";
import { not, or } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, witnessBool } from "../builder/ranges.ts";
import type { Bool, U8, Wire } from "../builder/wire.ts";
import type { ByteStream } from "./byteStream.ts";

export const SHORT_LIST = 0xc0n;
const LONG_LIST = 0xf8n;

export interface TransactionType {
  readonly isAccessList: Bool;
  readonly isDynamicFee: Bool;
  readonly isTyped: Bool;
}

/** The first byte of a typed transaction is its type; that of a legacy one is its list header. */
export function decodeType(b: Builder, stream: ByteStream, at: Wire): TransactionType {
  const first: U8 = stream.byte(b, at, "first");
  const isAccessList = witnessBool(b, "isAccessList", () => b.value(first) === 1n);
  const isDynamicFee = witnessBool(b, "isDynamicFee", () => b.value(first) === 2n);
  b.assertZero([[1n, isAccessList, isDynamicFee]], [], 0n, "type.one");
  const isTyped = or(b, isAccessList, isDynamicFee, "isTyped");
  b.assertZero([[1n, isTyped, first]], [[-1n, isAccessList], [-2n, isDynamicFee]], 0n, "type"); // prettier-ignore
  return { isAccessList, isDynamicFee, isTyped };
}

/** The list fills the rest of the transaction: c0 + n for n <= 55, else f8, n. Returns where its items start. */
export function decodeListHeader(
  b: Builder,
  stream: ByteStream,
  at: Wire,
  length: Wire,
  isTyped: Bool,
): Wire {
  const headAt = add(b, at, isTyped, "list.at");
  const head = stream.byte(b, headAt, "list.head");
  const isLong = witnessBool(b, "list.isLong", () => b.value(head) === LONG_LIST);
  const n = sum(b, [[1n, length], [-1n, isTyped], [-1n, isLong]], -1n, "list.length"); // prettier-ignore
  const size = assertBits(b, n, 8, "list.length");
  const short = not(b, isLong, "list.isShort");
  b.assertZero([[1n, short, size]], [[LONG_LIST - SHORT_LIST, isLong], [-1n, head]], SHORT_LIST, "list.head.is"); // prettier-ignore
  const second = stream.byte(b, sum(b, [[1n, headAt]], 1n, "list.secondAt"), "list.second");
  b.assertZero([[1n, isLong, second], [-1n, isLong, size]], [], 0n, "list.second.isLength"); // prettier-ignore
  // Long only above 55: n - 56 >= 0 if long, 55 - n >= 0 if not.
  const room = combine(
    b,
    [[2n, isLong, size]],
    [
      [-111n, isLong],
      [-1n, size],
    ],
    55n,
    "list.shortest",
  );
  assertBits(b, room, 8, "list.shortest");
  return sum(b, [[1n, headAt], [1n, isLong]], 1n, "list.start"); // prettier-ignore
}
