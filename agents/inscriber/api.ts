import type { FastifyInstance } from "fastify";
import type { EpochProgress } from "./epochBuilder.ts";
import type { Inscriber } from "./inscriber.ts";
import type { JournalEntry } from "./journal.ts";

/** An epoch in `GET /epochs`; times are ISO 8601. */
export interface EpochReport {
  readonly epoch: number;
  /** Supersonic's blocks, both included. */
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly state: "building" | "signed" | "inscribed" | "final";
  readonly batchCount: number | null;
  readonly publishedAt: string | null;
  readonly inscribedAt: string | null;
  readonly commitTxid: string | null;
  readonly revealTxid: string | null;
  readonly bitcoinHeight: number | null;
  readonly feeSats: string | null;
}

/** What `GET /status` says of Supersonic: how far its data is published. In the form of a light node's. */
export function inscriberStatus(inscriber: Inscriber, chainId: bigint) {
  const progress = inscriber.progress();
  const building = progress?.published && { lastBlock: progress.lastBlock, ...progress.published };
  const published = building ?? inscriber.journal().entries.at(-1);
  return {
    bitcoinHeight: inscriber.bitcoinHeight(),
    chains: published
      ? [{ chainId: Number(chainId), blockNumber: published.lastBlock, stateRoot: published.stateRoot }]
      : [],
  };
}

/** Adds `GET /status` and `GET /epochs`: the epochs of the journal, oldest first, with the one that is being built. */
export function addInscriberRoutes(server: FastifyInstance, inscriber: Inscriber, chainId: bigint): void {
  server.get("/status", async () => inscriberStatus(inscriber, chainId));
  server.get("/epochs", async () => {
    const progress = inscriber.progress();
    const signed = inscriber.journal().entries.map(reportEntry);
    return progress ? [...signed, reportProgress(progress)] : signed;
  });
}

export function reportEntry(entry: JournalEntry): EpochReport {
  const { epoch, firstBlock, lastBlock, batchCount, publishedAt, pair, inscribed, final } = entry;
  return {
    ...{ epoch, firstBlock, lastBlock, batchCount, publishedAt },
    state: final ? "final" : inscribed ? "inscribed" : "signed",
    inscribedAt: inscribed?.at ?? null,
    commitTxid: pair?.commitTxid ?? null,
    revealTxid: inscribed?.txid ?? pair?.revealTxid ?? null,
    bitcoinHeight: inscribed?.block.height ?? null,
    feeSats: pair?.feeSats.toString() ?? null,
  };
}

function reportProgress({ epoch, firstBlock, lastBlock, published }: EpochProgress): EpochReport {
  return {
    ...{ epoch, firstBlock, lastBlock },
    state: "building",
    batchCount: null,
    publishedAt: published ? new Date(published.atMs).toISOString() : null,
    inscribedAt: null,
    commitTxid: null,
    revealTxid: null,
    bitcoinHeight: null,
    feeSats: null,
  };
}
