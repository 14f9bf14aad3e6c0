import { join } from "node:path";
import { assertUsableNode } from "../kit/bitcoin/checkNode.ts";
import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import type { Clock } from "../kit/clock.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { NetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import type { Genesis } from "../kit/execution/genesis.ts";
import { parseGenesis } from "../kit/execution/genesis.ts";
import type { Hex } from "../kit/hex.ts";
import { openStore, type Store } from "../kit/lmdb.ts";
import type { Logger } from "../kit/logger.ts";
import { createEpochChecker } from "./epochChecker.ts";
import { createFollowedChain, rollupOf, type FollowedChain } from "./followedChain.ts";
import { createFollower } from "./follower.ts";
import { Refusal } from "./refusals.ts";
import { openReplayedChain, type ReplayedChain } from "./replayedChain.ts";
import { createSettlementStore } from "./settlementStore.ts";
import { createLightStore, type EpochRecord, type Position, type RefusalRecord } from "./store.ts";

export interface LightNodeOptions {
  dataDir: string;
  genesis: NetworkGenesis;
  supersonicName: string;
  follow: readonly { name: string; genesis: Genesis }[];
}

export interface LightNodeModules {
  rpc: BitcoinRpc;
  da: DataAvailability;
  clock: Clock;
  logger: Logger;
  onProofVerified?: (milliseconds: number) => void;
}

/** A chain as of the last verified epoch. */
export interface VerifiedChain {
  readonly name: string;
  readonly chainId: bigint;
  readonly blockNumber: bigint;
  readonly stateRoot: Hex;
  readonly replayed: ReplayedChain;
}

export interface LightNode {
  /** Reads Bitcoin to its tip. Throws a Refusal where it has to stand, and what its sources throw. */
  step(): Promise<void>;
  /** Where it stands: the Bitcoin block read, the epochs verified. */
  position(): Position;
  epochs(): EpochRecord[];
  refusal(): RefusalRecord | undefined;
  /** Every chain it holds, as of the last verified epoch; an L3 without a contract yet is at its genesis. */
  chains(): VerifiedChain[];
  close(): Promise<void>;
}

/** Opens the stores, and makes every chain stand where the last verified epoch left it. */
export async function openLightNode(
  options: LightNodeOptions,
  modules: LightNodeModules,
): Promise<LightNode> {
  const { dataDir, genesis, follow, supersonicName } = options;
  const { bitcoin } = genesis;
  const stores: Store[] = [];
  const open = (...path: string[]): Store => {
    const store = openStore(join(dataDir, ...path));
    stores.push(store);
    return store;
  };

  const light = open("light");
  const begin = { block: { height: bitcoin.height, hash: bitcoin.blockHash }, seal: bitcoin.seal, epoch: 0 };
  const store = createLightStore(light, begin);
  const settlement = createSettlementStore(light);
  const supersonic = await openReplayedChain(
    parseGenesis(genesis.supersonic),
    open("chains", supersonicName),
  );
  const followed: FollowedChain[] = [];
  for (const { name, genesis: own } of follow)
    followed.push(createFollowedChain(name, await openReplayedChain(own, open("chains", name))));

  const lastBlockOf = (epoch: number): bigint => BigInt(store.epoch(epoch)?.lastBlock ?? 0);
  const checker = createEpochChecker({ ...modules, genesis, supersonic, followed, settlement, lastBlockOf });
  const sealScript = new Uint8Array(Buffer.from(bitcoin.sealScript, "hex"));
  const follower = createFollower({ ...modules, store, checker, sealScript });
  const position = (): Position => store.partial() ?? follower.position();
  let restored = false;

  /** Once, before the first block: a crash may have left chains ahead of what counts as verified. */
  async function restore(): Promise<void> {
    if (restored) return;
    await assertUsableNode(modules.rpc, bitcoin.network);
    await checker.restore(position().epoch);
    restored = true;
  }

  return {
    async step() {
      await restore();
      try {
        await follower.step();
      } catch (error) {
        restored &&= error instanceof Refusal; // anything else may have come in the middle of an execution
        throw error;
      }
    },
    position,
    epochs: () => store.epochs(),
    refusal: () => store.refusal(),
    chains() {
      const { epoch } = position();
      const view = settlement.viewAfter(epoch);
      const at = (name: string, replayed: ReplayedChain, blockNumber: bigint): VerifiedChain => {
        const { stateRoot } = replayed.chain.records.header(blockNumber)!;
        return { name, chainId: replayed.chain.genesis.chainId, blockNumber, stateRoot, replayed };
      };
      return [
        at(supersonicName, supersonic, lastBlockOf(epoch)),
        ...followed.map(({ name, replayed }) =>
          at(name, replayed, rollupOf(view, replayed.chain.genesis.chainId)?.tip.blockNumber ?? 0n),
        ),
      ];
    },
    async close() {
      for (const opened of stores) await opened.close();
    },
  };
}
