import { assertTransfer, MAX_TRANSFERS_PER_BLOCK } from "../../../protocol/programs/transfers.ts";
import type { Program } from "../../../protocol/genesis.ts";
import type { SignedTransaction } from "./transaction.ts";

/** What a sequencer must know of what proves its chain, so that nothing is sealed that cannot be proven. */
export interface ChainProgram {
  /** @throws StackError by name, when the program has no way to prove the transaction */
  assertProvable(tx: SignedTransaction): void;
  /** Most transactions in a block; the rest wait for the next one. */
  readonly maxTransactionsPerBlock: number;
}

/** By the name in the chain's genesis, which a chain keeps for ever. The program `evm` takes its place here. */
export const programs: Readonly<Record<Program, ChainProgram>> = {
  /** Supersonic: its blocks are executed again by every light node. */
  none: { assertProvable: () => {}, maxTransactionsPerBlock: Infinity },
  transfers: {
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
