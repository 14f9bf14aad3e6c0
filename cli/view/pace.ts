import type { NetworkFile } from "../network/networkFile.ts";
import { getJson } from "./http.ts";
import type { BatchRecord, EpochRecord, VerifiedEpoch } from "./journey.ts";
import { type Stage, STAGES, type StageTimes, SUPERSONIC_STAGES } from "./stages.ts";

/** Typical seconds from the stage before to this one. */
export type Pace = Readonly<Record<Exclude<Stage, "soft">, number>>;

/** Used until a network has a history of its own: measured on two cores with the default settings. */
export const DEFAULT_PACE: Pace = {
  sealed: 1,
  published: 10,
  proven: 40,
  settled: 3,
  inscribed: 30,
  verified: 5,
};

const RECENT = 10;

/** The network's own recent pace, stage by stage; the default where it has no history yet. */
export async function readPace(network: NetworkFile, chainName: string): Promise<Pace> {
  const chain = network.chains.find((c) => c.name === chainName);
  const [batches, epochs, verified] = await Promise.all([
    chain?.batcher ? getJson<BatchRecord[]>(`${chain.batcher}/batches`) : [],
    getJson<EpochRecord[]>(`${network.inscriber}/epochs`),
    getJson<VerifiedEpoch[]>(`${network.lightNode}/epochs`),
  ]);
  return measurePace(batches, epochs, verified);
}

/** Pure: medians over the last ten of each. */
export function measurePace(
  batches: readonly BatchRecord[],
  epochs: readonly EpochRecord[],
  verified: readonly VerifiedEpoch[],
): Pace {
  const verifiedAt = new Map(verified.map((v) => [v.epoch, v.verifiedAt]));
  const inscribedAfter = batches.map((b) => {
    const epoch = epochs.find(
      (e) => b.settledInBlock !== null && e.firstBlock <= b.settledInBlock && b.settledInBlock <= e.lastBlock,
    );
    return secondsBetween(b.settledAt, epoch?.inscribedAt);
  });
  return {
    ...DEFAULT_PACE,
    proven: median(batches.map((b) => secondsBetween(b.publishedAt, b.provenAt))) ?? DEFAULT_PACE.proven,
    settled: median(batches.map((b) => secondsBetween(b.provenAt, b.settledAt))) ?? DEFAULT_PACE.settled,
    inscribed: median(inscribedAfter) ?? DEFAULT_PACE.inscribed,
    verified:
      median(epochs.map((e) => secondsBetween(e.inscribedAt, verifiedAt.get(e.epoch)))) ??
      DEFAULT_PACE.verified,
  };
}

/** Seconds until `goal`, given the stages reached so far; 0 when it is reached. Never negative. */
export function secondsLeft(
  times: StageTimes,
  pace: Pace,
  now: Date,
  isL3: boolean,
  goal: Stage = "verified",
): number {
  const order = isL3 ? STAGES : SUPERSONIC_STAGES;
  const reached = order.findLastIndex((stage) => times[stage] !== undefined);
  const waiting = order.slice(reached + 1, order.indexOf(goal) + 1).filter((s) => s !== "soft");
  const total = waiting.reduce((sum, stage) => sum + pace[stage], 0);
  const since = reached < 0 ? 0 : (secondsBetween(times[order[reached]!], now.toISOString()) ?? 0);
  // The running stage has already taken `since`; at least a second of it is left.
  const running = waiting.length === 0 ? 0 : Math.min(since, Math.max(0, pace[waiting[0]!] - 1));
  return Math.round(total - running);
}

function secondsBetween(from: string | null | undefined, to: string | null | undefined): number | undefined {
  return from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : undefined;
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values
    .filter((v) => v !== undefined)
    .slice(-RECENT)
    .sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
