/**
 * The facts of a chunk as the planner collects them: words by id, keys by place. It never refuses for want of room; it
 * counts, and `shortages` tells what is too little and by how much.
 */
import {
  CHIP_FACTS,
  CONSTANT_WORDS,
  type Capacities,
  type Capacity,
  type Chip,
  type FactLayout,
  factLayout,
  POWER_WORDS,
} from "../capacities.ts";
import { type FactKey, factKey, fieldOf, questionOf } from "../factKey.ts";
import { PLAIN_INSTRUCTIONS } from "../instructions.ts";

export type Shortage = { readonly capacity: Capacity; readonly needed: number; readonly available: number };

/** Entries beyond a chip's capacity get ids from here on: planning goes on, proving is out of the question. */
const OVERFLOW = 2 ** 19;

/** Words below are constants. */
const FIRST_OWN = CONSTANT_WORDS + POWER_WORDS;

export class FactBook {
  readonly capacities: Capacities;
  readonly layout: FactLayout;
  /** By id; undefined = not used. */
  readonly words: (bigint | undefined)[] = [];
  /** By place; undefined = not used. */
  readonly keys: (bigint | undefined)[] = [];
  readonly #used = new Map<Capacity, number>();
  readonly #placeOf = new Map<bigint, number>();
  readonly #answers = new Map<bigint, bigint>();
  readonly #literals = new Map<bigint, number>();
  readonly #apart: boolean;
  #overflow = OVERFLOW;

  /** `apart`: `found` words have ids of their own (see there). */
  constructor(capacities: Capacities, apart = false) {
    this.capacities = capacities;
    this.#apart = apart;
    this.layout = factLayout(capacities);
    for (let i = 0; i < CONSTANT_WORDS; i++) this.#setLiteral(i, BigInt(i));
    for (let i = 0; i < POWER_WORDS; i++) this.#setLiteral(CONSTANT_WORDS + i, 1n << BigInt(i));
    this.#setKey(0, 0n);
    PLAIN_INSTRUCTIONS.forEach((op, i) => this.#setKey(1 + i, factKey({ op })));
  }

  /** Takes the next entry of a capacity; its number. */
  take(capacity: Capacity, count = 1): number {
    const used = this.#used.get(capacity) ?? 0;
    this.#used.set(capacity, used + count);
    return used;
  }

  used(capacity: Capacity): number {
    return this.#used.get(capacity) ?? 0;
  }

  /** Records that a capacity of which only the highest use counts is used up to `count`. */
  reach(capacity: Capacity, count: number): void {
    if (count > this.used(capacity)) this.#used.set(capacity, count);
  }

  /** The id of word number `which` of an entry, now with its value. */
  word(chip: Chip, entry: number, value: bigint, which = 0): number {
    const fits = entry < this.capacities[chip];
    const id = fits ? this.layout.firstWord[chip] + entry * CHIP_FACTS[chip].words + which : this.#overflow++;
    this.words[id] = value;
    return id;
  }

  /** Records key number `which` of an entry. */
  key(chip: Chip, entry: number, fact: FactKey, which = 0): void {
    const key = factKey(fact);
    const fits = entry < this.capacities[chip];
    this.#setKey(
      fits ? this.layout.firstKey[chip] + entry * CHIP_FACTS[chip].keys + which : this.#overflow++,
      key,
    );
  }

  /** The id of a word of this value: a constant, a power of two, or a literal, made if need be. */
  literal(value: bigint): number {
    const known = this.#literals.get(value);
    if (known !== undefined) return known;
    const id = this.word("literals", this.take("literals"), value);
    this.#literals.set(value, id);
    return id;
  }

  /**
   * The id of what a cell of the state holds at the start. Apart from all others, it stands for whatever id the cell may have when
   * other blocks are proven before: no two facts are one because of what their operands happen to be.
   */
  found(value: bigint): number {
    if (!this.#apart) return this.literal(value);
    const id = this.#overflow++;
    this.words[id] = value;
    const isConstant = (this.#literals.get(value) ?? FIRST_OWN) < FIRST_OWN;
    if (!isConstant) this.take("literals");
    return id;
  }

  /** The id that a place of the stack holds before anything is written to it: 0, or, apart, whatever other blocks have left there. */
  leftOver = (): number => (this.#apart ? this.#overflow++ : 0);

  value(id: number): bigint {
    return this.words[id] ?? 0n;
  }

  /** The id that answers an untimed question already recorded. */
  known(question: FactKey): number | undefined {
    const key = this.#answers.get(questionOf(factKey(question)));
    return key === undefined ? undefined : Number(fieldOf(key, "z"));
  }

  /** The key recorded for a question (its answers are ignored). For the circuit's witness. */
  answerTo(question: bigint): bigint | undefined {
    return this.#answers.get(questionOf(question));
  }

  /** Where a key stands. For the circuit's witness. */
  placeOf(key: bigint): number | undefined {
    return this.#placeOf.get(key);
  }

  /** Every capacity that was used beyond what there is. */
  shortages(): Shortage[] {
    return [...this.#used].flatMap(([capacity, needed]) =>
      needed > this.capacities[capacity] ? [{ capacity, needed, available: this.capacities[capacity] }] : [],
    );
  }

  uses(): ReadonlyMap<Capacity, number> {
    return this.#used;
  }

  #setLiteral(id: number, value: bigint): void {
    this.words[id] = value;
    if (!this.#literals.has(value)) this.#literals.set(value, id);
  }

  #setKey(place: number, key: bigint): void {
    this.keys[place] = key;
    this.#placeOf.set(key, place);
    this.#answers.set(questionOf(key), key);
  }
}
