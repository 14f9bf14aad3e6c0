import { mkdirSync } from "node:fs";
import { open, type Database } from "lmdb";

/** A table of bytes by bytes, ordered by key. Keys are at most 1,978 bytes. Writes belong inside `Store.commit`. */
export type Table = Database<Buffer, Uint8Array>;

export interface Store {
  /** The table of that name, created when missing. The same name gives the same table. */
  table(name: string): Table;
  /**
   * Runs `action` (synchronous: use `putSync`, `removeSync`, `getBinary`) in one write transaction: all of its writes or,
   * when it throws or the process dies, none. Resolves after the transaction is flushed to the disk. Actions run in the
   * order of the calls; calls that wait together share one flush.
   */
  commit<T>(action: () => T): Promise<T>;
  close(): Promise<void>;
}

/** Opens (creates) the LMDB store in folder `path`. Several processes may read one store; the caller sees to one writer. */
export function openStore(path: string): Store {
  mkdirSync(path, { recursive: true });
  const root = open<Buffer, Uint8Array>({
    path,
    encoding: "binary",
    keyEncoding: "binary",
    maxDbs: 32,
    // A commit that is visible but not yet on the disk would let us serve what a power cut can take back.
    overlappingSync: false,
  });
  const tables = new Map<string, Table>();
  return {
    table(name) {
      const known = tables.get(name);
      if (known) return known;
      const table = root.openDB<Buffer, Uint8Array>({ name, encoding: "binary", keyEncoding: "binary" });
      tables.set(name, table);
      return table;
    },
    commit: (action) => root.childTransaction(action),
    close: () => root.close(),
  };
}
