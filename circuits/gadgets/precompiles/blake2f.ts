/**
 * The compression of BLAKE2b with any number of rounds (EIP-152): a pool of calls and a pool of rounds that they share.
 *
 * Proves: for each job whose `commitment` is `messageCommitment(input)` of 213 bytes: rounds = the first 4 bytes, which is the
 *   gas of the call; wellFormed = 1 iff the last byte is 0 or 1; and if answered = 1, which only a well-formed call can be,
 *   output = the 64 bytes of the result.
 * Assumes: a caller proves by itself that an input of another length fails, and takes `output` of answered jobs only. A call
 *   that fails, for its gas or its form, need not be answered and takes no rounds.
 * Enforces: the parsing (`blake2fInput.ts`), the working vector, the rounds (`blake2Round.ts`) in runs of a job's length, the
 *   message words in the order of the round, the result h ^ v[0..7] ^ v[8..15].
 * Parameters: `jobs` and `rounds`, the capacities.
 * Sound because: the table of vectors holds under the tag (job, n) nothing but the vector of the job after n rounds: the first
 *   entries by themselves, a row by induction. A job reads the vector at the tag (job, rounds). A round uses the order of
 *   the number of rounds before it modulo 10: the remainder is below 10 because the tables of the orders have 10 entries.
 * Cost: 1,097 gates a round, 1,616 a job, 500 once: 14,800 for a call of 12 rounds.
 */
import { isConstant, mul, mux, sum } from "../../builder/arithmetic.ts";
import { assertImplies, or } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { constantBits, promiseBits, witnessBits, witnessBool, witnessBytes } from "../../builder/ranges.ts";
import { fieldRom, type Rom, rom } from "../../builder/rom.ts";
import type { Bool, U128, U32, U64, U8, Wire, Word } from "../../builder/wire.ts";
import { blake2fInput, type Blake2fInput } from "./blake2fInput.ts";
import { blake2Round, joinLane, type Lane, splitLane, xorLanes } from "./blake2Round.ts";
import { COUNT_BITS, nextRow, planRuns, type RunPlan, type RunRow, tagAfter, tagOf } from "./jobRuns.ts";

export interface Blake2fJob {
  /** Of the 213 bytes of the call; 0 in a job that is not used. */
  readonly commitment: Wire;
  readonly rounds: U32;
  /** The last byte. */
  readonly final: U8;
  /** Is the last byte 0 or 1? */
  readonly wellFormed: Bool;
  readonly answered: Bool;
  /** The 64 bytes of the result, zeros where it is not answered. */
  readonly output: readonly [Word, Word];
}

export interface Blake2fCall {
  /** 213 bytes. */
  readonly input: Uint8Array;
  /** Is the result wanted? Without effect where the call is not well formed. */
  readonly answered: boolean;
}

export interface Blake2fCapacity {
  readonly jobs: number;
  readonly rounds: number;
}

const INITIAL = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
]; // prettier-ignore
const ORDERS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const WORDS = Array.from({ length: 16 }, (_, i) => i);

/** What is over a capacity is left out. */
export function blake2fPool(
  b: Builder,
  capacity: Blake2fCapacity,
  calls: () => readonly Blake2fCall[],
  name: string,
): Blake2fJob[] {
  return b.scope(name, () => {
    const plan = b.compute(() => {
      const list = calls().slice(0, capacity.jobs);
      return { list, ...planRuns(list.map(roundsOf), capacity.rounds) };
    });
    const jobs = Array.from({ length: capacity.jobs }, (_, i) =>
      b.scope(`job[${i}]`, () => openJob(b, () => plan!.list[i])),
    );
    const rows = roundRows(b, jobs, capacity.rounds, (i) => plan!.rows[i]!);
    const table = vectorTable(b, jobs, rows);
    return jobs.map((job, i) =>
      b.scope(`job[${i}]`, () => {
        const row = (): number => plan!.ends[i] ?? -1;
        return closeJob(b, job, i, table, () => BigInt(row() < 0 ? i : capacity.jobs + row()));
      }),
    );
  });
}

/** Rounds that a call needs from the pool. */
function roundsOf({ input, answered }: Blake2fCall): number {
  const wanted = answered && input[212]! <= 1;
  return wanted ? new DataView(input.buffer, input.byteOffset).getUint32(0) : 0;
}

interface OpenJob extends Blake2fInput {
  readonly wellFormed: Bool;
  readonly answered: Bool;
  /** The working vector before the first round. */
  readonly vector: readonly U64[];
  readonly message: readonly U64[];
}

function openJob(b: Builder, call: () => Blake2fCall | undefined): OpenJob {
  const input = blake2fInput(b, () => call()?.input);
  const { final, h, m, t } = input;
  const [isZero, isOne] = [isConstant(b, final, 0n, "final.is0"), isConstant(b, final, 1n, "final.is1")];
  const wellFormed = or(b, isZero, isOne, "wellFormed");
  const wanted = (): boolean => (call()?.answered ?? false) && b.value(wellFormed) === 1n;
  const answered = witnessBool(b, "answered", wanted);
  assertImplies(b, answered, wellFormed, "answered.isWellFormed");
  const constant = (value: bigint): Lane => ({
    hi: constantBits(b, 32, value >> 32n),
    lo: constantBits(b, 32, value & 0xffff_ffffn),
  });
  const counter = t.map((word, i) => joinLane(b, xorLanes(b, word, constant(INITIAL[4 + i]!), `t[${i}]`), `v[${12 + i}]`)); // prettier-ignore
  const u64 = (value: bigint): U64 => constantBits(b, 64, value);
  const last = mux(b, isOne, u64(INITIAL[6]! ^ ((1n << 64n) - 1n)), u64(INITIAL[6]!), "v[14]");
  const tail = [...INITIAL.slice(0, 4).map(u64), ...counter, last, u64(INITIAL[7]!)];
  return {
    ...input,
    wellFormed,
    answered,
    vector: [...h.map((word, i) => joinLane(b, word, `v[${i}]`)), ...tail],
    message: m.map((word, i) => joinLane(b, word, `m[${i}]`)),
  };
}

