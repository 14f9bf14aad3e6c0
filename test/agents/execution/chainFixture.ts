import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import type { BlockExecution } from "../../../agents/kit/execution/blockExecution.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import type { Machine } from "../../../agents/kit/execution/machine.ts";
import type { Hex } from "../../../agents/kit/hex.ts";
import { openStore, type Store } from "../../../agents/kit/lmdb.ts";
import { ZERO_ADDRESS } from "../../../protocol/address.ts";
import type { GenesisFile } from "../../../protocol/genesis.ts";
import { addressOf, CHAIN_ID, wallets } from "./wallets.ts";

export const FEE_RECIPIENT: Hex = "0x00000000000000000000000000000000000000fe";

export const genesisFile: GenesisFile = {
  name: "test",
  chainId: Number(CHAIN_ID),
  program: "none",
  timestamp: 1_700_000_000,
  gasLimit: 30_000_000,
  feeRecipient: ZERO_ADDRESS,
  alloc: wallets.map((wallet) => ({ address: addressOf(wallet), balance: (10n ** 20n).toString() })),
};

export interface Fixture {
  readonly chain: Chain;
  readonly store: Store;
  readonly machine: Machine;
  close(): Promise<void>;
}

/** A chain in a folder of its own, removed by `close`. */
export async function openChain(file: GenesisFile = genesisFile): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "bvm-chain-"));
  const store = openStore(folder);
  const chain = await Chain.open(parseGenesis(file), store);
  const machine = await chain.createMachine();
  return {
    chain,
    store,
    machine,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Fills the next block with `transactions`; not sealed. */
export async function fillBlock(
  { chain, machine }: Fixture,
  transactions: Uint8Array[],
): Promise<BlockExecution> {
  const timestamp = chain.head.timestamp + 1n;
  const block = chain.begin(machine, chain.headAsParent(), { timestamp, feeRecipient: FEE_RECIPIENT });
  for (const raw of transactions) await block.execute(decodeTransaction(raw, chain.common));
  return block;
}
