/**
 * The words of all messages of a pool, one after another: each goes into its message's commitment and gives its four lanes.
 *
 * Proves: commitments[end of job i] is the commitment to the words of job i, begun with its start; lanes[4 w ..] are the
 *   bytes of word w as Keccak reads them, little endian.
 * Assumes: `jobs` as `jobSizes` proves them.
 * Enforces: a row ends its message iff the next row's number is where the job ends; the row after begins the next job.
 * Sound because: nothing is free but the bytes. Row w has the job with firstWord <= w < endWord (by induction: an end is
 *   reached exactly once, as the ends of active jobs ascend); a row after the last job reaches no end and belongs to none.
 * Cost: 147 gates a row, 73 of them for the commitment and 40 for the bytes; 6 a job.
 */
import { add, isConstant, mux, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { promiseBits, witnessBytes } from "../../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../../builder/rom.ts";
import type { Bool, U128, U64, U8, Wire } from "../../builder/wire.ts";
import { WORD_BYTES } from "../../../protocol/evm/message.ts";
import { messageStep } from "../message.ts";
import type { JobSize } from "./jobSize.ts";

export interface WordRows {
  /** Four for each row. */
  readonly lanes: readonly U64[];
  /** [i]: after i rows; [0] = 0. */
  readonly commitments: readonly Wire[];
}

type Tables = { readonly starts: Rom<Wire>; readonly ends: Rom<Wire> };
/** `job`: of the next row; `begins`: is it the job's first? */
type Cursor = { readonly job: Wire; readonly begins: Bool; readonly commitment: Wire };

/** `data`: the bytes of all words. */
export function wordRows(
  b: Builder,
  jobs: readonly JobSize[],
  count: number,
  data: () => Uint8Array,
): WordRows {
  // The entry after the jobs is that of rows after all of them: no row has number 0 - 1, so none ends there.
  const tables: Tables = {
    starts: fieldRom(b, [...jobs.map(({ start }) => start), b.zero], "starts"),
    ends: rom(b, [...jobs.map(({ endWord }) => endWord), b.zero], "endWords"),
  };
  const lanes: U64[] = [];
  const commitments: Wire[] = [b.zero];
  let cursor: Cursor = { job: b.zero, begins: b.one, commitment: b.zero };
  for (let row = 0; row < count; row++)
    cursor = b.scope(`word[${row}]`, () => {
      const bytes = witnessBytes(b, "byte", WORD_BYTES, () => data().subarray(row * WORD_BYTES, (row + 1) * WORD_BYTES)); // prettier-ignore
      for (let i = 0; i < 4; i++) lanes.push(littleEndian(b, bytes.slice(8 * i, 8 * i + 8), `lane[${i}]`));
      const next = nextRow(b, tables, cursor, bytes, row);
      commitments.push(next.commitment);
      return next;
    });
  return { lanes, commitments };
}

function nextRow(b: Builder, tables: Tables, cursor: Cursor, bytes: readonly U8[], row: number): Cursor {
  const { job, begins } = cursor;
  const word = { hi: bigEndian(b, bytes.slice(0, 16), "hi"), lo: bigEndian(b, bytes.slice(16), "lo") };
  const from = mux(b, begins, tables.starts.read(b, job, "start"), cursor.commitment, "from");
  const ends = isConstant(b, tables.ends.read(b, job, "end"), BigInt(row + 1), "ends");
  return { job: add(b, job, ends, "nextJob"), begins: ends, commitment: messageStep(b, from, word, "step") };
}

/** The integer of 16 bytes, most significant first. Cost: 6 gates. */
export function bigEndian(b: Builder, bytes: readonly U8[], name: string): U128 {
  const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * (bytes.length - 1 - i)), byte]);
  return promiseBits(b, sum(b, terms, 0n, name), 128, name);
}

function littleEndian(b: Builder, bytes: readonly U8[], name: string): U64 {
  const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * i), byte]);
  return promiseBits(b, sum(b, terms, 0n, name), 64, name);
}
