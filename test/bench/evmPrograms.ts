/** The programs of a network whose chunks are those of `evm` that the benchmarks prove. */
import { networkPrograms } from "../../proving/programs.ts";
import { getProgramSet, type ProgramSet } from "../../proving/programSet.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import type { Profile } from "../../protocol/evm/capacities.ts";
import type { ChunkCircuit } from "../../circuits/programs/chunkCircuits.ts";
import { buildEvm } from "../../circuits/programs/evm/buildEvm.ts";
import { EVM_PROFILES } from "../../protocol/evm/profiles.ts";

/** Of 2^19, 2^20 and 2^21 gates. */
export const PROVEN_PROFILES: readonly Profile[] = ["evm-small", "evm-transfers", "evm-mixed"].map((name) =>
  EVM_PROFILES.find((profile) => profile.name === name)!,
);

const circuit = (profile: Profile): ChunkCircuit => ({
  name: profile.name,
  parameters: profile,
  shape: () => buildEvm(profile, null),
  fill: () => {
    throw new Error("benchmarks fill circuits step by step");
  },
});

/** Their keys, from the cache or made now. */
export const evmPrograms = (referenceString: ReferenceString): Promise<ProgramSet> =>
  getProgramSet(referenceString, {
    definitions: networkPrograms(PROVEN_PROFILES.map(circuit)),
    onProgram: (name, state) => console.error(`${new Date().toISOString()} key of ${name}: ${state}`),
  });
