/**
 * The programs that a chain can be proven by, each with its circuits: all that nodes, batchers and the command line know of them.
 * The circuits themselves are circuits/programs/chunkCircuits.ts, under the same names.
 *
 * Every circuit proves the same rules (docs/spec/execution.md) and a batch's proof does not tell which one made it: a program says
 * which blocks its chains' sequencers seal, not which are valid.
 */
import { type Program, PROGRAMS } from "../genesis.ts";
import type { ProofProfiles } from "./capacity.ts";
import { EVM_PROOFS } from "./evmChunks.ts";

export const PROVEN_PROGRAMS: Readonly<Partial<Record<Program, ProofProfiles>>> = { evm: EVM_PROOFS };

/** Of a new L3. */
export const DEFAULT_PROGRAM: Program = "evm";

/** In the order of `PROGRAMS`. */
export const provenProgramNames = (): Program[] => PROGRAMS.filter((name) => PROVEN_PROGRAMS[name]);

/** Undefined for a name that is of no program, or of one that nothing proves. */
export const findProvenProgram = (name: string): ProofProfiles | undefined => {
  const program = provenProgramNames().find((known) => known === name);
  return program && PROVEN_PROGRAMS[program];
};
