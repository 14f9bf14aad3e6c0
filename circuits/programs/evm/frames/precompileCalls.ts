/**
 * Calls of precompiled contracts (yellow paper, appendix E; EIP-152): ecrecover, SHA-256, RIPEMD-160, identity, modexp,
 * BLAKE2 F.
 *
 * Proves: what `end` gives for a frame: the gas of the call, whether the contract refuses its input, and, where `answers` is 1, that
 *   the first `outputLength` bytes of the frame's memory are its output.
 * Assumes: the pools prove what their jobs say (the caller checks the claims of ecrecover after the challenge); memory of the frame is
 *   its own and as yet untouched; the end's row and the next are the frame's.
 * Enforces: PC-1 one kind, by the contract's number; PC-2 the gas by words, rounds or constant; PC-3 the input is what a message or a
 *   copy reads, with zeros after its length; PC-4 a job of the pool has that input, and its output is written; PC-5 as many
 *   calls are active as ends asked.
 * Sound because: an end's key holds all it gives and takes, with its row, so each active call is asked by one end (PC-5), and its
 *   accesses are at times of that end's rows.
 * Parameters: modexp as modexpCall.ts.
 * Cost: a call 620 gates and a copy, an end 35.
 */
import { assertEqualIf, combine, isConstant, mul, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, or } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import type { DeferredRom } from "../../../builder/deferredRom.ts";
import { deferredKeyRom } from "../../../builder/deferredRom.ts";
import { type Key, keyIf, layFields, pack } from "../../../builder/pack.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { fieldRom, rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import type { Blake2fJob } from "../../../gadgets/precompiles/blake2f.ts";
import type { EcrecoverJob } from "../../../gadgets/precompiles/ecrecover.ts";
import type { ModexpJob } from "../../../gadgets/precompiles/modexp.ts";
import type { MessageJob } from "../../../gadgets/precompiles/sha256.ts";
import { BLAKE2F_BYTES, ECRECOVER_WORDS, MODEXP_WORDS, PRECOMPILE_SUB, type PrecompileEntry } from "../../../../protocol/evm/plan/frames/precompilePlan.ts"; // prettier-ignore
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { memoryTime } from "../memory/memoryBus.ts";
import { wordsOf } from "../memory/operands.ts";
import type { CreateServices } from "./createStart.ts";
import type { EndRow, FrameMemory, PrecompileEnd } from "./frameEnd.ts";
import { modexpCall, modexpTables } from "./modexpCall.ts";
import { byteAddress, MEMORY_HEAD } from "./openFrame.ts";

export interface PrecompilePools {
  readonly sha256: readonly MessageJob[];
  readonly ripemd160: readonly MessageJob[];
  readonly ecrecover: readonly EcrecoverJob[];
  readonly modexp: readonly ModexpJob[];
  readonly blake2f: readonly Blake2fJob[];
}

const NUMBERS = { ecrecover: 1n, sha256: 2n, ripemd160: 3n, identity: 4n, modexp: 5n, blake2f: 9n } as const;
type Kind = keyof typeof NUMBERS;
const KINDS = Object.keys(NUMBERS) as Kind[];

/** Gas at once, and a word of input. */
const GAS: Readonly<Record<Kind, readonly [bigint, bigint]>> = {
  ecrecover: [3_000n, 0n],
  sha256: [60n, 12n],
  ripemd160: [600n, 120n],
  identity: [15n, 3n],
  modexp: [0n, 0n],
  blake2f: [0n, 0n],
};

/** What an end and its call agree on. */
const FIELDS = { t: 20, number: 4, inputStart: 25, inputLength: 24, memoryBase: 20, memoryLimit: 20, gas: 36, fails: 1, outputLength: 24, answers: 1 } as const; // prettier-ignore
type Field = keyof typeof FIELDS;
type Fields = Readonly<Record<Field, Wire>>;

export type PrecompileServices = Pick<CreateServices, "facts" | "memory" | "copies" | "messages">;

