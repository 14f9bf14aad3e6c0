/**
 * CALLDATACOPY, CODECOPY, RETURNDATACOPY, MCOPY and EXTCODECOPY: two rows each, the second with the length (of EXTCODECOPY
 * source and length).
 *
 * Proves: memory of the row's frame after it is what the opcode leaves; y of the first row is 3 gas a word, the expansion, and of
 *   EXTCODECOPY the access of the account.
 * Assumes: as `memoryOps.ts`; `external.open` proves the account's code and gas.
 * Enforces: K-1 one kind an active entry; K-2 the ranges of operands (`operands.ts`): of length 0, offsets do not matter; K-3
 *   expansion to the end of the destination, of MCOPY to the greater end; K-4 the source's offset is clamped to its length, which
 *   RETURNDATACOPY (EIP-211) and an MCOPY of some bytes must not need, and RETURNDATACOPY has all its bytes; K-5 the copy
 *   (`copyRows.ts`).
 * Sound because: every flag that is not one of the kinds is proven by a range. The keys of both rows are timed: no row asks one
 *   without the other, as row t + 1 executes what row t says follows.
 * Cost: 298 gates with its request, and the rows of `copyRows.ts`.
 */
import { add, combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { assertImplies, not, and } from "../../../builder/bool.ts";
import type { Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { CopyEntry } from "../../../../protocol/evm/plan/memory/copiesPlan.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { CopyRows } from "./copyRows.ts";
import { expandMemory } from "./expansion.ts";
import { CELL_BITS, memoryTime } from "./memoryBus.ts";
import { ADDRESS_BITS, clampOffset, type ClampedOffset, LENGTH_BITS, type MemoryRange, memoryRange, wordsOf } from "./operands.ts"; // prettier-ignore
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import { laterRow } from "./laterRow.ts";
import type { ExternalCode, ExternalCodeWires, MemoryServices } from "./services.ts";

const OPS = {
  calldata: OPCODE.CALLDATACOPY!,
  code: OPCODE.CODECOPY!,
  returned: OPCODE.RETURNDATACOPY!,
  move: OPCODE.MCOPY!,
  external: OPCODE.EXTCODECOPY!,
} as const;
type Kind = keyof typeof OPS;

/** No memory is as long. */
const ENDLESS = (1n << BigInt(LENGTH_BITS)) - 1n;
/** Static gas of all but EXTCODECOPY. */
const STATIC_GAS = 3n;

export interface CopyServices extends MemoryServices {
  readonly copyRows: CopyRows;
  readonly external: ExternalCode;
}

export function copyChip(
  services: CopyServices,
  count: number,
  entry: (i: number) => CopyEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    services.b.scope(`copy[${i}]`, () => new Copy(services, () => entry(i)).define(i));
}

interface Operands {
  /** Ids of the second row. */
  readonly a: Wire;
  readonly b: Wire;
  readonly address: Word;
  readonly source: Word;
  readonly target: MemoryRange;
}

/** Of the source: where it starts and how many bytes it has. */
interface Region {
  readonly start: Wire;
  readonly length: Wire;
}

class Copy {
  readonly #services: CopyServices;
  readonly #entry: () => CopyEntry | undefined;
  readonly #is: Readonly<Record<Kind, Bool>>;
  readonly #active: Bool;
  readonly #row: TimedQuestion;

  constructor(services: CopyServices, entry: () => CopyEntry | undefined) {
    const { b } = services;
    this.#services = services;
    this.#entry = entry;
    const kinds = Object.entries(OPS).map(([kind, op]) => [kind, witnessBool(b, kind, () => entry()?.first.op === op)]); // prettier-ignore
    this.#is = Object.fromEntries(kinds) as Record<Kind, Bool>;
    const all = Object.values(this.#is).map((is): Term => [1n, is]);
    this.#active = assertBits(b, sum(b, all, 0n, "active"), 1, "active.one");
    this.#row = witnessQuestion(b, () => entry()?.first);
  }

  define(i: number): void {
    const { b, copyRows, external, frames } = this.#services;
    const { t, f } = this.#row;
    const operands = this.#operands();
    const { target } = operands;
    // An entry that nobody asked for copies nothing.
    b.assertZero([[1n, this.#active, target.length]], [[-1n, target.length]], 0n, "target.ofActive"); // prettier-ignore
    const base = frames.read("memoryBase", f, "memoryBase");
    const own = sum(b, [[32n, base]], 64n, "memoryStart");
    const opened = external.open({ t, address: operands.address, condition: this.#is.external }, "external");
    const region = this.#region(base, own, opened);
    const clamped = clampOffset(b, operands.source, region.length, "source");
    this.#assertInside(target, clamped);
    const paid = this.#gas(base, target, clamped, opened.gas);
    const isCode = assertBits(b, add(b, this.#is.code, this.#is.external, "isCode"), 1, "isCode.bool");
    const source = assertBits(b, add(b, region.start, clamped.offset, "from"), ADDRESS_BITS, "from.size");
    const destination = assertBits(b, add(b, own, target.offset, "to"), ADDRESS_BITS, "to.size");
    const { available } = clamped;
    copyRows.add({ t, destination, length: target.length, source, isCode, available }, "bytes");
    this.#defineKeys(i, operands, paid);
  }

  #operands(): Operands {
    const { b, facts } = this.#services;
    const { external } = this.#is;
    const row = this.#row;
    const [a2, b2] = (["a", "b"] as const).map((field) => witnessBits(b, 20, `second.${field}`, () => BigInt(this.#entry()?.second[field] ?? 0))) as [Wire, Wire]; // prettier-ignore
    const word = (x: Wire, y: Wire, name: string): Word =>
      facts.word(mux(b, external, x, y, `${name}.id`), name);
    const target = memoryRange(b, word(row.b, row.a, "destination"), word(b2, a2, "length"), "target");
    return { a: a2, b: b2, address: facts.word(row.a, "address"), source: word(a2, row.b, "source"), target };
  }

  /** Byte address, or code position, and length of what is copied from. */
  #region(base: Wire, own: Wire, opened: ExternalCodeWires): Region {
    const { b, bus, frames } = this.#services;
    const { t, f } = this.#row;
    const { calldata, code, returned, move, external } = this.#is;
    const control = assertBits(b, sum(b, [[1n, base]], 1n, "returnFrame.cell"), CELL_BITS, "returnFrame.cell.size"); // prettier-ignore
    const time = memoryTime(b, t, Sub.RETURN_FRAME, undefined, "returnFrame.time");
    const callee = mul(b, returned, bus.read(time, control, "returnFrame", returned), "returnFrame.own");
    const read = (column: Parameters<typeof frames.read>[0], of: Wire = f): Wire =>
      frames.read(column, of, column);
    const start = combine(
      b,
      [
        [1n, calldata, read("inputStart")],
        [1n, code, read("codeBase")],
        [1n, returned, read("outputStart", callee)],
        [1n, move, own],
        [1n, external, opened.codeBase],
      ],
      [],
      0n,
      "region.start",
    );
    const length = combine(
      b,
      [
        [1n, calldata, read("inputLength")],
        [1n, code, read("codeSize")],
        [1n, returned, read("outputLength", callee)],
        [1n, external, opened.codeSize],
      ],
      [[ENDLESS, move]],
      0n,
      "region.length",
    );
    return {
      start: assertBits(b, start, ADDRESS_BITS, "region.start.size"),
      length: assertBits(b, length, LENGTH_BITS, "region.length.size"),
    };
  }

  /** K-4. */
  #assertInside(target: MemoryRange, { available, isPast }: ClampedOffset): void {
    const { b } = this.#services;
    const { returned, move } = this.#is;
    b.assertZero([[1n, returned, isPast]], [], 0n, "returned.fromInside"); // prettier-ignore
    const left = combine(b, [[1n, returned, available], [-1n, returned, target.length]], [], 0n, "returned.left"); // prettier-ignore
    assertBits(b, left, LENGTH_BITS, "returned.inBounds");
    const moves = and(b, move, not(b, target.isEmpty, "copiesBytes"), "moves");
    b.assertZero([[1n, moves, isPast]], [], 0n, "move.fromInside"); // prettier-ignore
  }

  /** y of the first row. */
  #gas(base: Wire, target: MemoryRange, source: ClampedOffset, access: Wire): Wire {
    const { b, bus, frames } = this.#services;
    const moves = and(b, this.#is.move, not(b, target.isEmpty, "opens"), "opensSource");
    // The greater of both offsets, of MCOPY.
    const bySource = witnessBool(b, "end.bySource", () => b.value(moves) === 1n && b.value(source.offset) > b.value(target.offset)); // prettier-ignore
    assertImplies(b, bySource, moves, "end.bySource.ofMove");
    const ahead = sum(b, [[1n, source.offset], [-1n, target.offset]], 0n, "end.ahead"); // prettier-ignore
    const side = combine(b, [[2n, bySource, ahead], [-1n, moves, ahead]], [], 0n, "end.distance"); // prettier-ignore
    assertBits(b, side, LENGTH_BITS, "end.isGreater");
    const last = mux(b, bySource, source.offset, target.offset, "end.offset");
    const { words: touched } = wordsOf(b, add(b, last, target.length, "end"), "touched");
    const limit = frames.read("memoryLimit", this.#row.f, "memoryLimit");
    const time = memoryTime(b, this.#row.t, Sub.SIZE, undefined, "size.time");
    const { gas } = expandMemory(b, bus, { time, base, limit, touched, condition: this.#active }, "size");
    const { words } = wordsOf(b, target.length, "copied");
    return sum(b, [[1n, gas], [3n, words], [1n, access]], 0n, "paid"); // prettier-ignore
  }

  #defineKeys(i: number, { a, b: second }: Operands, y: Wire): void {
    const { b, facts } = this.#services;
    const { external } = this.#is;
    const ops = (Object.keys(OPS) as Kind[]).map((kind): Term => [BigInt(OPS[kind]), this.#is[kind]]);
    const op = sum(b, ops, 0n, "op");
    facts.defineTimedKey("copies", i, this.#active, { op, ...this.#row, y }, "key[0]");
    const active = this.#active;
    const paid: Term[] = [[1n, y], [STATIC_GAS, active], [-STATIC_GAS, external]]; // prettier-ignore
    const later = laterRow(b, this.#row, { active, rows: 1, popped: 2, paid }, "second");
    const next = sum(b, [[BigInt(Tag.EXTCODECOPY_SOURCE - Tag.COPY_LENGTH), external]], BigInt(Tag.COPY_LENGTH), "second.op"); // prettier-ignore
    facts.defineTimedKey("copies", i, this.#active, { op: next, a, b: second, ...later }, "key[1]", 1);
  }
}
