/**
 * The call data of all transactions as words of 32 bytes, one list for all.
 *
 * Proves: word j of place t's data is row base(t) + j: its 32 bytes, big endian, zeros after the data's end. A place has
 *   ceil(length / 32) rows, an inactive one none, and none one that creates: its data is init code (execution/initCode.ts).
 * Enforces: 32 * count - length is between 0 and 31; each row reads its bytes at start + 32 * index.
 * Cost: 74 gates a row, 16 a place.
 */
import { add, combine, mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import { type Rom, rom } from "../../../builder/rom.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { SharedList, type SharedRow } from "../../../gadgets/sharedList.ts";
import { boundedWord, readWord } from "../../../gadgets/streamWord.ts";
import type { RawTransaction } from "./rawTransaction.ts";
import type { TransactionStream } from "./transactionStream.ts";

export interface DataWord {
  readonly active: Bool;
  /** The transaction's place, and the word's number in its data. */
  readonly transaction: Wire;
  readonly index: Wire;
  readonly value: Word;
}

export interface DataWords {
  readonly list: readonly DataWord[];
  /** By place: the row of its first word. */
  readonly bases: readonly Wire[];
  /** By place: words of its data, listed or not. */
  readonly counts: readonly Wire[];
}

const WORD_BITS = 5;
/** Words of data whose length has 24 bits. */
const COUNT_BITS = 19;

/** ceil(bytes / 32) for an active place, else 0. Cost: 5 gates. */
export function wordCount(b: Builder, active: Bool, bytes: Wire, bits: number, name: string): Wire {
  const own = mul(b, active, bytes, `${name}.bytes`);
  const count = witnessBits(b, bits, name, () => (b.value(own) + 31n) / 32n);
  const spare = sum(b, [[32n, count], [-1n, own]], 0n, `${name}.spare`); // prettier-ignore
  assertBits(b, spare, WORD_BITS, `${name}.spare`);
  return count;
}

export function dataWords(
  b: Builder,
  bytes: TransactionStream,
  raws: readonly RawTransaction[],
  capacity: number,
): DataWords {
  const bits = capacity.toString(2).length;
  const counts = raws.map(({ active, data }, i) =>
    b.scope(`transaction[${i}]`, () => wordCount(b, active, data.length, COUNT_BITS, "dataWords")),
  );
  const listed = raws.map(({ isCreation }, i) =>
    b.scope(`transaction[${i}]`, () => {
      const own = combine(b, [[-1n, isCreation, counts[i]!]], [[1n, counts[i]!]], 0n, "dataWords.listed");
      return assertBits(b, own, bits, "dataWords.listed");
    }),
  );
  const rows = new SharedList(b, listed, capacity, "dataWord");
  const tables = {
    starts: rom(b, raws.map(({ data }) => data.start), "data.starts"), // prettier-ignore
    ends: rom(b, raws.map(({ data }) => data.end), "data.ends"), // prettier-ignore
  };
  const list = rows.rows.map((row, r) => b.scope(`dataWord[${r}]`, () => readRow(b, bytes, row, tables)));
  return { list, bases: rows.bases.slice(0, -1), counts };
}

function readRow(
  b: Builder,
  { stream, positionBits: bits }: TransactionStream,
  { active, owner, index }: SharedRow,
  { starts, ends }: { starts: Rom<Wire>; ends: Rom<Wire> },
): DataWord {
  const start = add(b, starts.read(b, owner, "start"), mul(b, index, b.constant(32n), "offset"), "at");
  // An unused row reads an empty stretch.
  const at = assertBits(b, mul(b, active, start, "at.own"), bits, "at");
  const end = assertBits(b, combine(b, [[1n, active, ends.read(b, owner, "end")]], [], 0n, "end.own"), bits, "end"); // prettier-ignore
  const value = boundedWord(b, readWord(b, stream, { at, from: at, end, bits }, "word"), "value");
  return { active, transaction: owner, index, value };
}
