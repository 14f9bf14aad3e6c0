/**
 * The chips of memory in a circuit of their own: real facts, bus, chips, code words and Keccak pool; what belongs to others
 * (rows, frames, SHL, an external account, the cell of the last log) is the smallest stand-in that asks or answers.
 */
import { isConstant, mul, mux } from "../../../../circuits/builder/arithmetic.ts";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { ram } from "../../../../circuits/builder/ram.ts";
import {
  constantBits,
  witnessBits,
  witnessBool,
  witnessBytes,
  witnessWord,
} from "../../../../circuits/builder/ranges.ts";
import { rom } from "../../../../circuits/builder/rom.ts";
import type { Wire } from "../../../../circuits/builder/wire.ts";
import { BytePowers } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import { KeccakPool } from "../../../../circuits/gadgets/keccakPool.ts";
import { bytePowers, SuffixStream } from "../../../../circuits/gadgets/suffixStream.ts";
import { codeWordChip } from "../../../../circuits/programs/evm/code/codeWords.ts";
import { Facts } from "../../../../circuits/programs/evm/facts/facts.ts";
import { byteFactChips } from "../../../../circuits/programs/evm/memory/byteFacts.ts";
import { copyChip } from "../../../../circuits/programs/evm/memory/copies.ts";
import { CopyRows } from "../../../../circuits/programs/evm/memory/copyRows.ts";
import { keccakChip } from "../../../../circuits/programs/evm/memory/keccaks.ts";
import { LogHeads, logChip } from "../../../../circuits/programs/evm/memory/logs.ts";
import { MemoryBus, memoryTime } from "../../../../circuits/programs/evm/memory/memoryBus.ts";
import { memoryOpChip } from "../../../../circuits/programs/evm/memory/memoryOps.ts";
import { Messages } from "../../../../circuits/programs/evm/memory/messages.ts";
import type {
  ExternalCode,
  LastLog,
  MemoryFrames,
} from "../../../../circuits/programs/evm/memory/services.ts";
import { FRAME_COLUMNS, type FrameColumn } from "../../../../circuits/programs/evm/services.ts";
import { type Capacities, type Capacity, CHIP_FACTS, TABLES } from "../../../../protocol/evm/capacities.ts";
import { FACT_FIELDS, type FactKey } from "../../../../protocol/evm/factKey.ts";
import { NO_MESSAGE, planKeccakJobs } from "../../../../protocol/evm/keccakUse.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { CodePlan } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { FactBook } from "../../../../protocol/evm/plan/factBook.ts";
import { MemoryPlan } from "../../../../protocol/evm/plan/memory/memoryPlan.ts";
import { RowMachine } from "../../../../protocol/evm/plan/rowMachine.ts";

/** Nothing but what memory needs. */
export function capacitiesOf(some: Partial<Record<Capacity, number>>): Capacities {
  const names = [...(Object.keys(CHIP_FACTS) as Capacity[]), ...TABLES];
  return Object.fromEntries(names.map((name) => [name, some[name] ?? 0])) as Capacities;
}

/** Words of the transactions' data: 70 bytes from cell 0. */
export const DATA = Uint8Array.from({ length: 96 }, (_, i) => (i < 70 ? i + 1 : 0));
export const CODE = Uint8Array.from({ length: 100 }, (_, i) => 255 - i);
export const EXTERNAL_CODE = Uint8Array.from({ length: 40 }, (_, i) => 100 + i);
export const EXTERNAL_GAS = 2600;
/** Position of code: after the system's row, and after the first code and its gap. */
const CODE_BASE = 84;
const EXTERNAL_BASE = 84 * 4;
const CODE_BYTES = 84 * 7;

type FrameRow = Partial<Record<FrameColumn, number>>;
/** Frame 1 has the transaction's data, frame 2 is a callee whose input is in frame 1's memory; frame 3 is static. */
export const FRAMES: readonly FrameRow[] = [
  {},
  { memoryBase: 8, memoryLimit: 40, inputStart: 0, inputLength: 70, codeBase: CODE_BASE, codeSize: CODE.length, address: 17 },
  { memoryBase: 50, memoryLimit: 20, inputStart: 32 * 10 + 7, inputLength: 50, outputStart: 32 * 52 + 3, outputLength: 45, address: 18 },
  { memoryBase: 72, memoryLimit: 4, address: 19, isStatic: 1 },
]; // prettier-ignore

