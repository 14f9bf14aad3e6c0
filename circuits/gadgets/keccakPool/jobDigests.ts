/**
 * What the jobs of a pool have computed.
 *
 * Proves: a digest is the first 32 bytes of the state after the job's last block, a commitment that after its last word;
 *   both are 0 in a job that is not active.
 * Assumes: jobs, commitments and states of one pool.
 * Enforces: the job's words and blocks are among the rows (its ends are indices of the tables).
 * Cost: 81 gates a job, 3 a word, 8 a block.
 */
import { mul, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { witnessBytes } from "../../builder/ranges.ts";
import { fieldRom, rom } from "../../builder/rom.ts";
import type { U64, U8, Wire, Word } from "../../builder/wire.ts";
import type { JobSize } from "./jobSize.ts";
import { bigEndian } from "./wordRows.ts";

const HALF_BYTES = 16;

export interface JobDigest {
  readonly commitment: Wire;
  readonly digest: Word;
}

export function jobDigests(
  b: Builder,
  jobs: readonly JobSize[],
  commitments: readonly Wire[],
  states: readonly (readonly U64[])[],
): JobDigest[] {
  const chains = fieldRom(b, commitments, "commitments");
  // Two lanes in an element: half the reads.
  const halves = ([0, 2] as const).map((lane) => {
    const half = states.map((state, i) => sum(b, [[1n, state[lane]!], [1n << 64n, state[lane + 1]!]], 0n, `state[${i}][${lane}]`)); // prettier-ignore
    return rom(b, [b.zero, ...half], `states[${lane}]`);
  });
  return jobs.map(({ active, endWord, endBlock }, i) =>
    b.scope(`digest[${i}]`, () => {
      const lastWord = mul(b, active, endWord, "lastWord");
      const lastBlock = mul(b, active, endBlock, "lastBlock");
      const bytes = halves.flatMap((half, j) =>
        bytesOf(b, half.read(b, lastBlock, `half[${j}]`), `half[${j}]`),
      );
      const hi = bigEndian(b, bytes.slice(0, HALF_BYTES), "hi");
      const lo = bigEndian(b, bytes.slice(HALF_BYTES), "lo");
      return { commitment: chains.read(b, lastWord, "commitment"), digest: { hi, lo } };
    }),
  );
}

/** 16 bytes, least significant first. */
function bytesOf(b: Builder, half: Wire, name: string): U8[] {
  const bytes = witnessBytes(b, `${name}.byte`, HALF_BYTES, () =>
    Uint8Array.from({ length: HALF_BYTES }, (_, i) => Number((b.value(half) >> BigInt(8 * i)) & 0xffn)),
  );
  b.assertZero([], [...bytes.map((byte, i): Term => [1n << BigInt(8 * i), byte]), [-1n, half]], 0n, `${name}.bytes`); // prettier-ignore
  return bytes;
}
