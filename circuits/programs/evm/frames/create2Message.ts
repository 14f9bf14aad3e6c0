/**
 * What CREATE2 hashes (EIP-1014): ff, creator, salt, keccak256 of the init code: 85 bytes, hence three words of a message.
 *
 * Proves: the result is the commitment to those bytes.
 * Assumes: nothing; the creator has 160 bits (checked when building). Enforces: the splits of halves into bytes that words share.
 * Sound because: each split has one solution by the ranges of its parts.
 * Cost: 336 gates.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, constantBits, witnessBits } from "../../../builder/ranges.ts";
import type { U128, Wire, Word } from "../../../builder/wire.ts";
import { messageStart, messageStep } from "../../../gadgets/message.ts";

const BYTES = 85n;

/** The `high` bits above the lowest `low` of a wire, and these. */
function cut(b: Builder, wire: Wire, high: number, low: number, name: string): { high: Wire; low: Wire } {
  const mask = (1n << BigInt(low)) - 1n;
  const above = witnessBits(b, high, `${name}.high`, () => b.value(wire) >> BigInt(low));
  const below = witnessBits(b, low, `${name}.low`, () => b.value(wire) & mask);
  b.assertZero([], [[mask + 1n, above], [1n, below], [-1n, wire]], 0n, `${name}.split`); // prettier-ignore
  return { high: above, low: below };
}

export function create2Message(b: Builder, creator: Wire, salt: Word, codeHash: Word, name: string): Wire {
  return b.scope(name, () => {
    assertFits(b, creator, 160, "creator");
    // ff, 20 bytes; salt from byte 21 on, hash from byte 53 on; 11 bytes of padding.
    const who = cut(b, creator, 120, 40, "creator");
    const [saltHi, saltLo] = [cut(b, salt.hi, 88, 40, "salt.hi"), cut(b, salt.lo, 88, 40, "salt.lo")];
    const [hashHi, hashLo] = [cut(b, codeHash.hi, 88, 40, "hash.hi"), cut(b, codeHash.lo, 88, 40, "hash.lo")];
    const half = (high: Wire | bigint, highShift: number, low: Wire, rest: string): U128 => {
      const shift = 1n << BigInt(highShift);
      const wire = typeof high === "bigint" ? sum(b, [[1n, low]], high * shift, rest) : sum(b, [[shift, high], [1n, low]], 0n, rest); // prettier-ignore
      return assertBits(b, wire, 128, rest);
    };
    const words: Word[] = [
      { hi: half(0xffn, 120, who.high, "word[0].hi"), lo: half(who.low, 88, saltHi.high, "word[0].lo") },
      { hi: half(saltHi.low, 88, saltLo.high, "word[1].hi"), lo: half(saltLo.low, 88, hashHi.high, "word[1].lo") }, // prettier-ignore
      {
        hi: half(hashHi.low, 88, hashLo.high, "word[2].hi"),
        lo: assertBits(b, sum(b, [[1n << 88n, hashLo.low]], 0n, "word[2].lo"), 128, "word[2].lo"), // prettier-ignore
      },
    ];
    const start = messageStart(b, constantBits(b, 8, BYTES), "start");
    return words.reduce((h, word, i) => messageStep(b, h, word, `step[${i}]`), start);
  });
}
