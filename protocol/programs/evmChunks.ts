/** The circuits of the program `evm`, what one proof of each holds, and what it costs. */
import type { Profile as EvmProfile } from "../evm/capacities.ts";
import { meteredCapacities, SHARED_CAPACITIES } from "../evm/plan/blockUse.ts";
import { EVM_PROFILES } from "../evm/profiles.ts";
import { SYSTEM_STACK_BASE } from "../evm/plan/rowMachine.ts";
import type { ProofProfiles } from "./capacity.ts";

/** As the prover counts them. A profile without an entry is not part of the program. */
const GATES: Readonly<Record<string, number>> = {
  "evm-small": 497_700,
  "evm-transfers": 971_931,
  "evm-mixed": 1_991_072,
  "evm-keccak": 2_004_640,
  "evm-deploy": 2_089_968,
  "evm-precompiles": 1_470_295,
  "evm-deploy-large": 4_158_706,
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
