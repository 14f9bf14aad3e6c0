import { assertTransfer, MAX_TRANSFERS_PER_BLOCK } from "../../../protocol/programs/transfers.ts";
import type { Program } from "../../../protocol/genesis.ts";
import type { SignedTransaction } from "./transaction.ts";

/** What a chain's rules and its sequencer must know of what proves it, so that nothing is sealed that cannot be proven. */
export interface ChainProgram {
  /** Addresses that run a function of the EVM; every other address below 11 is an ordinary account. */
  readonly precompiles: readonly number[];
  /** @throws StackError by name, when the program has no way to prove the transaction */
  assertProvable(tx: SignedTransaction): void;
  /** Most transactions in a block; the rest wait for the next one. */
  readonly maxTransactionsPerBlock: number;
}

/** Cancun's, without point evaluation (10): there are no blobs. */
const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Without the curve BN254 (6, 7, 8), whose pairings its circuit does not compute. */
const WITHOUT_BN254 = [1, 2, 3, 4, 5, 9];

/** By the name in the chain's genesis, which a chain keeps for ever. */
export const programs: Readonly<Record<Program, ChainProgram>> = {
  /** Supersonic: its blocks are executed again by every light node. */
  none: { precompiles: ALL, assertProvable: () => {}, maxTransactionsPerBlock: Infinity },
  /** No prover yet: whoever asks for a proof is refused, so such a chain is for execution alone. */
  evm: { precompiles: WITHOUT_BN254, assertProvable: () => {}, maxTransactionsPerBlock: Infinity },
  transfers: {
    precompiles: ALL,
    assertProvable: ({ to, data, accessList, ...tx }) =>
      assertTransfer({
        ...tx,
        to: to ?? null,
        dataBytes: data.length,
        accessListEntries: accessList.length,
      }),
    maxTransactionsPerBlock: MAX_TRANSFERS_PER_BLOCK,
  },
};
