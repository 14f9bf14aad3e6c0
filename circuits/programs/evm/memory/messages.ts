/**
 * Commitments (protocol/evm/message.ts) to ranges of memory as they are at a time: what KECCAK256, logs, creations and
 * precompiles are given. A table of messages, and one list of rows that they share, a row a word.
 *
 * Proves: an answered commitment is that of the `length` bytes from byte address `start` at that time; an answered position that is
 *   not 0 is one of the same bytes in the table of all code, followed by zeros to the end of a word.
 * Assumes: each chip asks at times of its own row, no two at overlapping subs: a message takes 1 + ceil(length / 32) from `sub` on.
 * Enforces: D-1 start = 32 cell + shift, with the rows the length needs; D-2 row j reads the cells of its 32 bytes, each
 *   once; D-3 its word is the cell or their JOIN, of the last row cut by MERGE with zeros beyond the length; D-4 the hash starts
 *   from the length and takes each row's word; the last row's is the commitment, without rows the start; D-5 as many messages
 *   are active as were asked for; D-6 of a message that stands in code at a position p, row j's word is the 32 bytes of the
 *   table of all code at p + 32 j.
 * Sound because: a question's key holds time, start and length, and questions have distinct times: so each active message is
 *   asked exactly once (D-5), and its accesses are made for one question only, as the bus assumes.
 * Cost: a message 123 gates, a row 157, a question 9; where they may stand in code 7 and 24 more; accesses: 1 a word, 1 more
 *   where unaligned.
 */