/** A plan in the making: the machine of rows, with operands pushed as literals. */
export class World {
  readonly book: FactBook;
  readonly rows: RowMachine;
  readonly code: CodePlan;
  readonly memory: MemoryPlan;
  readonly shifts: { a: number; b: number }[] = [];
  /** Writes of the frame of return data, by row. */
  readonly returns: { t: number; frame: number; callee: number }[] = [];
  #lastLog = 0;

  constructor(capacities: Capacities) {
    this.book = new FactBook(capacities);
    this.rows = new RowMachine(0, () => 0);
    this.code = new CodePlan(this.book);
    this.code.segment(1n, CODE);
    this.code.segment(2n, EXTERNAL_CODE);
    const words = [0, 1, 2].map((i) => this.book.literal(wordAt(DATA, 32 * i)));
    this.memory = new MemoryPlan(this.book, words, {
      rows: this.rows,
      frames: { column: (column, frame) => FRAMES[frame]![column] ?? 0 },
      shiftLeft: (a, b) => this.#shiftLeft(a, b),
      codeWord: (position) => this.code.word(position),
      openExternalCode: (_, address) => ({
        gas: EXTERNAL_GAS,
        codeBase: address === 1n ? EXTERNAL_BASE : 0,
        codeSize: address === 1n ? EXTERNAL_CODE.length : 0,
      }),
      setLastLog: (_, number) => {
        const before = this.#lastLog;
        this.#lastLog = number;
        return before;
      },
    });
    this.rows.frame = 1;
  }

  /** Executes an opcode on these words, top first; the word it pushes, if any. */
  run(name: string, ...operands: bigint[]): bigint {
    const { rows, book, memory } = this;
    for (const operand of operands.toReversed()) rows.step(OPCODE.PUSH32!, { z: book.literal(operand) });
    const op = OPCODE[name]!;
    const sp = rows.sp - operands.length;
    if (name === "KECCAK256") memory.keccaks.execute();
    else if (name.startsWith("LOG")) memory.logs.execute(op);
    else if (name.endsWith("COPY")) memory.copies.execute(op);
    else memory.ops.execute(op);
    if (rows.sp === sp) return 0n;
    const result = book.value(rows.top);
    rows.step(OPCODE.POP!);
    return result;
  }

  /** From now on `callee` is the frame whose return data `frame` reads. */
  returnTo(frame: number, callee: number): void {
    const { t } = this.rows;
    this.returns.push({ t, frame, callee });
    this.memory.bus.write(t, 0, FRAMES[frame]!.memoryBase! + 1, callee);
    this.rows.step(OPCODE.JUMPDEST!);
  }

  /** The facts that rows ask. */
  asked(): FactKey[] {
    const { ops, copies, keccaks, logs } = this.memory;
    return [
      ...ops.entries.map(({ key }) => key),
      ...copies.entries.flatMap(({ first, second }) => [first, second]),
      ...keccaks.entries.map(({ key }) => key),
      ...logs.entries.flatMap(({ rows }) => rows),
    ];
  }

  #shiftLeft(a: number, b: number): number {
    const question = { op: OPCODE.SHL!, a, b };
    const known = this.book.known(question);
    if (known !== undefined) return known;
    const entry = this.book.take("products");
    const value = BigInt.asUintN(256, this.book.value(b) << this.book.value(a));
    const id = this.book.word("products", entry, value);
    this.book.key("products", entry, { ...question, z: id });
    this.shifts.push({ a, b });
    return id;
  }
}

export const wordAt = (bytes: Uint8Array, at: number): bigint =>
  Array.from({ length: 32 }, (_, i) => BigInt(bytes[at + i] ?? 0)).reduce(
    (sum, byte) => (sum << 8n) | byte,
    0n,
  );

