import { buildBatch } from "../circuits/programs/batch.ts";
import { buildBatchMerge } from "../circuits/programs/batchMerge.ts";
import { buildEpoch } from "../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../circuits/programs/epochMerge.ts";
import { buildTransfers } from "../circuits/programs/transfers/buildTransfers.ts";
import type { Built } from "../circuits/builder/builder.ts";
import { TRANSFERS_PARAMETERS, type TransfersParameters } from "../circuits/programs/transfers/parameters.ts";
import type { Target } from "./barretenberg/target.ts";

export const PROGRAM_NAMES = [
  "transfers",
  "batchMerge",
  "batch",
  "epochEmpty",
  "epochMerge",
  "epoch",
] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** The key hash of a program defined earlier. */
export type KeyHashOf = (name: ProgramName) => bigint;

export type ProgramDefinition = {
  readonly name: ProgramName;
  readonly target: Target;
  /** What the circuit depends on beside the sources and `inner`. */
  readonly parameters: object;
  /** Programs whose key hashes are constants of this circuit. */
  readonly inner: readonly ProgramName[];
  /** The circuit's shape. */
  readonly build: (keyHashOf: KeyHashOf) => Built;
};

/**
 * The programs of a network, innermost first (docs/ARCHITECTURE.md, "Programs"): an outer circuit holds the key hashes of the
 * inner ones, so the order is the order in which keys can be made.
 */
export function networkPrograms(parameters: TransfersParameters = TRANSFERS_PARAMETERS): ProgramDefinition[] {
  const chunks = (of: KeyHashOf): { transfers: bigint } => ({ transfers: of("transfers") });
  const batchKeys = (of: KeyHashOf) => ({ chunks: chunks(of), batchMerge: of("batchMerge") });
  const epochKeys = (of: KeyHashOf) => ({
    ...batchKeys(of),
    epochMerge: of("epochMerge"),
    epochEmpty: of("epochEmpty"),
  });
  const recursive = { target: "noir-recursive-no-zk", parameters: {} } as const;
  const solidity = { target: "evm-no-zk", parameters: {} } as const;
  return [
    { ...recursive, name: "transfers", parameters, inner: [], build: () => buildTransfers(parameters, null) },
    { ...recursive, name: "batchMerge", inner: ["transfers"], build: (of) => buildBatchMerge(chunks(of)) },
    {
      ...solidity,
      name: "batch",
      inner: ["transfers", "batchMerge"],
      build: (of) => buildBatch(batchKeys(of)),
    },
    { ...recursive, name: "epochEmpty", inner: [], build: () => buildEpochEmpty() },
    {
      ...recursive,
      name: "epochMerge",
      inner: ["transfers", "batchMerge"],
      build: (of) => buildEpochMerge(batchKeys(of)),
    },
    {
      ...solidity,
      name: "epoch",
      inner: ["transfers", "batchMerge", "epochMerge", "epochEmpty"],
      build: (of) => buildEpoch(epochKeys(of)),
    },
  ];
}
