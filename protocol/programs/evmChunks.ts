/** The circuits of the program `evm`, what one proof of each holds, and what it costs. */
import type { Profile as EvmProfile } from "../evm/capacities.ts";
import { meteredCapacities, SHARED_CAPACITIES } from "../evm/plan/blockUse.ts";
import { EVM_PROFILES } from "../evm/profiles.ts";
import { SYSTEM_STACK_BASE } from "../evm/plan/rowMachine.ts";
import type { ProofProfiles } from "./capacity.ts";

/** As the prover counts them. A profile without an entry is not part of the program. */
const GATES: Readonly<Record<string, number>> = {
  "evm-small": 479_121,
  "evm-transfers": 967_555,
  "evm-mixed": 2_023_121,
  "evm-keccak": 1_956_856,
  "evm-deploy": 2_077_472,
  "evm-precompiles": 1_421_091,
  "evm-mixed-large": 4_167_169,
  "evm-deploy-large": 4_135_413,
};

export const EVM_CIRCUITS: readonly EvmProfile[] = EVM_PROFILES.filter(({ name }) => name in GATES);

export const EVM_PROOFS: ProofProfiles = {
  profiles: EVM_CIRCUITS.map(({ name, capacities }) => ({
    name,
    gates: GATES[name]!,
    capacities: meteredCapacities(capacities),
  })),
  greatest: SHARED_CAPACITIES,
  emptyBlock: { blocks: 1, hashRows: 1, stack: SYSTEM_STACK_BASE + 1 },
  leastTransaction: { transactions: 1, keccakJobs: 1, keccakBlocks: 1 },
};
