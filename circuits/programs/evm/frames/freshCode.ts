/**
 * Code that a chunk makes. It comes from memory, where a message commitment names its bytes, and stands in the table of all code.
 *
 * Proves: `find` gives the position of a segment whose bytes are those of the commitment and whose marks are right.
 * Assumes: a commitment given to `find` is one of bytes in memory (messages.ts).
 * Enforces: as many segments have rows as have words, and as are in use; the words' end with a segment's number has its commitment.
 * Sound because: rows and words are complete runs, numbered alike from 0, each with the base and length of its number.
 * Cost: a segment 80 gates, a search 12.
 */
import { assertEqualIf } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { messageStart } from "../../../gadgets/message.ts";
import { freshWordCount, type FreshPlan } from "../../../../protocol/evm/plan/frames/freshPlan.ts";
import { type CodeRows, LENGTH_BITS } from "../code/codeRows.ts";
import { freshCodeRows } from "./freshCodeRows.ts";
import { freshCodeWords } from "./freshCodeWords.ts";

export interface FreshCodeShape {
  readonly segments: number;
  readonly freshCodeRows: number;
}

export class FreshCode {
  readonly #b: Builder;
  readonly #bases: Rom<Wire>;
  readonly #commitments: Rom<Wire>;
  readonly #plan: () => FreshPlan;

  constructor(b: Builder, shape: FreshCodeShape, code: CodeRows, plan: () => FreshPlan) {
    this.#b = b;
    this.#plan = plan;
    const { bases, commitments } = b.scope("freshCode", () => {
      const segments = Array.from({ length: shape.segments }, (_, s) => {
        const entry = () => plan().segments[s];
        return {
          active: witnessBool(b, `active[${s}]`, () => entry() !== undefined),
          base: witnessBits(b, 20, `base[${s}]`, () => BigInt(entry()?.base ?? 0)),
          length: witnessBits(b, LENGTH_BITS, `length[${s}]`, () => BigInt(entry()?.length ?? 0)),
        };
      });
      segments.forEach(({ active }, s) => {
        if (s > 0) assertImplies(b, active, segments[s - 1]!.active, `active[${s}].prefix`);
      });
      const base = rom(b, segments.map((segment) => segment.base), "bases"); // prettier-ignore
      const length = rom(b, segments.map((segment) => segment.length), "lengths"); // prettier-ignore
      const starts = segments.map((segment, s) => messageStart(b, segment.length, `start[${s}]`));
      const columns = { base, length, start: fieldRom(b, starts, "starts") };
      const analysed = freshCodeRows(b, shape.freshCodeRows, code, columns, (i) => plan().rows[i]);
      const words = freshCodeWords(b, freshWordCount(shape.freshCodeRows), code.bytes, columns, (i) => plan().words[i]); // prettier-ignore
      const used = segments.map(({ active }): Term => [-1n, active]);
      b.assertZero([], [[1n, analysed], ...used], 0n, "segments.analysed"); // prettier-ignore
      b.assertZero([], [[1n, words.segments], ...used], 0n, "segments.committed"); // prettier-ignore
      const [ends, hashes] = [rom(b, words.ends, "ends"), fieldRom(b, words.commitments, "hashes")];
      const found = segments.map(({ active }, s) => commitmentOf(b, { ends, hashes }, s, active, () => plan().segments[s]?.lastWord)); // prettier-ignore
      return { bases: base, commitments: fieldRom(b, found, "commitments") };
    });
    this.#bases = bases;
    this.#commitments = commitments;
  }

  /** The position of the segment with this commitment, where `condition` is 1. */
  find(commitment: Wire, name: string, condition: Bool): Wire {
    const b = this.#b;
    const segment = witnessBits(b, 14, `${name}.segment`, () =>
      b.value(condition) === 0n ? 0n : BigInt(this.#plan().numberOf(b.value(commitment)) ?? 0),
    );
    assertEqualIf(b, condition, this.#commitments.read(b, segment, `${name}.commitment`), commitment, `${name}.isCode`); // prettier-ignore
    return this.#bases.read(b, segment, `${name}.base`);
  }
}

/** Of an unused segment 0, which commits to nothing. */
function commitmentOf(
  b: Builder,
  { ends, hashes }: { ends: Rom<Wire>; hashes: Rom<Wire> },
  segment: number,
  active: Bool,
  lastWord: () => number | undefined,
): Wire {
  return b.scope(`segment[${segment}]`, () => {
    const last = witnessBits(b, 20, "lastWord", () => BigInt(lastWord() ?? 0));
    const number = b.constant(BigInt(segment + 1));
    assertEqualIf(b, active, ends.read(b, last, "end"), number, "lastWord.isEnd");
    const hash = hashes.read(b, last, "hash");
    const own = b.witness("commitment", () => b.value(active) * b.value(hash));
    b.assertZero([[1n, active, hash]], [[-1n, own]], 0n, "commitment"); // prettier-ignore
    return own;
  });
}