/** The circuit of a world, or without one its shape. */
export function buildWorld(
  capacities: Capacities,
  world: World | null,
  b: Builder = new Builder(world === null ? "shape" : "prove"),
): Built {
  const given = (): World => world!;
  const memory = (): MemoryPlan => given().memory;
  const facts = new Facts(b, capacities, () => given().book);
  const data = [0, 1, 2].map((i) => dataWord(b, facts, i, given));
  const frames = frameTable(b);
  const bus = new MemoryBus(b, capacities, data, () => memory().bus.entries);
  const services = { b, facts, bus, frames };
  const messages = new Messages(services, capacities, () => memory().messages.entries);
  const copyRows = new CopyRows(services, capacities.copyWords);
  const heads = new LogHeads(b, capacities.logs, () => memory().logs.heads);
  const digest = keccakDigest(b, capacities, memory);
  memoryOpChip(services, capacities.memoryOps, (i) => memory().ops.entries[i]);
  const external = externalCode(b);
  copyChip({ ...services, copyRows, external }, capacities.copies, (i) => memory().copies.entries[i]);
  keccakChip({ ...services, messages, digest }, capacities.keccaks, (i) => memory().keccaks.entries[i]);
  const lastLog = lastLogCell(b);
  logChip({ ...services, messages, lastLog }, heads, capacities.logs, (i) => memory().logs.entries[i]);
  heads.close();
  returnFrames(b, bus, given);
  messages.close();
  copyRows.close();
  byteFactChips(b, facts, new BytePowers(b), capacities, () => memory().bytes);
  shiftFacts(b, facts, capacities.products, given);
  codeWordFacts(b, facts, capacities.codeWords, given);
  literals(b, facts, capacities.literals, given);
  askedRows(b, facts, capacities.rows, given);
  bus.close();
  facts.close();
  return b.finish();
}

function literals(b: Builder, facts: Facts, count: number, given: () => World): void {
  for (let i = 0; i < count; i++) {
    const id = Number(facts.wordId("literals", i));
    facts.defineWord(
      "literals",
      i,
      witnessWord(b, `literal[${i}]`, () => given().book.value(id)),
    );
  }
}

function dataWord(b: Builder, facts: Facts, i: number, given: () => World): Wire {
  const id = witnessBits(b, 20, `data[${i}]`, () => BigInt(given().book.literal(wordAt(DATA, 32 * i))));
  const value = wordAt(DATA, 32 * i);
  const half = (v: bigint) => constantBits(b, 128, BigInt.asUintN(128, v));
  facts.assertWord(id, { hi: half(value >> 128n), lo: half(value) }, `data[${i}].word`);
  return id;
}

function frameTable(b: Builder): MemoryFrames {
  const columns = new Map(
    (Object.keys(FRAME_COLUMNS) as FrameColumn[]).map((column) => {
      const entries = FRAMES.map((frame) =>
        constantBits(b, FRAME_COLUMNS[column], BigInt(frame[column] ?? 0)),
      );
      return [column, rom(b, entries, `frames.${column}`)];
    }),
  );
  return { read: (column, f, name) => columns.get(column)!.read(b, f, name) };
}

/** Account 1 has code, others none. */
const externalCode = (b: Builder): ExternalCode => ({
  open: ({ address, condition }, name) => {
    const exists = isConstant(b, address.lo, 1n, `${name}.exists`);
    const where = (value: number, part: string): Wire =>
      mul(b, exists, b.constant(BigInt(value)), `${name}.${part}`);
    return {
      gas: mul(b, condition, b.constant(BigInt(EXTERNAL_GAS)), `${name}.gas`),
      codeBase: where(EXTERNAL_BASE, "codeBase"),
      codeSize: where(EXTERNAL_CODE.length, "codeSize"),
    };
  },
});

function lastLogCell(b: Builder): LastLog {
  const cell = ram(b, [b.zero], 20, "lastLog");
  return {
    set: (_, number, name, condition) => {
      const before = cell.read(b, b.zero, `${name}.before`);
      cell.write(b, b.zero, mux(b, condition, number, before, `${name}.after`), `${name}.write`);
      return before;
    },
  };
}

