import { assertEvmTransaction } from "../../../protocol/programs/evm.ts";
import { EVM_PROOFS } from "../../../protocol/programs/evmChunks.ts";
import type { Program } from "../../../protocol/genesis.ts";
import type { ProgramProof } from "./blockCapacity.ts";
import type { SignedTransaction } from "./transaction.ts";
import { createEvmMeter } from "./evmMeter.ts";

/** What a chain's rules and its sequencer must know of what proves it, so that nothing is sealed that cannot be proven. */
export interface ChainProgram {
  /** Addresses that run a function of the EVM; every other address below 11 is an ordinary account. */
  readonly precompiles: readonly number[];
  /** Before anything is executed. @throws StackError by name, when the program has no way to prove the transaction */
  assertProvable(tx: SignedTransaction): void;
  /** What a block may use. Undefined: nothing proves the chain, or nothing yet. */
  readonly proof?: ProgramProof;
}

/** Cancun's, without point evaluation (10): there are no blobs. */
const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Without the curve BN254 (6, 7, 8), whose pairings no circuit computes. */
const PROVABLE = [1, 2, 3, 4, 5, 9];

/** By the name in the chain's genesis, which a chain keeps for ever. */
export const programs: Readonly<Record<Program, ChainProgram>> = {
  /** Supersonic: its blocks are executed again by every light node. */
  none: { precompiles: ALL, assertProvable: () => {} },
  evm: {
    precompiles: PROVABLE,
    assertProvable: ({ gasLimit, maxFeePerGas, nonce, data }) =>
      assertEvmTransaction({ gasLimit, maxFeePerGas, nonce, dataBytes: data.length }),
    proof: { profiles: EVM_PROOFS, createMeter: createEvmMeter },
  },
};
