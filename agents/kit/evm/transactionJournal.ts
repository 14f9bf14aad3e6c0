import { openStore } from "../lmdb.ts";

/** One signed transaction: what may be on the network. */
export interface Attempt {
  hash: string;
  raw: string;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  /** When it was signed, milliseconds since the Unix epoch. */
  signedAt: number;
}

/** An intention and every transaction signed for it. All have the same nonce, so at most one of them can ever be mined. */
export interface JournalEntry {
  key: string;
  nonce: number;
  to: string;
  data: string;
  value: bigint;
  gasLimit: bigint;
  attempts: Attempt[];
  /** Mined and confirmed when last looked at. */
  confirmed: boolean;
}

/** Durable record of what was signed. `put` resolves when the entry survives a power cut. */
export interface TransactionJournal {
  get(key: string): JournalEntry | undefined;
  /** The entry of lowest nonce whose transaction has not ended yet, if there is one. */
  pending(): JournalEntry | undefined;
  put(entry: JournalEntry): Promise<void>;
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal in folder `path`. One process at a time may write it. */
export function openTransactionJournal(path: string): TransactionJournal {
  const store = openStore(path);
  const entries = store.table("transactions");
  const unconfirmed = store.table("unconfirmed");
  const NOTHING = Buffer.alloc(0);
  const read = (key: Buffer): JournalEntry | undefined => {
    const bytes = entries.get(key);
    return bytes ? decode(bytes) : undefined;
  };
  return {
    get: (key) => read(Buffer.from(key)),
    pending() {
      const pending = Array.from(unconfirmed.getKeys(), (key) => read(Buffer.from(key))!);
      return pending.sort((a, b) => a.nonce - b.nonce)[0];
    },
    async put(entry) {
      const key = Buffer.from(entry.key);
      await store.commit(() => {
        entries.putSync(key, encode(entry));
        if (entry.confirmed) unconfirmed.removeSync(key);
        else unconfirmed.putSync(key, NOTHING);
      });
    },
    async remove(name) {
      const key = Buffer.from(name);
      await store.commit(() => {
        entries.removeSync(key);
        unconfirmed.removeSync(key);
      });
    },
    close: () => store.close(),
  };
}

const BIGINTS = new Set(["value", "gasLimit", "maxFeePerGas", "maxPriorityFeePerGas"]);

const encode = (entry: JournalEntry): Buffer =>
  Buffer.from(JSON.stringify(entry, (_key, value) => (typeof value === "bigint" ? value.toString() : value)));

const decode = (bytes: Uint8Array): JournalEntry =>
  JSON.parse(Buffer.from(bytes).toString(), (key, value) =>
    BIGINTS.has(key) ? BigInt(value as string) : value,
  ) as JournalEntry;
