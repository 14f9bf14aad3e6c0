/**
 * RLP strings of any length, and fixed ones, at positions of a stream.
 *
 * Proves: the item at `at` is the canonical encoding of a string whose bytes are those from `start` to `end`.
 * Assumes: nothing; strings of less than 2^24 bytes.
 * Enforces: a header in its only form (`rlpHeader.ts`), or none before one byte below 128; a lone byte after a header is 128 or
 *   more.
 * Sound because: `single` means a length of 1 and a byte below 128, else a lone byte is at least 128, so it is forced.
 * Cost: 40 gates.
 */
import { add, combine, isConstant, mul, sum } from "../builder/arithmetic.ts";
import { assertImplies, not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../builder/ranges.ts";
import type { Bool, Wire } from "../builder/wire.ts";
import { assertHeader, LENGTH_BITS, lengthAt, rlpHeader, type RlpPayload, STRING } from "./rlpHeader.ts";
import type { SuffixStream } from "./suffixStream.ts";

export function readString(b: Builder, stream: SuffixStream, at: Wire, name: string): RlpPayload {
  return b.scope(name, () => {
    const single = witnessBool(b, "single", () => stream.peek(b, b.value(at), 1) < 128n);
    const length = witnessBits(b, LENGTH_BITS, "length", () =>
      b.value(single) === 1n ? 1n : lengthAt(b, stream, b.value(at), STRING),
    );
    const present = not(b, single, "present");
    const start = assertHeader(b, stream, at, rlpHeader(b, length, STRING, "header"), present);
    const isOne = isConstant(b, length, 1n, "isOne");
    assertImplies(b, single, isOne, "single.isOne");
    const first = stream.fixed(b, start, 1, "first");
    const lone = combine(b, [[1n, isOne, first], [-128n, isOne, present]], [], 0n, "shortest"); // prettier-ignore
    assertBits(b, lone, 7, "shortest");
    return { length, start, end: add(b, start, length, "end") };
  });
}

/** A string of exactly `length` bytes, 2 to 31: its value and what follows. Cost: 25 gates. */
export function readFixedString(
  b: Builder,
  stream: SuffixStream,
  at: Wire,
  length: number,
  name: string,
): { readonly value: Wire; readonly next: Wire } {
  const head = stream.fixed(b, at, 1, `${name}.head`);
  b.assertZero([], [[1n, head]], -BigInt(STRING + length), `${name}.head.isString${length}`);
  const value = stream.fixed(b, sum(b, [[1n, at]], 1n, `${name}.start`), length, name);
  return {
    value: assertBits(b, value, 8 * length, name),
    next: sum(b, [[1n, at]], BigInt(length + 1), `${name}.next`),
  };
}

/** A recipient: 20 bytes, or the empty string, which makes a contract; then `value` is 0. Cost: 25 gates. */
export function readRecipient(
  b: Builder,
  stream: SuffixStream,
  at: Wire,
  name: string,
): { readonly value: Wire; readonly isPresent: Bool; readonly next: Wire } {
  const head = stream.fixed(b, at, 1, `${name}.head`);
  const isPresent = witnessBool(b, `${name}.isPresent`, () => b.value(head) !== BigInt(STRING));
  b.assertZero([], [[1n, head], [-20n, isPresent]], -BigInt(STRING), `${name}.head.is`); // prettier-ignore
  const bytes = stream.fixed(b, sum(b, [[1n, at]], 1n, `${name}.start`), 20, `${name}.bytes`);
  return {
    value: mul(b, isPresent, assertBits(b, bytes, 160, `${name}.bytes`), name),
    isPresent,
    next: sum(b, [[1n, at], [20n, isPresent]], 1n, `${name}.next`), // prettier-ignore
  };
}
