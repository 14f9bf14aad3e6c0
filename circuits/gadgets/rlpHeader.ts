/**
 * What stands before the bytes of an RLP string or list (yellow paper, appendix B), in its only canonical form. The same gadget
 * writes headers and reads them: a header that is read must equal the one that would be written.
 *
 * Proves: `value` is the header of a payload of `length` bytes as an integer of `size` bytes: base + length up to 55 bytes, else
 *   base + 55 + k and the length in k bytes without a leading zero.
 * Assumes: nothing. Parameters: base 0x80 (string) or 0xc0 (list); the static bound of `length` is below 2^24.
 * Enforces: one of four forms, the length within the bounds of the form.
 * Sound because: the bounds of the forms do not overlap, so one form alone has proofs.
 * Cost: 12 gates; reading 10 more.
 */
import { add, combine, mul, sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertBits, assertFits, promiseBits, witnessBits, witnessBool } from "../builder/ranges.ts";
import type { Bool, Wire } from "../builder/wire.ts";
import type { SuffixStream } from "./suffixStream.ts";

export const STRING = 0x80;
export const LIST = 0xc0;
/** Bits of a length: three bytes of a long form. */
export const LENGTH_BITS = 24;

const SHORT = 55n;
const LEAST = [0n, SHORT + 1n, 1n << 8n, 1n << 16n];
const MOST = [SHORT, (1n << 8n) - 1n, (1n << 16n) - 1n, (1n << 24n) - 1n];

export interface RlpHeader {
  /** Below 2^32. */
  readonly value: Wire;
  /** 1 to 4 bytes. */
  readonly size: Wire;
}

export function rlpHeader(b: Builder, length: Wire, base: number, name: string): RlpHeader {
  return b.scope(name, () => {
    assertFits(b, length, LENGTH_BITS, "length");
    const isForm = (k: number): boolean => b.value(length) >= LEAST[k]! && b.value(length) <= MOST[k]!;
    const forms = LEAST.map((_, k) => witnessBool(b, `form[${k}]`, () => isForm(k)));
    const of = (weight: (k: number) => bigint): Term[] => forms.map((bit, k): Term => [weight(k), bit]);
    b.assertZero([], of(() => 1n), -1n, "form.one"); // prettier-ignore
    const above = sum(b, [[1n, length], ...of((k) => -LEAST[k]!)], 0n, "least");
    assertBits(b, above, LENGTH_BITS, "least");
    const below = sum(b, [...of((k) => MOST[k]!), [-1n, length]], 0n, "most");
    assertBits(b, below, LENGTH_BITS, "most");
    const marker = (k: number): bigint => BigInt(base) + (k === 0 ? 0n : SHORT + BigInt(k));
    return {
      value: sum(b, [[1n, length], ...of((k) => marker(k) << BigInt(8 * k))], 0n, "value"),
      size: sum(b, of((k) => BigInt(k + 1)), 0n, "size"), // prettier-ignore
    };
  });
}

export interface RlpPayload {
  readonly length: Wire;
  /** Where the payload begins. */
  readonly start: Wire;
  /** What follows it. */
  readonly end: Wire;
}

/**
 * Proves: at `at` stands the canonical header of a payload of `length` bytes that begins at `start` and ends at `end`; where
 *   `present` is 0 there is neither header nor payload, and all three positions are `at`.
 */
export function readPayload(
  b: Builder,
  stream: SuffixStream,
  at: Wire,
  base: number,
  present: Bool,
  name: string,
): RlpPayload {
  return b.scope(name, () => {
    assertFits(b, present, 1, "present");
    const length = witnessBits(b, LENGTH_BITS, "length", () =>
      b.value(present) === 0n ? 0n : lengthAt(b, stream, b.value(at), base),
    );
    // Where there is no header there are no bytes.
    b.assertZero([[1n, present, length]], [[-1n, length]], 0n, "absent");
    const start = assertHeader(b, stream, at, rlpHeader(b, length, base, "header"), present);
    return { length, start, end: add(b, start, length, "end") };
  });
}

/** Enforces that the header stands at `at` if `present`. Returns what follows it, `at` if not. */
export function assertHeader(
  b: Builder,
  stream: SuffixStream,
  at: Wire,
  header: RlpHeader,
  present: Bool,
): Wire {
  assertFits(b, present, 1, "present");
  const isConstant = present.index === b.one.index;
  const size = isConstant ? header.size : mul(b, present, header.size, "size");
  const wanted = isConstant ? header.value : mul(b, present, header.value, "wanted");
  const found = stream.slice(b, at, promiseBits(b, size, 5, "size"), "found");
  b.assertZero([], [[1n, found], [-1n, wanted]], 0n, "isHeader"); // prettier-ignore
  return combine(b, [], [[1n, at], [1n, size]], 0n, "start"); // prettier-ignore
}

/** What the header at `at` says, if it is one. Only inside a witness function. */
export function lengthAt(b: Builder, stream: SuffixStream, at: bigint, base: number): bigint {
  const rest = stream.peek(b, at, 1) - BigInt(base);
  if (rest < 0n) return 0n;
  if (rest <= SHORT) return rest;
  return stream.peek(b, at + 1n, Number(rest - SHORT)) & ((1n << BigInt(LENGTH_BITS)) - 1n);
}
