import { type ChainEntry, type NetworkFile } from "../network/networkFile.ts";
import { callRpc, getJson } from "./http.ts";
import { type Journey, lastStage, type StageTimes, STAGES, SUPERSONIC_STAGES } from "./stages.ts";

/** What a node says of a transaction (`bvm_getTransactionStatus`). Times in ISO 8601. */
interface NodeTransactionStatus {
  /** Null while the transaction waits in the pool, not executed yet. */
  readonly softAt: string | null;
  readonly sealedAt: string | null;
  readonly blockNumber: number | null;
}

/** A batch as the batcher reports it (`GET /batches`). */
export interface BatchRecord {
  readonly batchIndex: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly publishedAt: string | null;
  readonly provenAt: string | null;
  readonly settledAt: string | null;
  /** The Supersonic block in which the batch settled. */
  readonly settledInBlock: number | null;
}

/** An epoch as the inscriber reports it (`GET /epochs`). */
export interface EpochRecord {
  readonly epoch: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly publishedAt: string | null;
  readonly inscribedAt: string | null;
}

/** An epoch as the light node reports it (`GET /epochs`). */
export interface VerifiedEpoch {
  readonly epoch: number;
  readonly verifiedAt: string;
}

export interface JourneySources {
  readonly batches: readonly BatchRecord[];
  readonly epochs: readonly EpochRecord[];
  readonly verified: readonly VerifiedEpoch[];
}

/** Finds the transaction on any chain of the network and tells how far it has come. */
export async function readJourney(network: NetworkFile, hash: string): Promise<Journey> {
  for (const chain of network.chains) {
    const status = await callRpc<NodeTransactionStatus | null>(chain.rpc, "bvm_getTransactionStatus", [hash]);
    if (status) return composeJourney(hash, chain, status, await readSources(network, chain));
  }
  return { hash, chain: "", stage: null, stages: {} };
}

async function readSources(network: NetworkFile, chain: ChainEntry): Promise<JourneySources> {
  const [batches, epochs, verified] = await Promise.all([
    chain.batcher ? getJson<BatchRecord[]>(`${chain.batcher}/batches`) : [],
    getJson<EpochRecord[]>(`${network.inscriber}/epochs`),
    getJson<VerifiedEpoch[]>(`${network.lightNode}/epochs`),
  ]);
  return { batches, epochs, verified };
}

/** Pure: what each agent reports, put in the order of the stages. */
export function composeJourney(
  hash: string,
  chain: ChainEntry,
  status: NodeTransactionStatus,
  sources: JourneySources,
): Journey {
  const stages: StageTimes = {};
  const note = (stage: keyof StageTimes, at: string | null | undefined): void => {
    if (at) stages[stage] = at;
  };
  note("soft", status.softAt);
  note("sealed", status.sealedAt);
  const isL3 = chain.batcher !== undefined;
  const batch = isL3 ? sources.batches.find((b) => covers(b, status.blockNumber)) : undefined;
  if (batch) {
    note("published", batch.publishedAt);
    note("proven", batch.provenAt);
    note("settled", batch.settledAt);
  }
  const supersonicBlock = isL3 ? batch?.settledInBlock : status.blockNumber;
  const epoch = sources.epochs.find((e) => covers(e, supersonicBlock));
  if (epoch) {
    if (!isL3) note("published", epoch.publishedAt);
    const verifiedAt = sources.verified.find((v) => v.epoch === epoch.epoch)?.verifiedAt;
    // The light node may see an inscription's block before the inscriber looks.
    note("inscribed", earliest(epoch.inscribedAt, verifiedAt));
    note("verified", verifiedAt);
  }
  return { hash, chain: chain.name, stage: lastStage(stages, isL3 ? STAGES : SUPERSONIC_STAGES), stages };
}

const earliest = (...times: (string | null | undefined)[]): string | undefined =>
  times.filter((at) => typeof at === "string").sort()[0];

const covers = (
  range: { firstBlock: number; lastBlock: number },
  block: number | null | undefined,
): boolean => block !== null && block !== undefined && range.firstBlock <= block && block <= range.lastBlock;
