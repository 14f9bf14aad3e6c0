/** The accesses to the state of a chunk in the order of execution, with the journal that undoes them. */
import { accessTime } from "../../accessKey.ts";
import type { CellScope } from "../../stateCells.ts";
import type { FactBook } from "../factBook.ts";

export type StateAccessKind = "access" | "checkpoint" | "revert" | "undo" | "newTransaction";

/** One entry of the bus. */
export interface StateAccessEntry {
  readonly kind: StateAccessKind;
  /** Of the access that caused it, for an undo. */
  readonly time: bigint;
  /** Of "access" and "undo". */
  readonly cell: number;
  readonly scope: CellScope;
  /** Ids; of "checkpoint" `after`, of "revert" `before` is the height of the journal; of "newTransaction" `after` its number. */
  readonly before: number;
  readonly after: number;
}

/** Of a cell; what `CELL_FIELDS` packs. */
interface Held {
  readonly id: number;
  readonly transaction: number;
  readonly birth: number;
}

const NOTHING: Held = { id: 0, transaction: 0, birth: 0 };

export class StateBusPlan {
  readonly entries: StateAccessEntry[] = [];
  /** By cell. */
  readonly cells: (Held | undefined)[] = [];
  readonly #book: FactBook;
  readonly #journal: { cell: number; held: Held }[] = [];
  #transaction = 0;

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** What a cell holds before the chunk. */
  start(cell: number, id: number): void {
    this.cells[cell] = { ...NOTHING, id };
  }

  get(t: number, sub: number, cell: number, scope: CellScope): number {
    return this.#access(t, sub, cell, scope, undefined);
  }

  /** Returns what the cell held before. */
  set(t: number, sub: number, cell: number, scope: CellScope, id: number): number {
    return this.#access(t, sub, cell, scope, id);
  }

  /** What `get` would return, without an access. */
  peek(cell: number, scope: CellScope): number {
    const held = this.cells[cell] ?? NOTHING;
    return scope === "transaction" && held.transaction !== this.#transaction ? 0 : held.id;
  }

  /** Height of the journal now. */
  checkpoint(t: number, sub: number): number {
    const after = this.#journal.length;
    this.#push({ kind: "checkpoint", time: accessTime(t, sub), cell: 0, scope: "chain", before: 0, after });
    return after;
  }

  /** Undoes every access since the journal had this height. */
  revert(t: number, sub: number, height: number): void {
    const time = accessTime(t, sub);
    this.#push({ kind: "revert", time, cell: 0, scope: "chain", before: height, after: 0 });
    while (this.#journal.length > height) {
      const { cell, held } = this.#journal.pop()!;
      const before = this.cells[cell]?.id ?? 0;
      this.cells[cell] = held;
      this.#push({ kind: "undo", time, cell, scope: "chain", before, after: held.id });
    }
  }

  newTransaction(t: number, sub: number): void {
    this.#transaction++;
    const time = accessTime(t, sub);
    this.#push({
      kind: "newTransaction",
      time,
      cell: 0,
      scope: "chain",
      before: 0,
      after: this.#transaction,
    });
  }

  /** The transaction at whose end the cell was first not empty; 0 = never, or before the chunk. */
  birth(cell: number): number {
    const held = this.cells[cell] ?? NOTHING;
    return this.#birthOf(held);
  }

  #access(t: number, sub: number, cell: number, scope: CellScope, id: number | undefined): number {
    const held = this.cells[cell] ?? NOTHING;
    const isNew = held.transaction !== this.#transaction;
    const before = scope === "transaction" && isNew ? 0 : held.id;
    const after = id ?? before;
    this.#journal.push({ cell, held });
    const birth = isNew ? this.#birthOf(held) : held.birth;
    this.cells[cell] = { id: after, transaction: this.#transaction, birth };
    this.#push({ kind: "access", time: accessTime(t, sub), cell, scope, before, after });
    return before;
  }

  #birthOf({ id, transaction, birth }: Held): number {
    if (birth !== 0) return birth;
    return this.#book.value(id) === 0n ? 0 : transaction;
  }

  #push(entry: StateAccessEntry): void {
    this.#book.take("stateAccesses");
    this.entries.push(entry);
  }
}
