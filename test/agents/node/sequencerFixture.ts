import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createNodeChain, type ChainEvents } from "../../../agents/node/chain/localNodeChain.ts";
import type { NodeChain } from "../../../agents/node/chain/nodeChain.ts";
import { Sequencer, type SequencerOptions } from "../../../agents/node/sequencing/sequencer.ts";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import { programs, type ChainProgram } from "../../../agents/kit/execution/programs.ts";
import { openStore, type Store } from "../../../agents/kit/lmdb.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { StackError } from "../../../protocol/errors.ts";
import type { GenesisFile } from "../../../protocol/genesis.ts";
import { FEE_RECIPIENT, genesisFile } from "../execution/chainFixture.ts";
import { ManualClock } from "./manualClock.ts";

export const START_MS = 1_700_000_100_000;

export interface Running {
  readonly chain: Chain;
  readonly sequencer: Sequencer;
  readonly node: NodeChain & ChainEvents;
  readonly clock: ManualClock;
  /** Closes the store as a crash would leave it: what is in memory only is gone. Opens it again. */
  restart(): Promise<Running>;
  close(): Promise<void>;
}

/** `chainStore`: the store as the chain, and nobody else, sees it. */
export async function runSequencer(
  options: Partial<SequencerOptions> = {},
  file: GenesisFile = genesisFile,
  program: ChainProgram = programs[file.program],
  chainStore = (store: Store): Store => store,
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "bvm-node-"));
  return open(folder, options, file, program, new ManualClock(START_MS), chainStore);
}

async function open(
  folder: string,
  options: Partial<SequencerOptions>,
  file: GenesisFile,
  program: ChainProgram,
  clock: ManualClock,
  chainStore: (store: Store) => Store,
): Promise<Running> {
  const store = openStore(folder);
  const chain = await Chain.open(parseGenesis(file), chainStore(store), program);
  const machine = await chain.createMachine();
  const modules = { chain, store, machine, clock, logger: silentLogger };
  const all = {
    feeRecipient: FEE_RECIPIENT,
    blockTimeMs: 1_000,
    idleBlockTimeMs: 10_000,
    maxWaiting: 100,
    maxWaitingPerSender: 16,
  };
  const sequencer = new Sequencer({ ...all, ...options }, modules, {
    sealed: (header) => node.sealed(header),
    accepted: (transaction) => node.accepted(transaction),
  });
  const node: NodeChain & ChainEvents = createNodeChain(
    { callGasCap: 30_000_000n, minPriorityFee: 1n, maxLogBlocks: 50, maxLogs: 100 },
    { chain, sequencer, finality: () => ({ safe: 0n, finalized: 0n }), logger: silentLogger },
  );
  await sequencer.restore();
  return {
    chain,
    sequencer,
    node,
    clock,
    async restart() {
      await store.close();
      return open(folder, options, file, program, clock, chainStore);
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The code and values of the StackError that `promise` ends in. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<Record<string, unknown> & { code: string }> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).to.be.instanceOf(StackError);
  return (error as StackError).type as never;
}
