import { readFile } from "node:fs/promises";
import type { BlockRef } from "../kit/bitcoin/chainCursor.ts";
import { writeFileDurably } from "../kit/durableFile.ts";
import type { Coin } from "./pair.ts";

/** A signed commit and reveal, as they are broadcast. */
export interface PairRecord {
  readonly commitTxid: string;
  readonly commitHex: string;
  readonly revealTxid: string;
  readonly revealHex: string;
  /** With the funding key it recovers the commit's output by the key path, should the body be lost. */
  readonly leafHash: string;
  readonly feeRate: number;
  readonly feeSats: bigint;
  readonly change: Coin;
  /** Bitcoin height when it was signed. */
  readonly signedAtHeight: number;
}

export interface Inscribed {
  readonly txid: string;
  readonly block: BlockRef;
  /** When the inscriber first saw it confirmed, ISO 8601. */
  readonly at: string;
}

/** One epoch, from the moment both of its transactions are signed. */
export interface JournalEntry {
  readonly epoch: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly batchCount: number;
  /** Supersonic's after the epoch, hex. */
  readonly stateRoot: string;
  /** keccak256 of the body, hex. */
  readonly bodyHash: string;
  /** The inscription's body, hex. */
  readonly body: string;
  /** When the epoch's data was on the DA layer, ISO 8601. */
  readonly publishedAt: string;
  readonly seal: Coin;
  readonly funding: Coin;
  /** The pair that is broadcast. Undefined: another instance's reveal, read back from the chain. */
  readonly pair: PairRecord | undefined;
  /** Pairs that a fee bump replaced; any of them may still be the one that confirms. */
  readonly replaced: readonly PairRecord[];
  readonly inscribed: Inscribed | undefined;
  /** Deep enough never to be looked at again. */
  readonly final: boolean;
}

export interface Journal {
  readonly version: 1;
  readonly entries: readonly JournalEntry[];
}

export const emptyJournal: Journal = { version: 1, entries: [] };

/** The journal at `path`; an empty one where there is none. */
export async function readJournal(path: string): Promise<Journal> {
  try {
    return parseJournal(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyJournal;
    throw error;
  }
}

/** Durable when it resolves: what is broadcast afterwards can be broadcast again after a crash. */
export function writeJournal(path: string, journal: Journal): Promise<void> {
  return writeFileDurably(path, formatJournal(journal));
}

export const formatJournal = (journal: Journal): string =>
  `${JSON.stringify(journal, (_key, value) => (typeof value === "bigint" ? value.toString() : value), 1)}\n`;

/** Amounts are the fields whose names end in "Sats". */
export const parseJournal = (text: string): Journal =>
  JSON.parse(text, (key, value) => (key.endsWith("Sats") ? BigInt(value) : value)) as Journal;

/** Final epochs that stay in the journal, to be reported: a week of them at one in ten minutes. */
const KEPT_FINAL = 1000;

/** The journal without what no step will need again. The newest final epoch stays whole: the next one continues it. */
export function pruned(journal: Journal): Journal {
  const final = journal.entries.filter((entry) => entry.final);
  const open = journal.entries.filter((entry) => !entry.final);
  const summaries = final.slice(-KEPT_FINAL, -1).map((entry): JournalEntry => ({
    ...entry,
    body: "",
    pair: entry.pair && { ...entry.pair, commitHex: "", revealHex: "" },
  }));
  return { ...journal, entries: [...summaries, ...final.slice(-1), ...open] };
}

/** The journal with `entry` in place of, or after, the entries it has. */
export function withEntry(journal: Journal, entry: JournalEntry): Journal {
  const others = journal.entries.filter((e) => e.epoch !== entry.epoch);
  return { ...journal, entries: [...others, entry].sort((a, b) => a.epoch - b.epoch) };
}