type Row = RunRow & { readonly vector: readonly U64[] };

function roundRows(b: Builder, jobs: readonly OpenJob[], count: number, plan: (i: number) => RunPlan): Row[] {
  const starts = WORDS.map((w) => rom(b, jobs.map((job) => job.vector[w]!), `start[${w}]`)); // prettier-ignore
  const messages = rom(b, jobs.flatMap((job) => job.message), "messages"); // prettier-ignore
  const orders = WORDS.map((w) => rom(b, ORDERS.map((order) => constantBits(b, 4, BigInt(order[w]!))), `order[${w}]`)); // prettier-ignore
  const rows: Row[] = [];
  for (let i = 0; i < count; i++)
    b.scope(`round[${i}]`, () => {
      const before = rows[i - 1];
      const run = nextRow(b, before, jobs.length, () => plan(i));
      const vector = WORDS.map((w) => {
        const start = starts[w]!.read(b, run.job, `start[${w}]`);
        return before ? mux(b, run.continues, before.vector[w]!, start, `v[${w}]`) : start;
      });
      const message = messageOf(b, run, messages, orders);
      rows.push({ ...run, vector: blake2Round(b, vector, message, "mix") });
    });
  return rows;
}

/** The message words of a job in the order of this round. */
function messageOf(b: Builder, run: RunRow, messages: Rom<U64>, orders: readonly Rom<Wire>[]): U64[] {
  const round = (): bigint => b.value(run.earlier);
  const tens = witnessBits(b, COUNT_BITS - 4, "tens", () => round() / 10n);
  const order = witnessBits(b, 4, "order", () => round() % 10n);
  b.assertZero([], [[10n, tens], [1n, order], [-1n, run.earlier]], 0n, "order.ofRound"); // prettier-ignore
  return WORDS.map((w) => {
    const word = orders[w]!.read(b, order, `order[${w}]`);
    const at = sum(b, [[16n, run.job], [1n, word]], 0n, `m[${w}].at`); // prettier-ignore
    return messages.read(b, at, `m[${w}]`);
  });
}

interface VectorTable {
  readonly tags: Rom<Wire>;
  readonly words: readonly Rom<U64>[];
}

/** The vector of each job before any round, then that after each row. */
function vectorTable(b: Builder, jobs: readonly OpenJob[], rows: readonly Row[]): VectorTable {
  const first = jobs.map((_, i) => b.constant(BigInt(i) << BigInt(COUNT_BITS)));
  const tags = [...first, ...rows.map((row, i) => tagAfter(b, row, `tag[${i}]`))];
  const vectors = [...jobs, ...rows].map(({ vector }) => vector);
  return {
    tags: fieldRom(b, tags, "tags"),
    words: WORDS.map((w) => rom(b, vectors.map((vector) => vector[w]!), `vector[${w}]`)), // prettier-ignore
  };
}

function closeJob(b: Builder, job: OpenJob, i: number, table: VectorTable, end: () => bigint): Blake2fJob {
  const { commitment, rounds, final, wellFormed, answered } = job;
  const at = witnessBits(b, COUNT_BITS, "end", end);
  const needed = mul(b, answered, rounds, "rounds.needed");
  table.tags.assertAt(b, at, tagOf(b, BigInt(i), needed, "end.tag"), "end.is");
  const v = table.words.map((words, w) => splitLane(b, words.read(b, at, `end.v[${w}]`), `end.v[${w}]`));
  const bytes = job.h.flatMap((word, w) => {
    const mixed = xorLanes(b, xorLanes(b, word, v[w]!, `h.first[${w}]`), v[w + 8]!, `h.second[${w}]`);
    return [...bytesOf(b, mixed.lo, `result[${w}].lo`), ...bytesOf(b, mixed.hi, `result[${w}].hi`)];
  });
  const half = (at: number): U128 => {
    const terms = bytes.slice(at, at + 16).map((byte, k): Term => [1n << BigInt(8 * (15 - k)), byte]);
    const value = sum(b, terms, 0n, `result.half[${at / 16}]`);
    return promiseBits(b, mul(b, answered, value, `output[${at / 16}]`), 128, "output");
  };
  const output = [{ hi: half(0), lo: half(16) }, { hi: half(32), lo: half(48) }] as const; // prettier-ignore
  return { commitment, rounds, final, wellFormed, answered, output };
}

/** Low byte first. */
function bytesOf(b: Builder, word: U32, name: string): U8[] {
  const value = (): Uint8Array =>
    Uint8Array.from({ length: 4 }, (_, i) => Number((b.value(word) >> BigInt(8 * i)) & 0xffn));
  const bytes = witnessBytes(b, name, 4, value);
  const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * i), byte]);
  b.assertZero([], [...terms, [-1n, word]], 0n, `${name}.bytes`);
  return bytes;
}
