/**
 * Copies of bytes into memory: requests from any chip, and one list of rows that they share, a row a destination cell.
 *
 * Proves: after row t's own accesses, destination + k holds byte k of the source for k < length: the byte at source + k for
 *   k < available, then zeros. All else is as before. All reads come before all writes, so an overlap copies what was there.
 * Assumes: the request's wires are right: destination and length lie in the frame's open memory; source and available name
 *   bytes of memory or of one code segment; t is the requester's own row, and makes no other accesses at these subs.
 * Enforces: C-1 destination = 32 cell + head, with the rows the bytes need; C-2 source - head + 32 = 32 q + shift, or its code
 *   position; C-3 row j reads the cells before and behind its 32 bytes, each once; C-4 its word is the cell, their JOIN, or the
 *   CODE_WORD; C-5 what lies past `available` is zeros; C-6 at both ends the old cell's bytes stay; C-7 it writes its cell.
 * Sound because: rows of a request are numbered without gaps and are as many as it counts (sharedList.ts). A row's first cell is
 *   the second of the row before, read in the same row t before any write. The cell before the source's first may be missing
 *   (`leads` = 0) only where nothing of it is kept: at cell 0, or where there is no source. `masks` = 0 is proven by
 *   available >= length. `whole`, `partial` and `none` are proven by the range of what is left of the source.
 * Cost: a request 75 gates, a row 138; accesses: 2 a cell, 1 a request.
 */
