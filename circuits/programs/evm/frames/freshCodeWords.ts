/**
 * Commitments (protocol/evm/message.ts) to the bytes of fresh segments.
 *
 * Proves: what is given for segment s is the commitment to the `length` bytes of code from its base on.
 * Assumes: bytes after the length are zeros (freshCodeRows.ts). A segment is not empty.
 * Enforces: words of a segment follow one another from its start, ceil(length / 32) of them; each is two slices of the code.
 * Cost: 140 gates a word, 73 a segment.
 */
import { mul, mux, sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, constantBits, witnessBool } from "../../../builder/ranges.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { ByteStream } from "../../../gadgets/byteStream.ts";
import { messageStep } from "../../../gadgets/message.ts";
import type { FreshWordEntry } from "../../../../protocol/evm/plan/frames/freshPlan.ts";
import type { FreshColumns } from "./freshCodeRows.ts";

const HALF_BYTES = 16n;
const WORD_BYTES = 32n;

export interface FreshWords {
  /** Segments whose words are all there: those numbered 0, 1, ... */
  readonly segments: Wire;
  /** By word: its segment + 1 if it is the segment's last one, else 0; and the commitment after it. */
  readonly ends: readonly Wire[];
  readonly commitments: readonly Wire[];
}

interface Before {
  readonly active: Bool;
  readonly continues: Bool;
  readonly segment: Wire;
  readonly done: Wire;
  readonly hash: Wire;
}

export interface WordColumns extends FreshColumns {
  /** Commitment before the first word. */
  readonly start: Rom<Wire>;
}

export function freshCodeWords(
  b: Builder,
  count: number,
  code: ByteStream,
  columns: WordColumns,
  entry: (i: number) => FreshWordEntry | undefined,
): FreshWords {
  const first: Term[] = [];
  const ends: Wire[] = [];
  const commitments: Wire[] = [];
  let before: Before = {
    active: b.one,
    continues: b.zero,
    segment: b.constant(-1n),
    done: b.zero,
    hash: b.zero,
  };
  for (let i = 0; i < count; i++)
    before = b.scope(`freshWord[${i}]`, () => {
      const word = freshWord(b, code, columns, before, () => entry(i));
      first.push([1n, word.isFirst]);
      ends.push(word.end);
      commitments.push(word.after.hash);
      return word.after;
    });
  b.assertZero([], [[1n, before.continues]], 0n, "freshWords.lastIsComplete"); // prettier-ignore
  return { segments: sum(b, first, 0n, "freshWords.segments"), ends, commitments };
}

function freshWord(
  b: Builder,
  code: ByteStream,
  columns: WordColumns,
  before: Before,
  entry: () => FreshWordEntry | undefined,
): { isFirst: Bool; end: Wire; after: Before } {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  assertImplies(b, active, before.active, "active.prefix");
  assertImplies(b, before.continues, active, "continues.active");
  const isFirst = assertBits(b, sum(b, [[1n, active], [-1n, before.continues]], 0n, "isFirst"), 1, "isFirst"); // prettier-ignore
  const number = sum(b, [[1n, before.segment], [1n, isFirst]], 0n, "segment"); // prettier-ignore
  const segment = assertBits(b, mul(b, active, number, "segment.own"), 14, "segment.size");
  const done = mul(b, before.continues, before.done, "done");
  const isLast = witnessBool(b, "isLast", () => entry()?.isLast ?? false);
  assertImplies(b, isLast, active, "isLast.active");
  // Bytes left after this word: of the last one -31 to 0, else at least 1.
  const left = sum(b, [[1n, columns.length.read(b, segment, "length")], [-1n, done]], -WORD_BYTES, "left"); // prettier-ignore
  const spare = mul(b, isLast, left, "spare");
  assertBits(b, sum(b, [[-1n, spare]], 0n, "spare.bytes"), 5, "isLast.endsHere"); // prettier-ignore
  const continues = assertBits(b, sum(b, [[1n, active], [-1n, isLast]], 0n, "continues"), 1, "continues.bool"); // prettier-ignore
  const more = mul(b, continues, sum(b, [[1n, left]], -1n, "left.less1"), "more"); // prettier-ignore
  assertBits(b, more, 24, "continues.hasMore");
  const base = mul(b, active, sum(b, [[1n, columns.base.read(b, segment, "base")], [1n, done]], 0n, "position"), "position.own"); // prettier-ignore
  const at = assertBits(b, base, 20, "position.size");
  const size = constantBits(b, 8, HALF_BYTES);
  const hi = assertBits(b, code.slice(b, at, size, "hi"), 128, "hi.size");
  const lo = assertBits(b, code.slice(b, sum(b, [[1n, at]], HALF_BYTES, "middle"), size, "lo"), 128, "lo.size"); // prettier-ignore
  const from = mux(b, isFirst, columns.start.read(b, segment, "start"), before.hash, "from");
  const hash = messageStep(b, from, { hi, lo }, "step");
  const end = mul(b, isLast, sum(b, [[1n, segment]], 1n, "segment.next"), "end"); // prettier-ignore
  const after = { active, continues, segment: number, done: sum(b, [[1n, done]], WORD_BYTES, "done.after"), hash }; // prettier-ignore
  return { isFirst, end, after };
}
