import { buildBatch } from "../circuits/programs/batch.ts";
import { buildBatchMerge } from "../circuits/programs/batchMerge.ts";
import { CHUNK_CIRCUITS, type ChunkCircuit } from "../circuits/programs/chunkCircuits.ts";
import { buildEpoch } from "../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../circuits/programs/epochMerge.ts";
import type { BatchKeys, ChunkKeys, EpochKeys } from "../circuits/programs/keys.ts";
import type { Built } from "../circuits/builder/builder.ts";
import type { Target } from "./barretenberg/target.ts";

/** The programs over the chunks' circuits. */
export const OUTER_PROGRAMS = ["batchMerge", "batch", "epochEmpty", "epochMerge", "epoch"] as const;
export type OuterProgram = (typeof OUTER_PROGRAMS)[number];

/** The key hash of a program defined earlier. */
export type KeyHashOf = (name: string) => bigint;

export type ProgramDefinition = {
  /** Of a circuit of the chunks, or an `OuterProgram`. */
  readonly name: string;
  readonly target: Target;
  /** What the circuit depends on beside the sources and `inner`. */
  readonly parameters: object;
  /** Programs whose key hashes are constants of this circuit. */
  readonly inner: readonly string[];
  /** The circuit's shape. */
  readonly build: (keyHashOf: KeyHashOf) => Built;
};

/** The key hashes that outer circuits hold. */
export const batchKeysOf = (chunks: readonly string[], of: KeyHashOf): BatchKeys => ({
  chunks: chunkKeysOf(chunks, of),
  batchMerge: of("batchMerge"),
});
export const epochKeysOf = (chunks: readonly string[], of: KeyHashOf): EpochKeys => ({
  ...batchKeysOf(chunks, of),
  epochMerge: of("epochMerge"),
  epochEmpty: of("epochEmpty"),
});
const chunkKeysOf = (chunks: readonly string[], of: KeyHashOf): ChunkKeys =>
  Object.fromEntries(chunks.map((name) => [name, of(name)]));

/**
 * The programs of a network, innermost first (docs/ARCHITECTURE.md, "Programs"): an outer circuit holds the key hashes of the
 * inner ones, so the order is the order in which keys can be made.
 */
export function networkPrograms(circuits: readonly ChunkCircuit[] = CHUNK_CIRCUITS): ProgramDefinition[] {
  const chunks = circuits.map(({ name }) => name);
  const recursive = { target: "noir-recursive-no-zk", parameters: {} } as const;
  const solidity = { target: "evm-no-zk", parameters: {} } as const;
  return [
    ...circuits.map(({ name, parameters, shape }): ProgramDefinition => ({
      ...recursive,
      name,
      parameters,
      inner: [],
      build: () => shape(),
    })),
    {
      ...recursive,
      name: "batchMerge",
      inner: chunks,
      build: (of) => buildBatchMerge(chunkKeysOf(chunks, of)),
    },
    {
      ...solidity,
      name: "batch",
      inner: [...chunks, "batchMerge"],
      build: (of) => buildBatch(batchKeysOf(chunks, of)),
    },
    { ...recursive, name: "epochEmpty", inner: [], build: () => buildEpochEmpty() },
    {
      ...recursive,
      name: "epochMerge",
      inner: [...chunks, "batchMerge"],
      build: (of) => buildEpochMerge(batchKeysOf(chunks, of)),
    },
    {
      ...solidity,
      name: "epoch",
      inner: [...chunks, "batchMerge", "epochMerge", "epochEmpty"],
      build: (of) => buildEpoch(epochKeysOf(chunks, of)),
    },
  ];
}
