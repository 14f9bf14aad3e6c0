/**
 * The state while a chunk executes: cells, accessed in the order of time, with a journal that undoes the accesses of a
 * reverted frame.
 *
 * Proves: a claimed access of a cell saw what the last access left that was not undone (0 for a cell of a transaction's
 *   scope not yet accessed in it), and left `after`.
 * Assumes: accesses of one cell are claimed with one scope (each chip derives both from the kind of cell).
 * Enforces: S-1 times of claimable entries ascend strictly; S-2 every active claimable entry is claimed (counts); S-3 between a
 *   revert and the height it names there are undos, as many as the journal is higher, and nothing else; an undo restores
 *   what the journal says; S-4 transactions are numbered from 1 in the order of time.
 * Sound because: a claim's key holds its time, and each chip claims at times of its own row, so no two claims share an
 *   entry; equal counts leave none unclaimed. An undo out of turn makes the count of those left negative, and it can
 *   not come back to 0 in fewer than p entries.
 * Cost: 75 gates an entry, 4.42 a cell.
 */
import { combine, isEqual, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { type Key, keyIf, pack } from "../../../builder/pack.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { ram, type Ram } from "../../../builder/ram.ts";
import { type DeferredRom, deferredKeyRom } from "../../../builder/deferredRom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { SUB_BITS, TIME_BITS } from "../../../../protocol/evm/accessKey.ts";
import { CELL_BITS, type CellScope } from "../../../../protocol/evm/stateCells.ts";
import type { StateAccessEntry } from "../../../../protocol/evm/plan/state/stateBusPlan.ts";
import type { Facts } from "../facts/facts.ts";

const ID_BITS = 20;
const CELL_INDEX_BITS = 20;
const TRANSACTION_BITS = 14;
const HEIGHT_BITS = 16;
/** What an entry is claimed as: access, checkpoint, revert, new transaction. */
const CLAIM_KINDS = { access: 1n, checkpoint: 2n, revert: 3n, newTransaction: 4n } as const;
type ClaimKind = keyof typeof CLAIM_KINDS;

/** One layout for all claims. */
interface ClaimWires {
  readonly time: Wire;
  readonly cell: Wire;
  readonly before: Wire;
  readonly after: Wire;
  readonly isScoped: Wire;
  readonly kind: Wire;
}

/** accessTime in wires: `t` below 2^20, `sub` below 2^14. */
export const timeOf = (b: Builder, t: Wire, sub: Wire | number, name: string): Wire =>
  typeof sub === "number"
    ? sum(b, [[1n << BigInt(SUB_BITS), t]], BigInt(sub), name) // prettier-ignore
    : sum(b, [[1n << BigInt(SUB_BITS), t], [1n, sub]], 0n, name); // prettier-ignore

export interface StateBusShape {
  readonly accesses: number;
}

interface Registers {
  readonly time: Wire;
  readonly transaction: Wire;
  readonly height: Wire;
  /** Undos that must follow. */
  readonly undos: Wire;
}

export class StateBus {
  readonly #b: Builder;
  readonly #facts: Facts;
  readonly #keys: DeferredRom<Key>;
  readonly #entries: (i: number) => StateAccessEntry | undefined;
  readonly #placeOf: () => ReadonlyMap<bigint, number>;
  readonly #claims: Term[] = [];
  readonly #count: number;
  #cells: Ram<typeof CELL_BITS> | undefined;

  /** `entries`: the plan's, in order. */
  constructor(b: Builder, facts: Facts, shape: StateBusShape, entries: () => readonly StateAccessEntry[]) {
    this.#b = b;
    this.#facts = facts;
    this.#count = shape.accesses;
    const list = b.compute(entries) ?? [];
    this.#entries = (i) => list[i];
    const places = new Map(list.flatMap((e, i) => (e.kind === "undo" ? [] : [[e.time, i + 1] as const])));
    this.#placeOf = () => places;
    this.#keys = deferredKeyRom(b, shape.accesses + 1, () => 0n, "state.keys");
    this.#keys.define(b, 0, pack(b, [], "state.null"));
  }

  /** What the cell holds; 0 where `condition` is given and 0, as of all that this class returns. */
  get(time: Wire, cell: Wire, scope: CellScope | Bool, name: string, condition?: Bool): Wire {
    const id = this.#foretell(time, "before", `${name}.id`, condition);
    this.#claim("access", { time, cell, before: id, after: id, scope }, name, condition);
    return id;
  }

  /** Puts `after` into the cell; what it held. */
  set(time: Wire, cell: Wire, scope: CellScope | Bool, after: Wire, name: string, condition?: Bool): Wire {
    const before = this.#foretell(time, "before", `${name}.before`, condition);
    this.#claim("access", { time, cell, before, after, scope }, name, condition);
    return before;
  }

  /** What the cell held, for a change that depends on it: claim it with `change` at the same time. */
  foretell(time: Wire, name: string, condition?: Bool): Wire {
    return this.#foretell(time, "before", name, condition);
  }

  /** What the cell will hold: claim it with `change` at the same time. */
  foretellAfter(time: Wire, name: string, condition?: Bool): Wire {
    return this.#foretell(time, "after", name, condition);
  }

  /** Enforces that the cell held `before` and now holds `after`. */
  change(
    time: Wire,
    cell: Wire,
    scope: CellScope | Bool,
    ids: { readonly before: Wire; readonly after: Wire },
    name: string,
    condition?: Bool,
  ): void {
    this.#claim("access", { time, cell, scope, ...ids }, name, condition);
  }

  /** The journal's height at this time. */
  checkpoint(time: Wire, name: string, condition?: Bool): Wire {
    const after = this.#foretell(time, "after", `${name}.height`, condition);
    const height = assertBits(this.#b, after, HEIGHT_BITS, `${name}.height`);
    this.#claim("checkpoint", { time, cell: this.#b.zero, before: this.#b.zero, after: height, scope: "chain" }, name, condition); // prettier-ignore
    return height;
  }

  /** Undoes every access since the journal had this height. */
  revert(time: Wire, height: Wire, name: string, condition?: Bool): void {
    const { zero } = this.#b;
    this.#claim("revert", { time, cell: zero, before: height, after: zero, scope: "chain" }, name, condition);
  }

  /** From this time on it is transaction `number`. */
  newTransaction(time: Wire, number: Wire, name: string, condition?: Bool): void {
    const { zero } = this.#b;
    this.#claim("newTransaction", { time, cell: zero, before: zero, after: number, scope: "chain" }, name, condition); // prettier-ignore
  }

  /** Runs the entries over the cells, whose first contents are ids. After this only `final` may be asked. */
  run(cells: readonly Wire[]): void {
    const b = this.#b;
    b.scope("state", () => {
      this.#cells = ram(b, cells, CELL_BITS, "cells");
      const journal = ram(b, Array.from({ length: this.#count + 1 }, () => b.zero), CELL_BITS + CELL_INDEX_BITS, "journal"); // prettier-ignore
      let registers: Registers = { time: b.zero, transaction: b.zero, height: b.zero, undos: b.zero };
      const active: Term[] = [];
      for (let i = 0; i < this.#count; i++)
        registers = b.scope(`access[${i}]`, () => {
          const { next, isClaimable } = this.#entry(i, registers, journal);
          active.push([1n, isClaimable]);
          return next;
        });
      b.assertZero([], [[1n, registers.undos]], 0n, "undos.noneLeft"); // prettier-ignore
      const claimed = this.#claims.map(([, wire]): Term => [-1n, wire]);
      b.assertZero([], [...active, ...claimed], 0n, "accesses.eachClaimed");
      this.#keys.close();
    });
  }

  /** What a cell holds at the end: id, and the transaction at whose end it was first not empty (0: never or before). */
  final(cell: number, name: string): { readonly id: Wire; readonly birth: Wire } {
    const b = this.#b;
    const { id, transaction, birth } = this.#unpack(
      this.#cells!.read(b, b.constant(BigInt(cell)), name),
      name,
    );
    return { id, birth: this.#birthOf(id, transaction, birth, b.one, name) };
  }

  #foretell(time: Wire, field: "before" | "after", name: string, condition?: Bool): Wire {
    const b = this.#b;
    const id = witnessBits(b, ID_BITS, name, () => {
      if (condition !== undefined && b.value(condition) === 0n) return 0n;
      const place = this.#placeOf().get(b.value(time));
      return BigInt(place === undefined ? 0 : this.#entries(place - 1)![field]);
    });
    if (condition !== undefined)
      b.assertZero([[1n, condition, id]], [[-1n, id]], 0n, `${name}.zeroIfNotAsked`); // prettier-ignore
    return id;
  }

  #claim(
    kind: ClaimKind,
    claim: Omit<ClaimWires, "isScoped" | "kind"> & { readonly scope: CellScope | Bool },
    name: string,
    condition?: Bool,
  ): void {
    const b = this.#b;
    const { scope } = claim;
    const isScoped = scope === "chain" ? b.zero : scope === "transaction" ? b.one : scope;
    const key = claimKey(
      b,
      { ...claim, isScoped, kind: b.constant(CLAIM_KINDS[kind]) },
      b.one,
      `${name}.key`,
    );
    const gated = condition === undefined ? key : keyIf(b, condition, key, `${name}.gated`);
    const place = witnessBits(b, CELL_INDEX_BITS, `${name}.place`, () =>
      condition !== undefined && b.value(condition) === 0n
        ? 0n
        : BigInt(this.#placeOf().get(b.value(claim.time)) ?? 0),
    );
    this.#keys.assertAt(b, place, gated, `${name}.isAccess`);
    this.#claims.push([1n, condition ?? b.one]);
  }

  #entry(i: number, registers: Registers, journal: Ram<number>): { next: Registers; isClaimable: Bool } {
    const b = this.#b;
    const cells = this.#cells!;
    const entry = (): StateAccessEntry | undefined => this.#entries(i);
    const is = (kind: StateAccessEntry["kind"]): Bool =>
      witnessBool(b, kind, () => entry()?.kind === kind); // prettier-ignore
    const [isAccess, isCheckpoint, isRevert, isUndo, isNew] = [is("access"), is("checkpoint"), is("revert"), is("undo"), is("newTransaction")]; // prettier-ignore
    const isClaimable = assertBits(b, sum(b, [[1n, isAccess], [1n, isCheckpoint], [1n, isRevert], [1n, isNew]], 0n, "isClaimable"), 1, "kind.one"); // prettier-ignore
    b.assertZero([[1n, isClaimable, isUndo]], [], 0n, "kind.undoAlone"); // prettier-ignore
    // S-3: while undos are left, nothing else; idle entries neither.
    b.assertZero([[1n, isUndo, registers.undos]], [[-1n, registers.undos]], 0n, "undos.first"); // prettier-ignore
    const time = witnessBits(b, TIME_BITS, "time", () => entry()?.time ?? b.value(registers.time));
    const later = combine(b, [[1n, isClaimable, time], [-1n, isClaimable, registers.time]], [[-1n, isClaimable]], 0n, "later"); // prettier-ignore
    assertBits(b, later, TIME_BITS, "time.ascends");
    const cell = witnessBits(b, CELL_INDEX_BITS, "cell", () => BigInt(entry()?.cell ?? 0));
    const held = cells.read(b, cell, "held");
    const old = this.#unpack(held, "old");
    const isScoped = witnessBool(b, "isScoped", () => entry()?.scope === "transaction");
    const isSame = isEqual(b, old.transaction, registers.transaction, "isSameTransaction");
    const isFresh = and(b, isScoped, not(b, isSame, "isOtherTransaction"), "isFresh");
    const seen = mux(b, isFresh, b.zero, old.id, "seen");
    const before = witnessBits(b, ID_BITS, "before", () => BigInt(entry()?.before ?? 0));
    const after = witnessBits(b, ID_BITS, "after", () => BigInt(entry()?.after ?? 0));
    b.assertZero([[1n, isAccess, before], [-1n, isAccess, seen]], [], 0n, "access.seesLast"); // prettier-ignore
    const other = not(b, isSame, "isLater");
    const birth = this.#birthOf(old.id, old.transaction, old.birth, other, "birth");
    const made = sum(b, [[1n, after], [1n << 20n, registers.transaction], [1n << 34n, birth]], 0n, "made"); // prettier-ignore
    const restored = witnessBits(b, CELL_BITS, "restored", () => this.#undone(journal, registers));
    const left = mux(b, isAccess, promiseBits(b, made, CELL_BITS, "made"), held, "left.ifNoUndo");
    const now = mux(b, isUndo, restored, left, "left");
    cells.write(b, cell, now, "left.write");
    // The journal: an access writes (cell, held) at the height, an undo reads (cell, restored) below it.
    const at = assertBits(b, sum(b, [[1n, registers.height], [-1n, isUndo]], 0n, "journal.at"), HEIGHT_BITS, "journal.at"); // prettier-ignore
    const record = journal.read(b, at, "journal.record");
    const undone = sum(b, [[1n, cell], [1n << 20n, restored]], 0n, "undone"); // prettier-ignore
    b.assertZero([[1n, isUndo, record], [-1n, isUndo, undone]], [], 0n, "undo.isRecord"); // prettier-ignore
    const written = sum(b, [[1n, cell], [1n << 20n, held]], 0n, "journal.entry"); // prettier-ignore
    journal.write(b, at, mux(b, isAccess, written, record, "journal.now"), "journal.write");
    const height = sum(b, [[1n, registers.height], [1n, isAccess], [-1n, isUndo]], 0n, "height"); // prettier-ignore
    b.assertZero([[1n, isCheckpoint, after], [-1n, isCheckpoint, registers.height]], [], 0n, "checkpoint.isHeight"); // prettier-ignore
    const undos = combine(b, [[1n, isRevert, registers.height], [-1n, isRevert, before]], [[1n, registers.undos], [-1n, isUndo]], 0n, "undos"); // prettier-ignore
    const transaction = assertBits(b, sum(b, [[1n, registers.transaction], [1n, isNew]], 0n, "transaction"), TRANSACTION_BITS, "transaction"); // prettier-ignore
    b.assertZero([[1n, isNew, after], [-1n, isNew, transaction]], [], 0n, "newTransaction.isNext"); // prettier-ignore
    const kind = sum(b, [[CLAIM_KINDS.access, isAccess], [CLAIM_KINDS.checkpoint, isCheckpoint], [CLAIM_KINDS.revert, isRevert], [CLAIM_KINDS.newTransaction, isNew]], 0n, "kind"); // prettier-ignore
    this.#keys.define(b, i + 1, claimKey(b, { time, cell, before, after, isScoped, kind }, isClaimable, "key")); // prettier-ignore
    const next: Registers = { time: mux(b, isClaimable, time, registers.time, "time.now"), transaction, height, undos }; // prettier-ignore
    return { next, isClaimable };
  }

  /** What the journal's last record restores: for the witness. */
  #undone(journal: Ram<number>, { height }: Registers): bigint {
    return journal.peek(this.#b.value(height) - 1n) >> 20n;
  }

  #unpack(held: Wire, name: string): { id: Wire; transaction: Wire; birth: Wire } {
    const b = this.#b;
    const id = witnessBits(b, ID_BITS, `${name}.id`, () => b.value(held) & 0xfffffn);
    const transaction = witnessBits(b, TRANSACTION_BITS, `${name}.transaction`, () => (b.value(held) >> 20n) & 0x3fffn); // prettier-ignore
    const birth = witnessBits(b, TRANSACTION_BITS, `${name}.birth`, () => b.value(held) >> 34n);
    b.assertZero([], [[1n, id], [1n << 20n, transaction], [1n << 34n, birth], [-1n, held]], 0n, `${name}.unpack`); // prettier-ignore
    return { id, transaction, birth };
  }

  /** The birth known so far, else, if the value stood at the end of an earlier transaction and is not empty, that one. */
  #birthOf(id: Wire, transaction: Wire, birth: Wire, isLater: Bool, name: string): Wire {
    const b = this.#b;
    const { lo, hi } = this.#facts.word(id, `${name}.value`);
    const isEmpty = isZero(b, sum(b, [[1n, lo], [1n, hi]], 0n, `${name}.sum`), `${name}.isEmpty`); // prettier-ignore
    const isUnknown = isZero(b, birth, `${name}.isUnknown`);
    const stands = and(b, and(b, isLater, not(b, isEmpty, `${name}.isFull`), `${name}.stood`), isUnknown, `${name}.isFirst`); // prettier-ignore
    // One of the two is 0.
    const found = sum(b, [[1n, birth], [1n, mul(b, stands, transaction, `${name}.new`)]], 0n, name); // prettier-ignore
    return assertBits(b, found, TRANSACTION_BITS, name);
  }
}

function claimKey(b: Builder, claim: ClaimWires, active: Bool, name: string): Key {
  return pack(
    b,
    [
      { wire: claim.time, at: 0, bits: TIME_BITS },
      { wire: claim.cell, at: 34, bits: CELL_INDEX_BITS },
      { wire: claim.before, at: 54, bits: ID_BITS },
      { wire: claim.after, at: 74, bits: ID_BITS },
      { wire: claim.isScoped, at: 94, bits: 1 },
      { wire: claim.kind, at: 95, bits: 4 },
      { wire: active, at: 99, bits: 1 },
    ],
    name,
  );
}
