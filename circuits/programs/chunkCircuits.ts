/**
 * The circuits that prove chunks: consecutive blocks, without inner proofs. All others hold the hashes of all their keys, in this
 * order. Who needs their capacities and not the circuits reads protocol/programs/provenPrograms.ts, which names the same ones.
 */
import type { Built } from "../builder/builder.ts";
import { StackError } from "../../protocol/errors.ts";
import { EVM_CIRCUITS } from "../../protocol/programs/evmChunks.ts";
import type { ChunkInput } from "./chunkInput.ts";
import { buildEvm } from "./evm/buildEvm.ts";
import { fillEvm } from "./evm/fillEvm.ts";

export interface ChunkCircuit {
  readonly name: string;
  /** What the circuit depends on beside the sources. */
  readonly parameters: object;
  /** Its shape, for its key. */
  shape(): Built;
  /** Filled. Throws by name what the program's planner refuses; a false statement shows in `check`. */
  fill(input: ChunkInput): Built;
}

export const CHUNK_CIRCUITS: readonly ChunkCircuit[] = EVM_CIRCUITS.map((profile) => ({
  name: profile.name,
  parameters: profile,
  shape: () => buildEvm(profile, null),
  fill: (input) => fillEvm(profile, input),
}));

export type ChunkCircuitError = { code: "CHUNK_CIRCUIT_UNKNOWN"; circuit: string; known: string };

/** Throws CHUNK_CIRCUIT_UNKNOWN. */
export function chunkCircuit(name: string): ChunkCircuit {
  const found = CHUNK_CIRCUITS.find((circuit) => circuit.name === name);
  if (found) return found;
  const known = CHUNK_CIRCUITS.map((circuit) => circuit.name).join(" ");
  throw new StackError<ChunkCircuitError>({ code: "CHUNK_CIRCUIT_UNKNOWN", circuit: name, known }, "fatal");
}
