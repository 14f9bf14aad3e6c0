/**
 * MLOAD, MSTORE, MSTORE8, MSIZE, CALLDATALOAD, RETURNDATASIZE: one entry each, one row each.
 *
 * Proves: z is the id of what the opcode pushes, y the gas of the memory it opens; memory after it is what the opcode leaves.
 * Assumes: words, keys and times as `facts.ts` and `memoryBus.ts`; columns of the row's frame.
 * Enforces: O-1 one kind an active entry; O-2 cell and shift are those of the byte address, offset (of calldata: min(offset,
 *   length)) from the region's start; O-3 expansion to the last word touched (`expansion.ts`); O-4 the accesses below; O-5 each
 *   value is the cell's id where the address is aligned, else the answer of JOIN and MERGE facts; O-6 calldata past its length is
 *   zeros.
 *   MLOAD, CALLDATALOAD: X, and Y after it unless aligned; z = X or JOIN(X, Y, s); past the length MERGE(z, 0, left), or 0.
 *   MSTORE: V; or R = JOIN(V, V, 32 - s), X' = MERGE(X, R, s), Y' = MERGE(R, Y, s).
 *   MSTORE8: R = SHL(V, 8 (31 - s)), X' = MERGE(MERGE(X, R, s), X, s + 1).
 *   MSIZE: 32 * size. RETURNDATASIZE: the output's length of the frame in the region's second cell.
 * Sound because: every integer is bounded, so the address has one cell and shift below 2^25, and an operand of 2^25 or more
 *   none; flags that choose are either one-hot or proven by a range; accesses are claimed exactly where used.
 * Cost: 230 gates and up to 3 accesses.
 */
import { combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import type { MemoryOpEntry } from "../../../../protocol/evm/plan/memory/memoryOpsPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import { expandMemory } from "./expansion.ts";
import { CELL_BITS, memoryTime } from "./memoryBus.ts";
import { LENGTH_BITS, WORDS_BITS, clip } from "./operands.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import type { MemoryServices } from "./services.ts";

const OPS = {
  load: OPCODE.MLOAD!,
  store: OPCODE.MSTORE!,
  store8: OPCODE.MSTORE8!,
  size: OPCODE.MSIZE!,
  calldata: OPCODE.CALLDATALOAD!,
  returnSize: OPCODE.RETURNDATASIZE!,
} as const;
type Kind = keyof typeof OPS;

const SHL = BigInt(OPCODE.SHL!);
const CLIP_BITS = 154;

export function memoryOpChip(
  services: MemoryServices,
  count: number,
  entry: (i: number) => MemoryOpEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    services.b.scope(`memoryOp[${i}]`, () => new MemoryOp(services, () => entry(i)).define(i));
}

/** How much of a word of calldata is there: `past` nothing, `short` some bytes, `whole` all. */
interface Calldata {
  readonly past: Bool;
  readonly short: Bool;
  readonly whole: Bool;
  /** Bytes of a short one. */
  readonly kept: Wire;
}

/** Where the first byte is, and what follows from it. */
interface Place {
  readonly cell: Wire;
  readonly shift: Wire;
  readonly unaligned: Bool;
}

class MemoryOp {
  readonly #services: MemoryServices;
  readonly #is: Readonly<Record<Kind, Bool>>;
  readonly #active: Bool;
  readonly #row: TimedQuestion;
  readonly #fact: () => MemoryOpEntry | undefined;

  constructor(services: MemoryServices, entry: () => MemoryOpEntry | undefined) {
    const { b } = services;
    this.#services = services;
    this.#fact = entry;
    const kinds = Object.entries(OPS).map(([kind, op]) => [kind, witnessBool(b, kind, () => entry()?.key.op === op)]); // prettier-ignore
    this.#is = Object.fromEntries(kinds) as Record<Kind, Bool>;
    this.#active = this.#one(Object.keys(OPS) as Kind[], "active");
    this.#row = witnessQuestion(b, () => entry()?.key);
  }

  define(i: number): void {
    const { b, facts, frames } = this.#services;
    const { f, a, t } = this.#row;
    const is = this.#is;
    const base = frames.read("memoryBase", f, "memoryBase");
    const limit = frames.read("memoryLimit", f, "memoryLimit");
    const { calldata, offset, start } = this.#address(base, facts.word(a, "offset"));
    const place = this.#place(start, offset);
    // What moves whole words, and so may lie across two cells.
    const moves = this.#bool([is.load, is.store, calldata.short, calldata.whole], "moves");
    const spans = and(b, place.unaligned, moves, "spans");
    const isMemory = this.#one(["load", "store", "store8"], "isMemory");
    const end = sum(b, [[1n, place.cell], [-1n, base], [1n, spans]], -1n, "end"); // prettier-ignore
    const touched = assertBits(b, mul(b, isMemory, end, "touched"), WORDS_BITS, "touched.size");
    const cell = sum(b, [[1n, base], [1n, is.returnSize]], 0n, "control"); // prettier-ignore
    const condition = this.#bool([isMemory, is.size, is.returnSize], "controls");
    const control = assertBits(b, cell, CELL_BITS, "control.size");
    const time = memoryTime(b, t, Sub.SIZE, undefined, "size.time");
    const grown = expandMemory(b, this.#services.bus, { time, base, limit, touched, condition, cell: control }, "size"); // prettier-ignore
    const z = this.#access(place, spans, moves, calldata);
    this.#assertSize(z, grown.before);
    const op = sum(b, (Object.keys(OPS) as Kind[]).map((kind): Term => [BigInt(OPS[kind]), is[kind]]), 0n, "op"); // prettier-ignore
    facts.defineTimedKey("memoryOps", i, this.#active, { op, ...this.#row, z, y: grown.gas }, "key");
  }

  /** Start of the region and offset in it; of calldata clamped. */
  #address(base: Wire, word: Word): { calldata: Calldata; offset: Wire; start: Wire } {
    const { b, frames } = this.#services;
    const { f } = this.#row;
    const isCalldata = this.#is.calldata;
    const inputStart = frames.read("inputStart", f, "inputStart");
    const length = frames.read("inputLength", f, "inputLength");
    const value = clip(b, word, "offset.value");
    const left = (): bigint => b.value(length) - b.value(value);
    const choose = (name: string, choice: () => boolean): Bool =>
      witnessBool(b, `calldata.${name}`, () => b.value(isCalldata) === 1n && choice());
    const past = choose("past", () => left() <= 0n);
    const short = choose("short", () => left() > 0n && left() < 32n);
    const whole = choose("whole", () => left() >= 32n);
    b.assertZero([], [[1n, past], [1n, short], [1n, whole], [-1n, isCalldata]], 0n, "calldata.one"); // prettier-ignore
    // past: value - length >= 0; short and whole: length - value >= 0, whole: 32 less.
    const rest = sum(b, [[1n, length], [-1n, value]], 0n, "calldata.rest"); // prettier-ignore
    const sides = combine(b, [[-1n, past, rest], [1n, short, rest], [1n, whole, rest]], [[-32n, whole]], 0n, "calldata.distance"); // prettier-ignore
    assertBits(b, sides, CLIP_BITS, "calldata.side");
    const kept = assertBits(b, mul(b, short, rest, "calldata.kept"), 6, "calldata.kept.inWord");
    const offset = mux(b, past, length, value, "offset.clamped");
    const start = combine(b, [[1n, isCalldata, inputStart], [-32n, isCalldata, base]], [[32n, base], [-64n, isCalldata]], 64n, "start"); // prettier-ignore
    return { calldata: { past, short, whole, kept }, offset, start };
  }

  /** start + offset = 32 cell + shift. */
  #place(start: Wire, offset: Wire): Place {
    const { b } = this.#services;
    const address = (): bigint => b.value(start) + b.value(offset);
    const cell = witnessBits(b, CELL_BITS, "cell", () => address() / 32n);
    const shift = witnessBits(b, 5, "shift", () => address() % 32n);
    b.assertZero([], [[1n, start], [1n, offset], [-32n, cell], [-1n, shift]], 0n, "cell.ofAddress"); // prettier-ignore
    return { cell, shift, unaligned: not(b, isZero(b, shift, "aligned"), "unaligned") };
  }

  /** The accesses of data, and the id they answer. */
  #access({ cell, shift, unaligned }: Place, spans: Bool, moves: Bool, calldata: Calldata): Wire {
    const { b, bus, facts } = this.#services;
    const { b: value, t } = this.#row;
    const is = this.#is;
    const timeX = memoryTime(b, t, Sub.READ, undefined, "x.time");
    const timeY = memoryTime(b, t, Sub.READ + 1, undefined, "y.time");
    const touches = this.#bool([moves, is.store8], "touches");
    const x = bus.foretell(timeX, "x", touches);
    const y = bus.foretell(timeY, "y", spans);
    const splits = and(b, is.store, unaligned, "splits");
    const loads = assertBits(
      b,
      sum(
        b,
        [
          [1n, spans],
          [-1n, splits],
        ],
        0n,
        "joins",
      ),
      1,
      "joins.bool",
    );
    const writes = this.#bool([splits, is.store8], "writesBytes");
    const field = (bits: number, wire: Wire, name: string): Wire => assertBits(b, wire, bits, `${name}.size`);
    // R: the joined word, the rotated value, or the shifted one.
    const question = {
      op: sum(b, [[BigInt(Tag.JOIN), spans], [SHL, is.store8]], 0n, "r.op"), // prettier-ignore
      a: field(20, combine(b, [[1n, loads, x], [1n, splits, value], [-8n, is.store8, shift]], [[248n, is.store8]], 0n, "r.a"), "r.a"), // prettier-ignore
      b: field(20, combine(b, [[1n, loads, y], [1n, writes, value]], [], 0n, "r.b"), "r.b"), // prettier-ignore
      sp: field(6, combine(b, [[1n, loads, shift], [-1n, splits, shift]], [[32n, splits]], 0n, "r.sp"), "r.sp"), // prettier-ignore
    };
    const r = facts.answer(question, "r", this.#bool([spans, is.store8], "r.asked"));
    const loaded = mux(b, loads, r, x, "loaded");
    const merged = facts.answer(
      {
        op: BigInt(Tag.MERGE),
        a: mux(b, calldata.short, loaded, x, "m.a"),
        b: mul(b, writes, r, "m.b"),
        sp: combine(b, [[1n, writes, shift]], [[1n, calldata.kept]], 0n, "m.sp"), // prettier-ignore
      },
      "m",
      this.#bool([writes, calldata.short], "m.asked"),
    );
    const second = facts.answer(
      {
        op: BigInt(Tag.MERGE),
        a: mux(b, splits, r, merged, "n.a"),
        b: mux(b, splits, y, x, "n.b"),
        sp: sum(b, [[1n, shift], [1n, is.store8]], 0n, "n.sp"), // prettier-ignore
      },
      "n",
      writes,
    );
    const replaces = assertBits(b, sum(b, [[1n, is.store], [-1n, splits]], 0n, "replaces"), 1, "replaces.bool"); // prettier-ignore
    const reads = this.#bool([is.load, calldata.short, calldata.whole], "reads");
    const xAfter = combine(b, [[1n, reads, x], [1n, replaces, value], [1n, splits, merged], [1n, is.store8, second]], [], 0n, "x.after"); // prettier-ignore
    bus.change({ time: timeX, cell, before: x, after: field(20, xAfter, "x.after") }, "x", touches);
    const next = field(CELL_BITS, sum(b, [[1n, cell]], 1n, "y.cell"), "y.cell"); // prettier-ignore
    bus.change({ time: timeY, cell: next, before: y, after: mux(b, splits, second, y, "y.after") }, "y", spans); // prettier-ignore
    const z = witnessBits(b, 20, "z", () => BigInt(this.#fact()?.key.z ?? 0));
    const sizes = this.#one(["size", "returnSize"], "sizes");
    const wholly = this.#bool([is.load, calldata.whole], "wholly");
    b.assertZero([[-1n, sizes, z], [-1n, wholly, loaded], [-1n, calldata.short, merged]], [[1n, z]], 0n, "z.isLoaded"); // prettier-ignore
    return z;
  }

  /** Where the opcode answers a number, z is its id. `before`: the control cell. */
  #assertSize(z: Wire, before: Wire): void {
    const { b, facts, frames } = this.#services;
    const { size, returnSize } = this.#is;
    const frame = mul(b, returnSize, before, "returnFrame");
    const length = assertBits(b, frames.read("outputLength", frame, "returnLength"), LENGTH_BITS, "returnLength"); // prettier-ignore
    const word = facts.word(z, "z.word");
    const sizes = this.#one(["size", "returnSize"], "answersNumber");
    b.assertZero([[1n, sizes, word.lo], [-32n, size, before], [-1n, returnSize, length]], [], 0n, "z.isSize"); // prettier-ignore
    b.assertZero([[1n, sizes, word.hi]], [], 0n, "z.isSmall"); // prettier-ignore
  }

  /** 1 iff one is; that two are is refused. */
  #bool(flags: readonly Bool[], name: string): Bool {
    const { b } = this.#services;
    return assertBits(b, sum(b, flags.map((flag): Term => [1n, flag]), 0n, name), 1, `${name}.one`); // prettier-ignore
  }

  #one(kinds: readonly Kind[], name: string): Bool {
    return this.#bool(kinds.map((kind) => this.#is[kind]), name); // prettier-ignore
  }
}
