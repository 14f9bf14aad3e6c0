/**
 * The table of facts: words by id, and keys of what has been proven. Chips define, rows and chips look up
 * (docs/spec/evm.md, Facts).
 *
 * Proves: a looked-up key is one that a chip defined as active; a word read at an id is the word defined there.
 * Assumes: each chip defines a key as active only where its constraints prove the fact.
 * Enforces: the counts of answered and asked timed facts are equal.
 * Sound because: keys are packed from bounded fields with their own bits, so equal keys are equal facts. The key of a
 *   timed fact holds the number of its row, so no two rows share one; equal counts leave no timed fact unasked.
 */
import type { Builder, Term } from "../../../builder/builder.ts";
import { DeferredRom, deferredKeyRom } from "../../../builder/deferredRom.ts";
import { type Key, type KeyField, keyIf, pack } from "../../../builder/pack.ts";
import { assertFits, constantWord, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import {
  CHIP_FACTS,
  CONSTANT_WORDS,
  type Capacities,
  type Chip,
  type FactLayout,
  factLayout,
  POWER_WORDS,
} from "../../../../protocol/evm/capacities.ts";
import { FACT_FIELDS, type FactField, fieldOf } from "../../../../protocol/evm/factKey.ts";
import { PLAIN_INSTRUCTIONS } from "../../../../protocol/evm/instructions.ts";

/** What the witness needs of a planned book of facts (protocol/evm/plan/factBook.ts). */
export interface FactSource {
  value(id: number): bigint;
  answerTo(question: bigint): bigint | undefined;
  placeOf(key: bigint): number | undefined;
}

/** Is `then` where `if` is 1, else 0: a product of the key's own line. */
export interface Gated {
  readonly if: Bool;
  readonly then: Wire | bigint;
}

/** Fields of a key: wires, or constants. `active` is added by what the key is for. */
export type FactWires = { readonly op: Wire | bigint } & Partial<
  Record<Exclude<FactField, "op" | "active">, Wire | bigint | Gated>
>;

type FactValue = Wire | bigint | Gated;

const HALF = (1n << 128n) - 1n;
/** Bits of a place among so many keys: those of one limb of a range if they do. */
const placeBits = (keys: number): number => (keys <= 2 ** 14 ? 14 : 20);

export class Facts {
  readonly layout: FactLayout;
  readonly #b: Builder;
  readonly #source: () => FactSource;
  readonly #lo: DeferredRom<U128>;
  readonly #hi: DeferredRom<U128>;
  readonly #keys: DeferredRom<Key>;
  readonly #answered: Term[] = [];
  readonly #asked: Term[] = [];

  constructor(b: Builder, capacities: Capacities, source: () => FactSource) {
    this.#b = b;
    this.#source = source;
    this.layout = factLayout(capacities);
    const half = (shift: bigint, name: string): DeferredRom<U128> =>
      new DeferredRom<U128>(
        b,
        { length: this.layout.words, bits: 128, holdsKeys: false },
        (id) => (source().value(id) >> shift) & HALF,
        name,
      );
    this.#lo = half(0n, "words.lo");
    this.#hi = half(128n, "words.hi");
    this.#keys = deferredKeyRom(b, this.layout.keys, () => 0n, "keys");
    this.#defineStatics();
  }

  /** The word with this id. Cost: 4 gates. */
  word(id: Wire, name: string): Word {
    const b = this.#b;
    assertFits(b, id, FACT_FIELDS.z.bits, name);
    return { lo: this.#lo.read(b, id, `${name}.lo`), hi: this.#hi.read(b, id, `${name}.hi`) };
  }

  /** Enforces that the word with this id is `word`. Cost: 4 gates. */
  assertWord(id: Wire, word: Word, name: string): void {
    const b = this.#b;
    assertFits(b, id, FACT_FIELDS.z.bits, name);
    this.#lo.assertAt(b, id, word.lo, `${name}.lo`);
    this.#hi.assertAt(b, id, word.hi, `${name}.hi`);
  }

  /** The id of an entry's word, a constant of the circuit. */
  wordId(chip: Chip, entry: number, which = 0): bigint {
    return BigInt(this.layout.firstWord[chip] + entry * CHIP_FACTS[chip].words + which);
  }

  /**
   * Every entry, used or not, defines its words once. The bound of each half must follow from something else than a read of
   * this table, or an entry could bound itself by itself (`lintBounds` finds one that does).
   */
  defineWord(chip: Chip, entry: number, word: Word, which = 0): void {
    const id = Number(this.wordId(chip, entry, which));
    this.#lo.define(this.#b, id, word.lo);
    this.#hi.define(this.#b, id, word.hi);
  }

  /** Every entry, used or not, defines its keys once: those of an unused one meet no question. */
  defineKey(chip: Chip, entry: number, active: Bool, fact: FactWires, name: string, which = 0): void {
    const key = this.#key(fact, active, name);
    this.#keys.define(this.#b, this.layout.firstKey[chip] + entry * CHIP_FACTS[chip].keys + which, key);
  }

  /** A key that one row asks for, and that must be asked for: fields t, f, sp, pc, gas are given. */
  defineTimedKey(chip: Chip, entry: number, active: Bool, fact: FactWires, name: string, which = 0): void {
    this.defineKey(chip, entry, active, fact, name, which);
    this.#answered.push([1n, active]);
  }

  /** Enforces that the fact has been proven. Cost: the key's 1 to 4 gates, and 2. */
  lookUp(fact: FactWires, name: string): void {
    this.#assertDefined(this.#key(fact, 1n, name), name);
  }

  /** The same where `condition` is 1, nothing where it is 0. */
  lookUpIf(condition: Bool, fact: FactWires, name: string): void {
    const key = this.#key(fact, 1n, `${name}.key`);
    this.#assertDefined(keyIf(this.#b, condition, key, name), name);
  }

  /** The id that answers an untimed question: the planner's, and proven. 0 where `condition` is given and 0. Cost: 6 to 8 gates. */
  answer(question: Omit<FactWires, "z" | "y">, name: string, condition?: Bool): Wire {
    const b = this.#b;
    const z = witnessBits(b, FACT_FIELDS.z.bits, `${name}.z`, () => {
      if (condition !== undefined && b.value(condition) === 0n) return 0n;
      return fieldOf(this.#source().answerTo(this.#valueOf(question)) ?? 0n, "z");
    });
    const fact = { ...question, z } as FactWires;
    if (condition === undefined) this.lookUp(fact, name);
    else {
      this.lookUpIf(condition, fact, name);
      b.assertZero([[1n, condition, z]], [[-1n, z]], 0n, `${name}.zeroIfNotAsked`); // prettier-ignore
    }
    return z;
  }

  /** A row's fact: its answers are the planner's, its key must be defined. `asksTime`: 1 if the fact is a timed one. */
  ask(
    question: Omit<FactWires, "z" | "y">,
    asksTime: Bool,
    name: string,
  ): { readonly z: Wire; readonly y: Wire } {
    const b = this.#b;
    const known = b.compute(() => this.#source().answerTo(this.#valueOf(question))) ?? 0n;
    const z = witnessBits(b, FACT_FIELDS.z.bits, `${name}.z`, () => fieldOf(known, "z"));
    const y = witnessBits(b, FACT_FIELDS.y.bits, `${name}.y`, () => fieldOf(known, "y"));
    this.lookUp({ ...question, z, y } as FactWires, name);
    this.#asked.push([1n, asksTime]);
    return { z, y };
  }

  /** After all chips and rows. */
  close(): void {
    this.#lo.close();
    this.#hi.close();
    this.#keys.close();
    const asked = this.#asked.map(([, wire]): Term => [-1n, wire]);
    this.#b.assertZero([], [...this.#answered, ...asked], 0n, "timedFacts.eachAskedOnce");
  }

  #assertDefined(key: Key, name: string): void {
    const b = this.#b;
    const place = witnessBits(b, placeBits(this.layout.keys), `${name}.place`, () =>
      BigInt(this.#source().placeOf(b.value(key)) ?? 0),
    );
    this.#keys.assertAt(b, place, key, name);
  }

  #key(fact: FactWires, active: Bool | bigint, name: string): Key {
    let constant = 0n;
    const fields: KeyField[] = [];
    for (const [field, value] of Object.entries({ ...fact, active }) as [FactField, FactValue][]) {
      const place = FACT_FIELDS[field];
      if (typeof value === "bigint") constant += value << BigInt(place.at);
      else if (!("if" in value)) fields.push({ ...place, wire: value });
      else if (typeof value.then !== "bigint")
        fields.push({ ...place, wire: value.then, condition: value.if });
      else if (value.then > 0n) fields.push({ ...place, wire: value.if, times: value.then });
    }
    fields.sort((x, y) => x.at - y.at);
    return pack(this.#b, fields, name, constant);
  }

  #valueOf(fact: FactWires): bigint {
    const valueOf = (value: FactValue): bigint => {
      if (typeof value === "bigint") return value;
      return "if" in value ? valueOf(value.if) * valueOf(value.then) : this.#b.value(value);
    };
    let key = 1n << BigInt(FACT_FIELDS.active.at);
    for (const [field, value] of Object.entries(fact) as [FactField, FactValue][])
      key += valueOf(value) << BigInt(FACT_FIELDS[field].at);
    return key;
  }

  #defineStatics(): void {
    const b = this.#b;
    const define = (id: number, value: bigint): void => {
      const { lo, hi } = constantWord(b, value);
      this.#lo.define(b, id, lo);
      this.#hi.define(b, id, hi);
    };
    for (let i = 0; i < CONSTANT_WORDS; i++) define(i, BigInt(i));
    for (let i = 0; i < POWER_WORDS; i++) define(CONSTANT_WORDS + i, 1n << BigInt(i));
    this.#keys.define(b, 0, pack(b, [], "keys.null"));
    PLAIN_INSTRUCTIONS.forEach((op, i) =>
      this.#keys.define(b, 1 + i, this.#key({ op: BigInt(op) }, 1n, `keys.plain[${op}]`)),
    );
  }
}