export class PrecompileCalls {
  readonly #b: Builder;
  readonly #keys: DeferredRom<Key>;
  readonly #asked: Term[] = [];
  readonly #places: ReadonlyMap<number, number>;
  readonly #entries: readonly PrecompileEntry[];
  readonly #count: number;

  constructor(b: Builder, count: number, entries: () => readonly PrecompileEntry[]) {
    this.#b = b;
    this.#count = count;
    this.#entries = b.compute(entries) ?? [];
    this.#places = new Map(this.#entries.map(({ t }, i) => [t, i + 1]));
    this.#keys = deferredKeyRom(b, count + 1, () => 0n, "precompiles.keys");
    this.#keys.define(b, 0, pack(b, [], "precompiles.null"));
  }

  /** What the end of a frame gets. `number`: of the contract. */
  end(
    input: { readonly number: Wire; readonly start: Wire; readonly length: Wire },
    memory: FrameMemory,
    row: EndRow,
  ): PrecompileEnd {
    const b = this.#b;
    const isCall = row.is.PRECOMPILE;
    const place = (): number =>
      b.value(isCall) === 1n ? (this.#places.get(Number(b.value(row.t))) ?? 0) : 0;
    const given = (field: "gas" | "fails" | "outputLength" | "answers"): Wire =>
      witnessBits(b, FIELDS[field], `precompile.${field}`, () =>
        BigInt(this.#entries[place() - 1]?.[field] ?? 0),
      );
    const [gas, fails, outputLength, answers] = [given("gas"), given("fails"), given("outputLength"), given("answers")]; // prettier-ignore
    const number = promiseBits(b, b.range(mul(b, isCall, input.number, "precompile.number"), 4, "precompile.number"), 4, "precompile.number"); // prettier-ignore
    const fields = { t: row.t, number, inputStart: input.start, inputLength: input.length, memoryBase: memory.base, memoryLimit: memory.limit, gas, fails, outputLength, answers }; // prettier-ignore
    const key = keyIf(b, isCall, keyOf(b, fields, b.one, "precompile.key"), "precompile.question");
    const at = witnessBits(b, 14, "precompile.place", () => BigInt(place()));
    this.#keys.assertAt(b, at, key, "precompile.isCall");
    this.#asked.push([1n, isCall]);
    const own = (wire: Wire, name: string): Wire => mul(b, isCall, wire, name);
    return {
      cost: own(gas, "precompile.cost"),
      fails: assertBits(b, own(fails, "precompile.refuses"), 1, "precompile.refuses"),
      answers: promiseBits(b, answers, 1, "precompile.answers"),
      outputLength,
    };
  }

  /** The calls, after the last end. */
  close(services: PrecompileServices, pools: PrecompilePools): void {
    const b = this.#b;
    const tables = poolTables(b, pools);
    const active: Term[] = [];
    for (let i = 0; i < this.#count; i++)
      b.scope(`precompileCall[${i}]`, () => {
        const call = new Call(b, services, tables, () => this.#entries[i]);
        this.#keys.define(b, i + 1, keyOf(b, call.prove(), call.active, "key"));
        active.push([-1n, call.active]);
      });
    b.assertZero([], [...this.#asked, ...active], 0n, "precompileCalls.eachAsked");
    this.#keys.close();
  }
}

function keyOf(b: Builder, fields: Fields, active: Bool, name: string): Key {
  const list = (Object.keys(FIELDS) as Field[]).map((field) => ({
    wire: fields[field],
    bits: FIELDS[field],
  }));
  return pack(b, layFields([...list, { wire: active, bits: 1 }]), name);
}

type Tables = ReturnType<typeof poolTables>;

function poolTables(b: Builder, pools: PrecompilePools) {
  const words = (list: readonly Word[], name: string) => ({
    hi: rom<U128>(b, [b.zero, ...list.map(({ hi }) => hi)], `${name}.hi`),
    lo: rom<U128>(b, [b.zero, ...list.map(({ lo }) => lo)], `${name}.lo`),
  });
  const hashes = (jobs: readonly MessageJob[], name: string) => ({
    jobs: jobs.map(({ commitment }) => commitment),
    commitment: fieldRom(b, [b.zero, ...jobs.map(({ commitment }) => commitment)], `${name}.commitment`),
    output: words(jobs.map(({ output }) => output), `${name}.output`), // prettier-ignore
  });
  const { ecrecover, blake2f } = pools;
  return {
    sha256: hashes(pools.sha256, "sha256"),
    ripemd160: hashes(pools.ripemd160, "ripemd160"),
    ecrecover: {
      jobs: ecrecover,
      inputs: (["digest", "v", "r", "s"] as const).map((field) => words(ecrecover.map((job) => job[field]), `ecrecover.${field}`)), // prettier-ignore
      success: rom<Bool>(b, [b.zero, ...ecrecover.map(({ success }) => success)], "ecrecover.success"),
      address: words(ecrecover.map(({ address }) => address), "ecrecover.address"), // prettier-ignore
    },
    modexp: modexpTables(b, pools.modexp),
    blake2f: {
      jobs: blake2f.map(({ commitment }) => commitment),
      commitment: fieldRom(b, [b.zero, ...blake2f.map(({ commitment }) => commitment)], "blake2f.commitment"),
      rounds: rom<Wire>(b, [b.zero, ...blake2f.map(({ rounds }) => rounds)], "blake2f.rounds"),
      wellFormed: rom<Bool>(
        b,
        [b.zero, ...blake2f.map(({ wellFormed }) => wellFormed)],
        "blake2f.wellFormed",
      ),
      answered: rom<Bool>(b, [b.zero, ...blake2f.map(({ answered }) => answered)], "blake2f.answered"),
      first: words(blake2f.map(({ output }) => output[0]), "blake2f.first"), // prettier-ignore
      second: words(blake2f.map(({ output }) => output[1]), "blake2f.second"), // prettier-ignore
    },
  };
}

class Call {
  readonly active: Bool;
  readonly #b: Builder;
  readonly #services: PrecompileServices;
  readonly #tables: Tables;
  readonly #entry: () => PrecompileEntry | undefined;
  readonly #is: Readonly<Record<Kind, Bool>>;
  readonly #answers: Bool;

  constructor(
    b: Builder,
    services: PrecompileServices,
    tables: Tables,
    entry: () => PrecompileEntry | undefined,
  ) {
    this.#b = b;
    this.#services = services;
    this.#tables = tables;
    this.#entry = entry;
    const kinds = KINDS.map((kind) => [kind, witnessBool(b, kind, () => BigInt(entry()?.number ?? 0) === NUMBERS[kind])] as const); // prettier-ignore
    this.#is = Object.fromEntries(kinds) as Record<Kind, Bool>;
    this.active = assertBits(b, sum(b, kinds.map(([, bit]): Term => [1n, bit]), 0n, "active"), 1, "kind.one"); // prettier-ignore
    this.#answers = witnessBool(b, "answers", () => entry()?.answers ?? false);
    assertImplies(b, this.#answers, this.active, "answers.active");
  }

  /** The fields of its key. */
  prove(): Fields {
    const b = this.#b;
    const field = (name: "t" | "inputStart" | "inputLength" | "memoryBase" | "memoryLimit"): Wire =>
      witnessBits(b, FIELDS[name], name, () => BigInt(this.#entry()?.[name] ?? 0));
    const [t, inputStart, inputLength, memoryBase, memoryLimit] = [field("t"), field("inputStart"), field("inputLength"), field("memoryBase"), field("memoryLimit")]; // prettier-ignore
    const row = { t, inputStart, inputLength, memoryBase };
    const does = (kind: Kind): Bool => and(b, this.#is[kind], this.#answers, `${kind}.answers`);
    const [recovers, hashes, hashes160, copies] = [does("ecrecover"), does("sha256"), does("ripemd160"), does("identity")]; // prettier-ignore
    const isRight = and(b, this.#is.blake2f, isConstant(b, inputLength, BigInt(BLAKE2F_BYTES), "is213Bytes"), "blake2f.isRight"); // prettier-ignore
    const compressed = this.#compress(row, isRight, or(b, hashes, hashes160, "hashes"), {
      hashes,
      hashes160,
    });
    const raises = this.#is.modexp;
    const cell = this.#copy(row, { copies, recovers, raises });
    const input = this.#inputWords(row, cell, { recovers, raises });
    const recovered = this.#recover(recovers, input);
    const power = modexpCall(b, this.#services.facts, this.#tables.modexp, { isCall: raises, answers: does("modexp"), words: input, result: () => this.#entry()?.result ?? 0 }); // prettier-ignore
    const { words } = wordsOf(b, inputLength, "input.words");
    const perWord = this.#ofKind(([, word]) => word, "perWord");
    const base = this.#ofKind(([once]) => once, "once");
    const gas = combine(b, [[1n, perWord, words]], [[1n, base], [1n, compressed.rounds], [1n, power.gas]], 0n, "gas"); // prettier-ignore
    const fails = assertBits(b, sum(b, [[1n, this.#is.blake2f], [-1n, compressed.succeeds]], 0n, "fails"), 1, "fails"); // prettier-ignore
    b.assertZero([[1n, fails, this.#answers]], [], 0n, "fails.noAnswer"); // prettier-ignore
    const one = assertBits(b, sum(b, [[1n, hashes], [1n, hashes160], [1n, recovered.success], [1n, compressed.writes]], 0n, "writes"), 1, "writes"); // prettier-ignore
    const word = this.#sumWords([compressed.first, recovered.address, power.output], "output");
    this.#write(row, 0, assertBits(b, sum(b, [[1n, one], [1n, power.writes]], 0n, "writes.some"), 1, "writes.some"), word); // prettier-ignore
    this.#write(row, 1, compressed.writes, compressed.second);
    const outputLength = combine(b, [[1n, copies, inputLength]], [[32n, one], [32n, compressed.writes], [1n, power.outputLength]], 0n, "outputLength"); // prettier-ignore
    // Output, and the words of ecrecover and modexp, are within the frame's memory.
    const needed = combine(b, [[1n, copies, words]], [[1n, one], [1n, compressed.writes], [BigInt(ECRECOVER_WORDS + 1), recovers], [-1n, recovered.success], [BigInt(MODEXP_WORDS + 1), raises]], 0n, "memory.words"); // prettier-ignore
    assertBits(b, sum(b, [[1n, memoryLimit], [-1n, needed]], 0n, "memory.room"), 20, "memory.withinLimit"); // prettier-ignore
    return {
      ...row,
      memoryLimit,
      number: assertBits(b, sum(b, KINDS.map((kind): Term => [NUMBERS[kind], this.#is[kind]]), 0n, "number"), FIELDS.number, "number"), // prettier-ignore
      gas: assertBits(b, gas, FIELDS.gas, "gas"),
      fails,
      outputLength: assertBits(b, outputLength, FIELDS.outputLength, "outputLength"),
      answers: this.#answers,
    };
  }

  #ofKind(value: (gas: readonly [bigint, bigint]) => bigint, name: string): Wire {
    return sum(this.#b, KINDS.map((kind): Term => [value(GAS[kind]), this.#is[kind]]), 0n, name); // prettier-ignore
  }

  /** Hashes and BLAKE2 F: by the commitment to their input. */
  #compress(
    { t, inputStart: start, inputLength: length }: Row,
    isRight: Bool,
    hashes: Bool,
    kinds: { readonly hashes: Bool; readonly hashes160: Bool },
  ) {
    const b = this.#b;
    const { sha256, ripemd160, blake2f } = this.#tables;
    const asks = assertBits(b, sum(b, [[1n, isRight], [1n, hashes]], 0n, "asks"), 1, "asks"); // prettier-ignore
    const commitment = this.#services.messages.commitment({ t, sub: Sub.READ, start, length }, "input", asks);
    const job = (
      table: { readonly jobs: readonly Wire[]; readonly commitment: typeof sha256.commitment },
      condition: Bool,
      name: string,
    ): Wire => {
      // prettier-ignore
      const found = (): number => table.jobs.findIndex((wire) => b.value(wire) === b.value(commitment));
      const number = witnessBits(b, 14, `${name}.job`, () =>
        b.value(condition) === 0n ? 0n : BigInt(found() + 1),
      );
      assertEqualIf(b, condition, table.commitment.read(b, number, `${name}.commitment`), commitment, `${name}.isInput`); // prettier-ignore
      return assertBits(b, mul(b, condition, number, `${name}.job.own`), 14, `${name}.job.own`);
    };
    const a = job(sha256, kinds.hashes, "sha256");
    const c = job(ripemd160, kinds.hashes160, "ripemd160");
    const f = job(blake2f, isRight, "blake2f");
    const wellFormed = blake2f.wellFormed.read(b, f, "blake2f.wellFormed");
    const writes = and(b, this.#is.blake2f, this.#answers, "blake2f.writes");
    const answered = blake2f.answered.read(b, f, "blake2f.answered");
    assertImplies(b, writes, answered, "blake2f.isAnswered");
    const of = (table: { readonly hi: { read: typeof sha256.output.hi.read }; readonly lo: { read: typeof sha256.output.lo.read } }, place: Wire, name: string): Word => ({ hi: table.hi.read(b, place, `${name}.hi`), lo: table.lo.read(b, place, `${name}.lo`) }); // prettier-ignore
    const mine = this.#wordIf(writes, of(blake2f.first, f, "blake2f.first"), "blake2f.own");
    const first = this.#sumWords([of(sha256.output, a, "sha256.output"), of(ripemd160.output, c, "ripemd160.output"), mine], "hash"); // prettier-ignore
    return {
      rounds: blake2f.rounds.read(b, f, "blake2f.rounds"),
      succeeds: and(b, isRight, wellFormed, "blake2f.succeeds"),
      writes,
      first,
      second: this.#wordIf(writes, of(blake2f.second, f, "blake2f.second"), "blake2f.second.own"),
    };
  }

  /** The one copy of a call: identity's output, or the first words of ecrecover's or modexp's input, after the output. */
  #copy({ t, inputStart, inputLength, memoryBase }: Row, { copies, recovers, raises }: Copies): Wire {
    const b = this.#b;
    const offset = sum(b, [[32n, recovers], [32n, raises]], 0n, "copy.offset"); // prettier-ignore
    const length = combine(b, [[1n, copies, inputLength]], [[32n * BigInt(ECRECOVER_WORDS), recovers], [32n * BigInt(MODEXP_WORDS), raises]], 0n, "copy.length"); // prettier-ignore
    const destination = byteAddress(b, memoryBase, offset, "copy.to");
    this.#services.copies.add({ t, destination, length: assertBits(b, length, 24, "copy.length"), source: inputStart, isCode: b.zero, available: inputLength }, "copy"); // prettier-ignore
    return this.#cell(memoryBase, MEMORY_HEAD + 1n, "words.cell");
  }

  /** Ids of the words that were copied: four of ecrecover, seven of modexp; the others are 0. */
  #inputWords({ t }: Row, cell: Wire, { recovers, raises }: Omit<Copies, "copies">): Wire[] {
    const b = this.#b;
    const reads = assertBits(b, sum(b, [[1n, recovers], [1n, raises]], 0n, "words.reads"), 1, "words.reads"); // prettier-ignore
    const after = assertBits(b, sum(b, [[1n, t], [1n, reads]], 0n, "words.t"), 20, "words.t"); // prettier-ignore
    return Array.from({ length: MODEXP_WORDS }, (_, j) => {
      const condition = j < ECRECOVER_WORDS ? reads : raises;
      const time = memoryTime(b, after, PRECOMPILE_SUB.input + j, undefined, `words.time[${j}]`);
      const at = assertBits(b, sum(b, [[1n, cell]], BigInt(j), `words.cell[${j}]`), 20, `words.cell[${j}]`); // prettier-ignore
      return mul20(b, condition, this.#services.memory.read(time, at, `words.read[${j}]`, condition), `words.id[${j}]`); // prettier-ignore
    });
  }

  #recover(recovers: Bool, input: readonly Wire[]): { success: Bool; address: Word } {
    const b = this.#b;
    const { facts } = this.#services;
    const { jobs, inputs, success, address } = this.#tables.ecrecover;
    const words = inputs.map((_, j) => facts.word(input[j]!, `words[${j}]`));
    const same = (job: EcrecoverJob): boolean =>
      (["digest", "v", "r", "s"] as const).every((name, j) => b.value(job[name].hi) === b.value(words[j]!.hi) && b.value(job[name].lo) === b.value(words[j]!.lo)); // prettier-ignore
    const found = (): bigint => (b.value(recovers) === 0n ? 0n : BigInt(jobs.findIndex(same) + 1));
    const place = witnessBits(b, 14, "ecrecover.job", found);
    inputs.forEach((table, j) => {
      for (const half of ["hi", "lo"] as const)
        assertEqualIf(b, recovers, table[half].read(b, place, `ecrecover.${half}[${j}]`), words[j]![half], `ecrecover.isInput[${j}].${half}`); // prettier-ignore
    });
    const isRecovered = and(b, recovers, success.read(b, place, "ecrecover.success"), "ecrecover.recovers");
    // Entry 0 is nobody's: where it must be a job, it is one.
    b.assertZero([[1n, recovers, this.#isNone(place, "ecrecover.isNone")]], [], 0n, "ecrecover.isJob"); // prettier-ignore
    const own = { hi: address.hi.read(b, place, "ecrecover.address.hi"), lo: address.lo.read(b, place, "ecrecover.address.lo") }; // prettier-ignore
    return { success: isRecovered, address: this.#wordIf(isRecovered, own, "ecrecover.own") };
  }

  #isNone(place: Wire, name: string): Bool {
    return isConstant(this.#b, place, 0n, name);
  }

  /** Word j of the output, in the row after the end's. */
  #write({ t, memoryBase }: Row, j: number, condition: Bool, word: Word): void {
    const b = this.#b;
    const { memory, facts } = this.#services;
    const id = witnessBits(b, 20, `output[${j}].id`, () => BigInt(this.#entry()?.output[j] ?? 0));
    facts.assertWord(id, word, `output[${j}]`);
    const after = assertBits(b, sum(b, [[1n, t], [1n, condition]], 0n, `output[${j}].t`), 20, `output[${j}].t`); // prettier-ignore
    const time = memoryTime(b, after, PRECOMPILE_SUB.output + j, undefined, `output[${j}].time`);
    memory.write(time, this.#cell(memoryBase, MEMORY_HEAD + BigInt(j), `output[${j}].cell`), id, `output[${j}].write`, condition); // prettier-ignore
  }

  #cell(memoryBase: Wire, offset: bigint, name: string): Wire {
    return assertBits(this.#b, sum(this.#b, [[1n, memoryBase]], offset, name), 20, name); // prettier-ignore
  }

  #wordIf(condition: Bool, { hi, lo }: Word, name: string): Word {
    const b = this.#b;
    const half = (wire: U128, part: string): U128 =>
      promiseBits(b, mul(b, condition, wire, `${name}.${part}`), 128, `${name}.${part}`);
    return { hi: half(hi, "hi"), lo: half(lo, "lo") };
  }

  /** At most one is not 0. */
  #sumWords(words: readonly Word[], name: string): Word {
    const b = this.#b;
    const half = (part: "hi" | "lo"): U128 =>
      assertBits(b, sum(b, words.map((word): Term => [1n, word[part]]), 0n, `${name}.${part}`), 128, `${name}.${part}`); // prettier-ignore
    return { hi: half("hi"), lo: half("lo") };
  }
}

interface Copies {
  /** identity that answers, ecrecover that answers, modexp. */
  readonly copies: Bool;
  readonly recovers: Bool;
  readonly raises: Bool;
}

type Row = Pick<Fields, "t" | "inputStart" | "inputLength" | "memoryBase">;

const mul20 = (b: Builder, condition: Bool, id: Wire, name: string): Wire =>
  assertBits(b, mul(b, condition, id, name), 20, name);
