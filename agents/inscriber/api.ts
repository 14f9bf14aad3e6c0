import type { FastifyInstance } from "fastify";
import type { EpochProgress } from "./epochBuilder.ts";
import type { Inscriber } from "./inscriber.ts";
import type { JournalEntry } from "./journal.ts";

/** The chain whose epochs are inscribed, as its genesis has it. */
export interface SupersonicChain {
  readonly name: string;
  readonly chainId: bigint;
  /** Hex. */
  readonly genesisStateRoot: string;
}

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

/**
 * What `GET /status` says of Supersonic: how far its data is published; before the first epoch, its genesis. In the form of a
 * light node's.
 */
export function inscriberStatus(inscriber: Inscriber, { name, chainId, genesisStateRoot }: SupersonicChain) {
  const { bitcoinHeight, end } = inscriber.published();
  const { lastBlock, stateRoot } = end ?? { lastBlock: 0, stateRoot: genesisStateRoot };
  return { bitcoinHeight, chains: [{ name, chainId: Number(chainId), blockNumber: lastBlock, stateRoot }] };
}

/** Adds `GET /status` and `GET /epochs`: the epochs of the journal, oldest first, with the one that is being built. */
export function addInscriberRoutes(
  server: FastifyInstance,
  inscriber: Inscriber,
  supersonic: SupersonicChain,
): void {
  server.get("/status", async () => inscriberStatus(inscriber, supersonic));
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
