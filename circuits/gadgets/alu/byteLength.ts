/**
 * How many bytes of a word are significant: 0 for zero, else 256^(n - 1) <= word < 256^n.
 *
 * Enforces: top, the upper half unless it is 0; top * 256^shift = byte * 2^120 + rest with byte < 2^8, rest < 2^120; byte = 0 only
 *   where top = 0; n = 16 - shift, 16 more where the upper half is not 0, and 0 where byte = 0.
 * Sound because: shift <= 15, so both sides are below 2^248: `byte` is the first of top's 16 bytes after moving up `shift` of them
 *   without loss, and it is not 0. Where the word is zero, `shift` is free and changes nothing.
 * Cost: 21 gates.
 */
import { combine, isZero, mux } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBits, witnessU8 } from "../../builder/ranges.ts";
import type { Wire, Word } from "../../builder/wire.ts";
import { byteLengthOf } from "../../../protocol/evm/arithmetic.ts";
import type { BytePowers } from "./bytePowers.ts";

const REST = 1n << 120n;

/** The result is below 2^6. */
export function byteLength(b: Builder, powers: BytePowers, word: Word, name: string): Wire {
  return b.scope(name, () => {
    assertFitsWord(b, word, "word");
    const small = isZero(b, word.hi, "small");
    const top = mux(b, small, word.lo, word.hi, "top");
    const shift = witnessBits(b, 4, "shift", () => BigInt(16 - Math.max(1, byteLengthOf(b.value(top)))));
    const power = powers.read(b, shift, "power");
    const moved = (): bigint => b.value(top) * b.value(power);
    const byte = witnessU8(b, "byte", () => moved() / REST);
    const rest = witnessBits(b, 120, "rest", () => moved() % REST);
    b.assertZero([[1n, top, power]], [[-REST, byte], [-1n, rest]], 0n, "moved"); // prettier-ignore
    const empty = isZero(b, byte, "empty");
    b.assertZero([[1n, empty, top]], [], 0n, "emptyIsZero");
    const bytes = combine(b, [], [[-1n, shift], [-16n, small]], 32n, "bytes"); // prettier-ignore
    return assertBits(b, combine(b, [[-1n, empty, bytes]], [[1n, bytes]], 0n, "length"), 6, "length"); // prettier-ignore
  });
}
