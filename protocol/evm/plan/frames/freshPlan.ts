/** Code that a chunk makes, natively as circuits/programs/evm/frames/freshCode*.ts prove it. */
import { ROW_SYMBOLS, rowPosition, segmentRows } from "../../codeLayout.ts";
import { messageCommitment } from "../../message.ts";
import type { Field } from "../../../field.ts";
import { codeIdentity } from "../../../state/code.ts";
import type { CodePlan, Segment } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";

const WORD_BYTES = 32;

/** Words that the rows of fresh code can have at most. */
export const freshWordCount = (rows: number): number => Math.ceil(ROW_SYMBOLS / WORD_BYTES) * rows;

export interface FreshSegmentEntry {
  readonly base: number;
  readonly length: number;
  /** Place of its last word in the list of words. */
  readonly lastWord: number;
}

/** A row that is analysed; unused ones read zeros somewhere. */
export interface FreshRowEntry {
  readonly segment: number | undefined;
  readonly position: number;
  readonly isLast: boolean;
}

export interface FreshWordEntry {
  readonly isLast: boolean;
}

export class FreshPlan {
  readonly segments: FreshSegmentEntry[] = [];
  readonly rows: FreshRowEntry[] = [];
  readonly words: FreshWordEntry[] = [];
  readonly #book: FactBook;
  readonly #code: CodePlan;
  readonly #numbers = new Map<Field, number>();

  constructor(book: FactBook, code: CodePlan) {
    this.#book = book;
    this.#code = code;
  }

  /** Number of the segment of these bytes, by their message commitment. */
  numberOf(commitment: Field): number | undefined {
    return this.#numbers.get(commitment);
  }

  /** The segment of these bytes, which are some, analysed once. */
  segment(bytes: Uint8Array): Segment {
    const segment = this.#code.segment(codeIdentity(bytes).codeHash, bytes);
    const commitment = messageCommitment(bytes);
    if (this.#numbers.has(commitment)) return segment;
    const number = this.segments.length;
    this.#numbers.set(commitment, number);
    const count = segmentRows(bytes.length);
    this.#book.take("freshCodeRows", count);
    for (let k = 0; k < count; k++)
      this.rows.push({ segment: number, position: segment.base + k * ROW_SYMBOLS, isLast: k === count - 1 });
    const words = Math.ceil(bytes.length / WORD_BYTES);
    for (let k = 0; k < words; k++) this.words.push({ isLast: k === words - 1 });
    this.segments.push({ base: segment.base, length: bytes.length, lastWord: this.words.length - 1 });
    return segment;
  }

  /** After the last segment: where the rows that are not used read zeros. */
  close(): void {
    const { freshCodeRows } = this.#book.capacities;
    const gap = this.#code.rows.findIndex(({ kind }) => kind === "gap");
    const position = rowPosition(gap < 0 ? this.#code.rows.length : gap);
    while (this.rows.length < freshCodeRows) this.rows.push({ segment: undefined, position, isLast: false });
  }
}
