/**
 * 32 bytes of code at any position, for CODECOPY and EXTCODECOPY.
 *
 * Proves: the word of an entry's key (CODE_WORD, pc) is the big-endian integer of the 32 bytes of the table at pc.
 * Assumes: nothing. Where a segment ends is the matter of whoever asks: bytes after its gap belong to others.
 * Enforces: two slices of 16 bytes. Sound because: see suffixStream.ts.
 * Cost: 32 gates.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";
import type { CodeWordEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";

const HALF_BYTES = 16;

export function codeWordChip(
  b: Builder,
  facts: Facts,
  count: number,
  code: SuffixStream,
  entry: (i: number) => CodeWordEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`codeWord[${i}]`, () => {
      const active = witnessBool(b, "active", () => entry(i) !== undefined);
      const pc = witnessBits(b, 20, "pc", () => BigInt(entry(i)?.pc ?? 0));
      const hi = code.fixed(b, pc, HALF_BYTES, "hi");
      const lo = code.fixed(b, sum(b, [[1n, pc]], BigInt(HALF_BYTES), "middle"), HALF_BYTES, "lo"); // prettier-ignore
      facts.defineWord("codeWords", i, {
        hi: assertBits(b, hi, 128, "hi"),
        lo: assertBits(b, lo, 128, "lo"),
      });
      const z = facts.wordId("codeWords", i);
      facts.defineKey("codeWords", i, active, { op: BigInt(Tag.CODE_WORD), pc, z }, "key");
    });
}
