import type { Built } from "../../circuits/builder/builder.ts";
import { chunkCircuit } from "../../circuits/programs/chunkCircuits.ts";
import { ancestorHashes } from "../../protocol/ancestors.ts";
import { decodeBlock } from "../../protocol/block.ts";
import { StackError } from "../../protocol/errors.ts";
import { decodeWitness } from "../../protocol/state/witness.ts";
import type { JobOf } from "../kit/jobs/job.ts";
import type { ProverError } from "./errors.ts";

/**
 * Fills the circuit that a chunk's job names. Throws CHUNK_CIRCUIT_UNKNOWN, BLOCKS_AND_WITNESSES_DIFFER, ANCESTORS_MISMATCH, what is
 * thrown for bytes that are no block or no witness, and what the program's planner refuses.
 */
export function fillChunk(job: Omit<JobOf<"chunk">, "kind">): Built {
  const { chainId, gasLimit, prev, ancestors, blocks, witnesses } = job;
  const circuit = chunkCircuit(job.circuit);
  if (blocks.length !== witnesses.length)
    throw new StackError<ProverError>(
      { code: "BLOCKS_AND_WITNESSES_DIFFER", blocks: blocks.length, witnesses: witnesses.length },
      "fatal",
    );
  ancestorHashes(ancestors, prev.dataHash);
  const proven = blocks.map((data, i) => ({ data: decodeBlock(data), state: decodeWitness(witnesses[i]!) }));
  return circuit.fill({ chainId, gasLimit, previous: prev, ancestors, blocks: proven });
}
