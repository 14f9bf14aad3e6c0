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

/** Adds `GET /epochs`: every epoch, oldest first, with the one that is being built. */
export function addInscriberRoutes(server: FastifyInstance, inscriber: Inscriber): void {
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

function reportProgress({ epoch, firstBlock, lastBlock, publishedAtMs }: EpochProgress): EpochReport {
  return {
    ...{ epoch, firstBlock, lastBlock },
    state: "building",
    batchCount: null,
    publishedAt: publishedAtMs === undefined ? null : new Date(publishedAtMs).toISOString(),
    inscribedAt: null,
    commitTxid: null,
    revealTxid: null,
    bitcoinHeight: null,
    feeSats: null,
  };
}
