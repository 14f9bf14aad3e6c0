/**
 * One RLP item that is an integer (yellow paper, appendix B), read at a position of a stream.
 *
 * Proves: the item at `at` is the canonical encoding of an integer of at most `maxBytes` bytes: no leading zero, no long
 *   form, a single byte below 128 stands for itself, zero is the empty string. `value` is that integer, `next` what follows.
 * Assumes: nothing. Parameters: maxBytes in 1..32.
 * Enforces: head = value or 128 + length; length <= maxBytes; first byte not 0; a lone byte in a string at least 128.
 * Sound because: `single` is forced by the 7-bit range of what is left of the head, so length and start follow from the
 *   head; the two halves of the value are at most 16 bytes each and their lengths add up to `length`.
 * Cost: 70 gates (85 with two halves).
 */
import { add, combine, isConstant, isZero, mul, sum } from "../builder/arithmetic.ts";
import { and, not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, witnessBool } from "../builder/ranges.ts";
import type { Bool, Wire, Word } from "../builder/wire.ts";
import type { ByteStream } from "./byteStream.ts";

export interface RlpScalar {
  readonly value: Word;
  readonly isEmpty: Bool;
  readonly next: Wire;
}

const HALF_BYTES = 16;

export function decodeScalar(
  b: Builder,
  stream: ByteStream,
  at: Wire,
  maxBytes: number,
  name: string,
): RlpScalar {
  return b.scope(name, () => {
    const head = stream.byte(b, at, "head");
    const single = witnessBool(b, "single", () => b.value(head) < 128n);
    const rest = assertBits(b, sum(b, [[1n, head], [128n, single]], -128n, "rest"), 7, "rest"); // prettier-ignore
    // A single byte has length 1, else the rest of the head is the length.
    const size = combine(b, [[-1n, single, rest]], [[1n, rest], [1n, single]], 0n, "length"); // prettier-ignore
    const length = assertBits(b, size, maxBytes <= HALF_BYTES ? 5 : 6, "length");
    assertBits(b, sum(b, [[-1n, length]], BigInt(maxBytes), "room"), 6, "room");
    const isString = not(b, single, "isString");
    const start = add(b, at, isString, "start");
    const isEmpty = isZero(b, length, "isEmpty");
    assertCanonical(b, stream, { start, length, isString, isEmpty });
    const value = readValue(b, stream, start, length, maxBytes);
    return { value, isEmpty, next: add(b, start, length, "next") };
  });
}

type Place = { start: Wire; length: Wire; isString: Bool; isEmpty: Bool };

function assertCanonical(b: Builder, stream: ByteStream, { start, length, isString, isEmpty }: Place): void {
  const first = stream.byte(b, start, "first");
  const filled = not(b, isEmpty, "filled");
  const notZero = combine(b, [[1n, filled, first]], [[-1n, filled]], 0n, "leadingZero");
  assertBits(b, notZero, 8, "leadingZero");
  const lone = and(b, isConstant(b, length, 1n, "isOne"), isString, "lone");
  const shortest = combine(b, [[1n, lone, first]], [[-128n, lone]], 0n, "shortForm");
  assertBits(b, shortest, 7, "shortForm");
}

function readValue(b: Builder, stream: ByteStream, start: Wire, length: Wire, maxBytes: number): Word {
  if (maxBytes <= HALF_BYTES) {
    return { hi: b.zero, lo: assertBits(b, stream.slice(b, start, length, "value"), 128, "value") };
  }
  const isLong = witnessBool(b, "isLong", () => b.value(length) > BigInt(HALF_BYTES));
  // hi has length - 16 bytes if long, else none; lo the rest, at most 16 (a 4-bit room).
  const hiLength = mul(b, isLong, sum(b, [[1n, length]], -BigInt(HALF_BYTES), "excess"), "hi.length");
  const hiSize = assertBits(b, hiLength, 5, "hi.length");
  const loSize = assertBits(b, sum(b, [[1n, length], [-1n, hiLength]], 0n, "lo.length"), 5, "lo.length"); // prettier-ignore
  assertBits(b, sum(b, [[-1n, loSize]], BigInt(HALF_BYTES), "lo.room"), 5, "lo.room");
  const hi = stream.slice(b, start, hiSize, "hi");
  const lo = stream.slice(b, add(b, start, hiSize, "lo.start"), loSize, "lo");
  return { hi: assertBits(b, hi, 128, "hi"), lo: assertBits(b, lo, 128, "lo") };
}

/** A string of exactly `length` bytes (2 to 31): its head and its bytes as an integer. Cost: 25 gates. */
export function decodeFixedString(
  b: Builder,
  stream: ByteStream,
  at: Wire,
  length: number,
  name: string,
): { readonly value: Wire; readonly next: Wire } {
  const head = stream.byte(b, at, `${name}.head`);
  b.assertZero([], [[1n, head]], -128n - BigInt(length), `${name}.head.isString${length}`);
  const size = b.constant(BigInt(length));
  const value = stream.slice(b, sum(b, [[1n, at]], 1n, `${name}.start`), size, name);
  return {
    value: assertBits(b, value, 8 * length, name),
    next: sum(b, [[1n, at]], BigInt(length + 1), `${name}.next`),
  };
}

/** Enforces that the byte at `at` is `byte` if `condition`. Returns what follows it, `at` if not. Cost: 13 gates. */
export function skipByteIf(
  b: Builder,
  stream: ByteStream,
  at: Wire,
  condition: Bool,
  byte: number,
  name: string,
): Wire {
  const head = stream.byte(b, at, name);
  b.assertZero([[1n, condition, head]], [[-BigInt(byte), condition]], 0n, `${name}.is${byte.toString(16)}`); // prettier-ignore
  return add(b, at, condition, `${name}.next`);
}