import { add, combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Term } from "../../../builder/builder.ts";
import { builderError } from "../../../builder/errors.ts";
import { assertBits, assertFits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { SharedList, type SharedRow } from "../../../gadgets/sharedList.ts";
import { MAX_COPY_WORDS, Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import { CELL_BITS, memoryTime } from "./memoryBus.ts";
import { ADDRESS_BITS, LENGTH_BITS, wordsOf } from "./operands.ts";
import type { MemoryServices } from "./services.ts";

export interface CopyRequest {
  /** Row in whose time it happens. */
  readonly t: Wire;
  /** Byte address; length in bytes, 0 = nothing is copied, whatever the rest is. */
  readonly destination: Wire;
  readonly length: Wire;
  /** Byte address, or position in the table of all code. */
  readonly source: Wire;
  readonly isCode: Bool;
  /** Bytes from there on that the source has. */
  readonly available: Wire;
}

/** What rows read of their request, by its number. */
const COLUMNS = ["t", "cell", "place", "shift", "head", "hasHead", "tail", "hasTail", "valid", "isCode", "looksUp", "first"] as const; // prettier-ignore
type Column = (typeof COLUMNS)[number];
type Columns<T> = Readonly<Record<Column, T>>;

export class CopyRows {
  readonly #services: MemoryServices;
  readonly #capacity: number;
  readonly #requests: Columns<Wire>[] = [];
  readonly #counts: Wire[] = [];

  /** Throws BAD_ARITY when more rows are asked for than a row's time has subs. */
  constructor(services: MemoryServices, capacity: number) {
    this.#services = services;
    this.#capacity = capacity;
    if (capacity > MAX_COPY_WORDS)
      throw builderError({ code: "BAD_ARITY", where: services.b.where("copyRows"), expected: MAX_COPY_WORDS, got: capacity }); // prettier-ignore
  }

  /** Where length is not 0, the copy happens. */
  add(request: CopyRequest, name: string): void {
    this.#services.b.scope(name, () => this.#add(request));
  }

  #add({ t, destination, length, source, isCode, available }: CopyRequest): void {
    const { b, bus } = this.#services;
    assertFits(b, destination, ADDRESS_BITS, "destination");
    assertFits(b, source, ADDRESS_BITS, "source");
    for (const size of [length, available]) assertFits(b, size, LENGTH_BITS, "length");
    const isEmpty = isZero(b, length, "isEmpty");
    const cell = witnessBits(b, CELL_BITS, "cell", () => b.value(destination) / 32n);
    const within = witnessBits(b, 5, "within", () => b.value(destination) % 32n);
    b.assertZero([], [[32n, cell], [1n, within], [-1n, destination]], 0n, "cell.ofDestination"); // prettier-ignore
    const head = combine(b, [[-1n, isEmpty, within]], [[1n, within]], 0n, "head.own");
    const first = assertBits(b, head, 5, "head");
    const { words, spare } = wordsOf(b, add(b, first, length, "span"), "rows");
    const masks = witnessBool(b, "masks", () => b.value(available) < b.value(length));
    const enough = combine(b, [[-1n, masks, available], [1n, masks, length]], [[1n, available], [-1n, length]], 0n, "enough"); // prettier-ignore
    assertBits(b, enough, LENGTH_BITS, "masks.proven");
    // A source without bytes is read nowhere, not even for what the head hides.
    const nothing = isZero(b, available, "source.isNothing");
    const cut = combine(b, [[-1n, nothing, first]], [[1n, available], [1n, first]], 0n, "valid.cut"); // prettier-ignore
    const valid = mux(b, masks, cut, mul(b, words, b.constant(32n), "valid.all"), "valid");
    // C-2: 32 more, so that the bytes before the source's first do not make it negative.
    const from = sum(b, [[1n, source], [-1n, first]], 32n, "from"); // prettier-ignore
    const memory = combine(b, [[-1n, isCode, from]], [[1n, from]], 0n, "from.memory");
    const q = witnessBits(b, CELL_BITS, "q", () => b.value(memory) / 32n);
    const shift = witnessBits(b, 5, "shift", () => b.value(memory) % 32n);
    b.assertZero([], [[32n, q], [1n, shift], [-1n, memory]], 0n, "q.ofSource"); // prettier-ignore
    const readsCode = and(b, isCode, not(b, nothing, "source.isThere"), "readsCode");
    const position = combine(b, [[1n, readsCode, from]], [[-32n, readsCode]], 0n, "position");
    const place = add(b, q, assertBits(b, position, 20, "position.size"), "place");
    const unaligned = not(b, isZero(b, shift, "aligned"), "unaligned");
    const looksUp = assertBits(b, add(b, unaligned, isCode, "looksUp"), 1, "looksUp.bool");
    const spareZero = isZero(b, spare, "endsWhole");
    this.#requests.push({
      t,
      cell,
      place: assertBits(b, place, CELL_BITS, "place.size"),
      shift,
      head: first,
      hasHead: not(b, isZero(b, first, "startsWhole"), "hasHead"),
      tail: assertBits(b, sum(b, [[-1n, spare]], 32n, "tail"), 6, "tail.size"), // prettier-ignore
      hasTail: not(b, spareZero, "hasTail"),
      valid: assertBits(b, valid, ADDRESS_BITS, "valid.size"),
      isCode,
      looksUp,
      first: this.#lead(t, q, mul(b, not(b, isEmpty, "copies"), available, "source.bytes"), bus),
    });
    this.#counts.push(words);
  }

  /** The cell before the first row's second. */
  #lead(t: Wire, q: Wire, bytes: Wire, bus: MemoryServices["bus"]): Wire {
    const { b } = this.#services;
    const needed = mul(b, q, bytes, "leads.needed");
    const leads = witnessBool(b, "leads", () => b.value(needed) !== 0n);
    b.assertZero([[-1n, leads, needed]], [[1n, needed]], 0n, "leads.whereNeeded"); // prettier-ignore
    const before = combine(b, [[1n, leads, q]], [[-1n, leads]], 0n, "lead.cell");
    const cell = assertBits(b, before, CELL_BITS, "lead.cell.size");
    return bus.read(memoryTime(b, t, Sub.READ, undefined, "lead.time"), cell, "lead", leads);
  }

  /** The rows, after the last request. */
  close(): void {
    const { b } = this.#services;
    b.scope("copies", () => {
      const rows = new SharedList(b, this.#counts, this.#capacity, "copyRow");
      const tables = Object.fromEntries(
        COLUMNS.map((column) => [column, rom(b, this.#requests.map((request) => request[column]), column)]), // prettier-ignore
      ) as unknown as Columns<Rom<Wire>>;
      let before: { isLast: Bool; second: Wire } = { isLast: b.one, second: b.zero };
      rows.rows.forEach((row, r) => {
        before = b.scope(`copyRow[${r}]`, () => this.#row(row, before, tables));
      });
    });
  }

  #row(
    { active, owner, index, rest }: SharedRow,
    before: { readonly isLast: Bool; readonly second: Wire },
    tables: Columns<Rom<Wire>>,
  ): { isLast: Bool; second: Wire } {
    const { b, bus, facts } = this.#services;
    const isLast = and(b, active, isZero(b, rest, "rest.isNone"), "isLast");
    const of = Object.fromEntries(
      COLUMNS.map((column) => [column, tables[column].read(b, owner, `${column}.read`)]),
    ) as unknown as Columns<Wire>;
    const flag = (column: Column): Bool => promiseBits(b, of[column], 1, column);
    const { whole, partial, none, kept } = this.#sourceLeft(of.valid, index);
    const uses = and(b, active, not(b, none, "some"), "uses");
    const looks = and(b, uses, flag("looksUp"), "looks");
    // C-3: the cell behind is needed by the join, or as the next row's cell before.
    const alone = and(b, isLast, not(b, flag("looksUp"), "isAligned"), "needsOne");
    const reads = and(b, and(b, uses, not(b, flag("isCode"), "isMemory"), "usesMemory"), not(b, alone, "needsTwo"), "reads"); // prettier-ignore
    const behind = assertBits(b, add(b, of.place, index, "behind"), CELL_BITS, "behind.size");
    const second = bus.read(memoryTime(b, of.t, Sub.READ + 1, index, "read.time"), behind, "read", reads);
    const held = mux(b, before.isLast, of.first, before.second, "before");
    const position = combine(b, [[1n, flag("isCode"), of.place], [32n, flag("isCode"), index]], [], 0n, "pc"); // prettier-ignore
    const question = {
      op: sum(b, [[BigInt(Tag.CODE_WORD - Tag.JOIN), flag("isCode")]], BigInt(Tag.JOIN), "word.op"),
      a: held,
      b: second,
      sp: of.shift,
      pc: assertBits(b, position, 20, "pc.size"),
    };
    const found = mux(b, flag("looksUp"), facts.answer(question, "word", looks), held, "found");
    const masked = facts.answer({ op: BigInt(Tag.MERGE), a: found, b: 0n, sp: kept }, "mask", and(b, active, partial, "cuts")); // prettier-ignore
    const source = combine(b, [[1n, whole, found], [1n, partial, masked]], [], 0n, "source"); // prettier-ignore
    const bytes = assertBits(b, source, 20, "source.size");
    // C-6, C-7.
    const time = memoryTime(b, of.t, Sub.WRITE, index, "write.time");
    const cell = assertBits(b, add(b, of.cell, index, "cell"), CELL_BITS, "cell.size");
    const old = bus.foretell(time, "write", active);
    const starts = and(b, and(b, active, before.isLast, "isFirst"), flag("hasHead"), "keepsHead");
    const headed = facts.answer({ op: BigInt(Tag.MERGE), a: old, b: bytes, sp: of.head }, "head", starts);
    const begun = mux(b, starts, headed, bytes, "begun");
    const ends = and(b, isLast, flag("hasTail"), "keepsTail");
    const tailed = facts.answer({ op: BigInt(Tag.MERGE), a: begun, b: old, sp: of.tail }, "tail", ends);
    const after = mux(b, ends, tailed, begun, "after");
    bus.change({ time, cell, before: old, after }, "write", active);
    return { isLast, second };
  }

  /** C-5: v = valid - 32 index bytes of the source are left: all of a word, some, or none. */
  #sourceLeft(valid: Wire, index: Wire): { whole: Bool; partial: Bool; none: Bool; kept: Wire } {
    const { b } = this.#services;
    const left = sum(b, [[1n, valid], [-32n, index]], 0n, "left"); // prettier-ignore
    const value = (): bigint => b.value(valid) - 32n * b.value(index);
    const whole = witnessBool(b, "whole", () => value() >= 32n);
    const partial = witnessBool(b, "partial", () => value() > 0n && value() < 32n);
    const both: Term[] = [[-1n, whole], [-1n, partial]]; // prettier-ignore
    const none = assertBits(b, sum(b, both, 1n, "none"), 1, "left.one");
    const distance = combine(b, [[1n, whole, left], [-1n, none, left]], [[-32n, whole]], 0n, "left.distance"); // prettier-ignore
    assertBits(b, distance, ADDRESS_BITS, "left.side");
    const kept = assertBits(b, mul(b, partial, left, "kept"), 6, "kept.inWord");
    return { whole, partial, none, kept };
  }
}