import { assertEqualIf, combine, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, not } from "../../../builder/bool.ts";
import { builderError } from "../../../builder/errors.ts";
import type { Term } from "../../../builder/builder.ts";
import { type Key, keyIf, pack } from "../../../builder/pack.ts";
import { assertBits, assertFits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { DeferredRom, deferredKeyRom } from "../../../builder/deferredRom.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { messageStart, messageStep } from "../../../gadgets/message.ts";
import { SharedList, type SharedRow } from "../../../gadgets/sharedList.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";
import { TIME_BITS } from "../../../../protocol/evm/accessKey.ts";
import { MAX_COPY_WORDS } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import type { MessageEntry } from "../../../../protocol/evm/plan/memory/messagesPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import { CELL_BITS, memoryTime } from "./memoryBus.ts";
import { ADDRESS_BITS, LENGTH_BITS, wordsOf } from "./operands.ts";
import type { MemoryServices } from "./services.ts";

const PLACE_BITS = 20;
const POSITION_BITS = 20;
const HALF_BYTES = 16;

export interface MessageShape {
  readonly messages: number;
  readonly messageWords: number;
}

export interface MessageQuestion {
  readonly t: Wire;
  /** First of the accesses. */
  readonly sub: number;
  /** Byte address; bytes. */
  readonly start: Wire;
  readonly length: Wire;
}

/** What rows read of their message, by its number. */
const COLUMNS = ["time", "cell", "shift", "unaligned", "tail", "hasTail", "first"] as const;
type Column = (typeof COLUMNS)[number];
type Columns<T> = Readonly<Record<Column, T>>;

interface RowBefore {
  readonly isLast: Bool;
  readonly second: Wire;
  readonly hash: Wire;
}

interface Tables extends Columns<Rom<Wire>> {
  readonly begun: Rom<Wire>;
  readonly commitment: Rom<Wire>;
  readonly isCode: Rom<Wire>;
  readonly position: Rom<Wire>;
}

export class Messages {
  readonly #services: MemoryServices;
  readonly #shape: MessageShape;
  readonly #list: readonly MessageEntry[];
  readonly #placeOf: ReadonlyMap<bigint, number>;
  readonly #keys: DeferredRom<Key>;
  readonly #commitments: DeferredRom<Wire>;
  readonly #code: SuffixStream | undefined;
  readonly #positions: DeferredRom<Wire>;
  readonly #asked: Term[] = [];

  /**
   * `code`: bytes of the table of all code, where messages may stand in it. Throws BAD_ARITY when more rows are asked for than a
   * row's time has subs.
   */
  constructor(
    services: MemoryServices,
    shape: MessageShape,
    entries: () => readonly MessageEntry[],
    code?: SuffixStream,
  ) {
    const { b } = services;
    if (shape.messageWords > MAX_COPY_WORDS)
      throw builderError({ code: "BAD_ARITY", where: b.where("messages"), expected: MAX_COPY_WORDS, got: shape.messageWords }); // prettier-ignore
    this.#services = services;
    this.#shape = shape;
    this.#code = code;
    this.#list = b.compute(entries) ?? [];
    this.#placeOf = new Map(this.#list.map(({ time }, i) => [time, i + 1]));
    this.#keys = deferredKeyRom(b, shape.messages + 1, () => 0n, "messages.keys");
    const table = { length: shape.messages + 1, bits: 254, holdsKeys: false };
    this.#commitments = new DeferredRom<Wire>(b, table, (i) => this.#list[i - 1]?.commitment ?? 0n, "messages.commitments"); // prettier-ignore
    const positions = { length: shape.messages + 1, bits: POSITION_BITS, holdsKeys: false };
    this.#positions = new DeferredRom<Wire>(b, positions, (i) => BigInt(this.#list[i - 1]?.code ?? 0), "messages.positions"); // prettier-ignore
    this.#keys.define(b, 0, pack(b, [], "messages.null"));
    this.#commitments.define(b, 0, b.zero);
    this.#positions.define(b, 0, b.zero);
  }

  /** The commitment, a field; 0 where `condition` is 0. */
  commitment(question: MessageQuestion, name: string, condition: Bool): Wire {
    const place = this.#ask(question, name, condition);
    return this.#commitments.read(this.#services.b, place, `${name}.commitment`);
  }

  /** The same, with a position of its bytes in the table of all code; 0: none is known. */
  code(question: MessageQuestion, name: string, condition: Bool): { commitment: Wire; position: Wire } {
    const { b } = this.#services;
    const place = this.#ask(question, name, condition);
    return {
      commitment: this.#commitments.read(b, place, `${name}.commitment`),
      position: this.#positions.read(b, place, `${name}.position`),
    };
  }

  #ask({ t, sub, start, length }: MessageQuestion, name: string, condition: Bool): Wire {
    const { b } = this.#services;
    const time = memoryTime(b, t, sub, undefined, `${name}.time`);
    const key = keyIf(b, condition, keyOf(this.#services, { time, start, length, active: b.one }, `${name}.key`), `${name}.question`); // prettier-ignore
    const place = witnessBits(b, PLACE_BITS, `${name}.place`, () =>
      b.value(condition) === 0n ? 0n : BigInt(this.#placeOf.get(b.value(time)) ?? 0),
    );
    this.#keys.assertAt(b, place, key, `${name}.isMessage`);
    this.#asked.push([1n, condition]);
    return place;
  }

  /** The messages and their rows, after the last question. */
  close(): void {
    const { b } = this.#services;
    b.scope("messages", () => {
      const headers = Array.from({ length: this.#shape.messages }, (_, i) => b.scope(`message[${i}]`, () => this.#header(i))); // prettier-ignore
      const active = headers.map((header): Term => [-1n, header.active]);
      b.assertZero([], [...this.#asked, ...active], 0n, "eachAsked");
      const rows = new SharedList(b, headers.map(({ words }) => words), this.#shape.messageWords, "messageRow"); // prettier-ignore
      const columns = COLUMNS.map((column) => [column, rom(b, headers.map((header) => header.columns[column]), column)]); // prettier-ignore
      const tables = {
        ...(Object.fromEntries(columns) as Columns<Rom<Wire>>),
        begun: fieldRom(b, headers.map(({ begun }) => begun), "begun"), // prettier-ignore
        commitment: fieldRom(b, headers.map(({ commitment }) => commitment), "commitment"), // prettier-ignore
        isCode: rom(b, headers.map(({ isCode }) => isCode), "isCode"), // prettier-ignore
        position: rom(b, headers.map(({ position }) => position), "position"), // prettier-ignore
      };
      let before: RowBefore = { isLast: b.one, second: b.zero, hash: b.zero };
      rows.rows.forEach((row, r) => {
        before = b.scope(`messageRow[${r}]`, () => this.#row(row, before, tables));
      });
      this.#keys.close();
      this.#commitments.close();
      this.#positions.close();
    });
  }

  #header(i: number) {
    const { b, bus } = this.#services;
    const entry = (): MessageEntry | undefined => this.#list[i];
    const active = witnessBool(b, "active", () => entry() !== undefined);
    const time = witnessBits(b, TIME_BITS, "time", () => entry()?.time ?? 0n);
    const start = witnessBits(b, ADDRESS_BITS, "start", () => BigInt(entry()?.start ?? 0));
    const length = witnessBits(b, LENGTH_BITS, "length", () => BigInt(entry()?.length ?? 0));
    const { words, spare } = wordsOf(b, length, "rows");
    const isEmpty = isZero(b, length, "isEmpty");
    // An unused message has no rows, hence no accesses.
    assertImplies(b, not(b, active, "unused"), isEmpty, "unused.isEmpty");
    const cell = witnessBits(b, CELL_BITS, "cell", () => b.value(start) / 32n);
    const shift = witnessBits(b, 5, "shift", () => b.value(start) % 32n);
    b.assertZero([], [[32n, cell], [1n, shift], [-1n, start]], 0n, "cell.ofStart"); // prettier-ignore
    const first = bus.read(time, cell, "first", not(b, isEmpty, "hasBytes"));
    const begun = messageStart(b, length, "begun");
    const commitment = b.witness("commitment", () => entry()?.commitment ?? b.value(begun));
    assertEqualIf(b, isEmpty, commitment, begun, "commitment.ofNothing");
    this.#keys.define(b, i + 1, keyOf(this.#services, { time, start, length, active }, "key"));
    // An unused message may have the key of no question, 0: it answers 0 as well.
    this.#commitments.define(b, i + 1, mul(b, active, commitment, "commitment.own"));
    const columns: Columns<Wire> = {
      time,
      cell,
      shift,
      unaligned: not(b, isZero(b, shift, "aligned"), "unaligned"),
      tail: assertBits(b, sum(b, [[-1n, spare]], 32n, "tail"), 6, "tail.size"), // prettier-ignore
      hasTail: not(b, isZero(b, spare, "endsWhole"), "hasTail"),
      first,
    };
    const { isCode, position } = this.#place(i, entry);
    return { active, words, begun, commitment, columns, isCode, position };
  }

  /** Where the message stands in code, if anywhere. */
  #place(i: number, entry: () => MessageEntry | undefined): { isCode: Bool; position: Wire } {
    const { b } = this.#services;
    const isAnywhere = this.#code !== undefined;
    const position = isAnywhere ? witnessBits(b, POSITION_BITS, "position", () => BigInt(entry()?.code ?? 0)) : b.zero; // prettier-ignore
    const isCode = isAnywhere ? not(b, isZero(b, position, "isNoCode"), "isCode") : b.zero;
    this.#positions.define(b, i + 1, position);
    return { isCode, position };
  }

  #row({ active, owner, index, rest }: SharedRow, before: RowBefore, tables: Tables): RowBefore {
    const { b, bus, facts } = this.#services;
    const isLast = and(b, active, isZero(b, rest, "rest.isNone"), "isLast");
    const read = (column: Column): Wire => tables[column].read(b, owner, `${column}.read`);
    const unaligned = promiseBits(b, read("unaligned"), 1, "unaligned");
    const joins = and(b, active, unaligned, "joins");
    // D-2: the cell behind is needed by the join, or as the next row's own.
    const needsOne = and(b, isLast, not(b, unaligned, "isAligned"), "needsOne");
    const reads = and(b, active, not(b, needsOne, "needsTwo"), "reads");
    const behind = sum(b, [[1n, read("cell")], [1n, index]], 1n, "behind"); // prettier-ignore
    const time = assertBits(b, sum(b, [[1n, read("time")], [1n, index]], 1n, "read.time"), TIME_BITS, "read.time.size"); // prettier-ignore
    const second = bus.read(time, assertBits(b, behind, CELL_BITS, "behind.size"), "read", reads);
    const own = mux(b, before.isLast, read("first"), before.second, "own");
    const joined = facts.answer(
      { op: BigInt(Tag.JOIN), a: own, b: second, sp: read("shift") },
      "join",
      joins,
    );
    const found = mux(b, unaligned, joined, own, "found");
    const cuts = and(b, isLast, promiseBits(b, read("hasTail"), 1, "hasTail"), "cuts");
    const cut = facts.answer({ op: BigInt(Tag.MERGE), a: found, b: 0n, sp: read("tail") }, "cut", cuts);
    const word = facts.word(mux(b, cuts, cut, found, "id"), "word");
    const begun = tables.begun.read(b, owner, "begun.read");
    const hash = messageStep(b, mux(b, before.isLast, begun, before.hash, "hash.before"), word, "hash");
    assertEqualIf(b, isLast, tables.commitment.read(b, owner, "commitment.read"), hash, "commitment.isHash");
    if (this.#code !== undefined) this.#assertCode(this.#code, { active, owner, index }, tables, word);
    return { isLast, second, hash };
  }

  /** D-6. */
  #assertCode(
    code: SuffixStream,
    { active, owner, index }: Pick<SharedRow, "active" | "owner" | "index">,
    tables: Tables,
    { hi, lo }: Word,
  ): void {
    const { b } = this.#services;
    const isCode = promiseBits(b, tables.isCode.read(b, owner, "isCode.read"), 1, "isCode");
    const stands = and(b, active, isCode, "stands");
    const position = tables.position.read(b, owner, "position.read");
    // The zeros of the system's row where it does not stand.
    const at = combine(b, [[1n, stands, position], [32n, stands, index]], [], 0n, "code.at"); // prettier-ignore
    const half = (offset: number, name: string): Wire =>
      code.fixed(b, offset === 0 ? at : sum(b, [[1n, at]], BigInt(offset), `${name}.at`), HALF_BYTES, name);
    assertEqualIf(b, stands, half(0, "code.hi"), hi, "code.hi.isWord");
    assertEqualIf(b, stands, half(HALF_BYTES, "code.lo"), lo, "code.lo.isWord");
  }
}

function keyOf(
  { b }: MemoryServices,
  { time, start, length, active }: { time: Wire; start: Wire; length: Wire; active: Bool },
  name: string,
): Key {
  assertFits(b, time, TIME_BITS, name);
  return pack(
    b,
    [
      { wire: time, at: 0, bits: TIME_BITS },
      { wire: start, at: TIME_BITS, bits: ADDRESS_BITS },
      { wire: length, at: TIME_BITS + ADDRESS_BITS, bits: LENGTH_BITS },
      { wire: active, at: TIME_BITS + ADDRESS_BITS + LENGTH_BITS, bits: 1 },
    ],
    name,
  );
}