function keccakDigest(b: Builder, capacities: Capacities, memory: () => MemoryPlan) {
  const plan = b.compute(() => planKeccakJobs(memory().keccaks.hashed));
  const shape = {
    jobs: capacities.keccakJobs,
    words: capacities.keccakWords,
    blocks: capacities.keccakBlocks,
  };
  const pool = new KeccakPool(b, shape, () => plan!.messages, "pool");
  return (commitment: Wire, name: string) =>
    pool.digest(b, commitment, () => plan!.entryOf.get(b.value(commitment)) ?? NO_MESSAGE, name);
}

const RETURNS = 2;
function returnFrames(b: Builder, bus: MemoryBus, given: () => World): void {
  for (let i = 0; i < RETURNS; i++)
    b.scope(`return[${i}]`, () => {
      const active = witnessBool(b, "active", () => given().returns[i] !== undefined);
      const t = witnessBits(b, 20, "t", () => BigInt(given().returns[i]?.t ?? 0));
      const callee = witnessBits(b, 2, "callee", () => BigInt(given().returns[i]?.callee ?? 0));
      const cell = witnessBits(b, 20, "cell", () => BigInt(FRAMES[given().returns[i]?.frame ?? 0]?.memoryBase ?? 0) + 1n); // prettier-ignore
      bus.write(memoryTime(b, t, 0, undefined, "time"), cell, callee, "set", active);
    });
}

function shiftFacts(b: Builder, facts: Facts, count: number, given: () => World): void {
  for (let i = 0; i < count; i++)
    b.scope(`shift[${i}]`, () => {
      const active = witnessBool(b, "active", () => given().shifts[i] !== undefined);
      const a = witnessBits(b, 20, "a", () => BigInt(given().shifts[i]?.a ?? 0));
      const value = witnessBits(b, 20, "b", () => BigInt(given().shifts[i]?.b ?? 0));
      const z = facts.wordId("products", i);
      facts.defineWord(
        "products",
        i,
        witnessWord(b, "word", () => given().book.value(Number(z))),
      );
      facts.defineKey("products", i, active, { op: BigInt(OPCODE.SHL!), a, b: value, z }, "key");
    });
}

function codeWordFacts(b: Builder, facts: Facts, count: number, given: () => World): void {
  const bytes = new Uint8Array(CODE_BYTES);
  bytes.set(CODE, CODE_BASE);
  bytes.set(EXTERNAL_CODE, EXTERNAL_BASE);
  const zeros = Array.from({ length: 64 }, () => constantBits(b, 8, 0n));
  const code = [...witnessBytes(b, "code", bytes.length, () => bytes), ...zeros];
  const stream = new SuffixStream(b, code, bytePowers(b, "powers256"), "stream");
  codeWordChip(b, facts, count, stream, (i) => given().code.words[i]);
}

/** Row t asks one timed fact at most, whose time is t, a constant; else that of a plain instruction. */
function askedRows(b: Builder, facts: Facts, count: number, given: () => World): void {
  const byTime = b.compute(
    () =>
      new Map(
        given()
          .asked()
          .map((key) => [Number(key.t), key]),
      ),
  );
  const fields = ["a", "b", "f", "sp", "pc", "gas", "op"] as const;
  for (let t = 0; t < count; t++)
    b.scope(`row[${t}]`, () => {
      const key = (): FactKey => byTime!.get(t) ?? { op: OPCODE.POP! };
      const asks = witnessBool(b, "asks", () => byTime!.has(t));
      const question = fields.map((field) => [field, witnessBits(b, FACT_FIELDS[field].bits, field, () => BigInt(key()[field] ?? 0))]); // prettier-ignore
      const time = mul(b, asks, b.constant(BigInt(t)), "t");
      facts.ask(
        { ...(Object.fromEntries(question) as Record<(typeof fields)[number], Wire>), t: time },
        asks,
        "fact",
      );
    });
}
