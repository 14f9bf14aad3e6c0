/**
 * Where each access of a chunk is proven: one table over all opened, written, new and absent leaves, in which every touched
 * leaf claims its place.
 *
 * Proves: a claimed leaf is, in the tree before, present with `before` or absent, as it says; every update and every insertion
 *   that was made is claimed, with its value after and its birth.
 * Assumes: the keys of all active claims are distinct, and none is 0 (keys are hashes).
 * Enforces: PL-1 key, kind, value before (of a present key), value after and birth (of what is written) are those of the
 *   place. PL-2 what is inserted is not present. PL-3 as many updates are claimed as made, and as many insertions.
 * Sound because: distinct keys claim distinct places, so by PL-3 no place of a change is left unclaimed. What is not active claims
 *   key, values and tag 0: a place without a leaf, whichever, and counts as nothing.
 * Cost: 20 gates a claim, 12 a place.
 */
import { combine, mul, sum } from "../../builder/arithmetic.ts";
import { and } from "../../builder/bool.ts";
import type { Builder, Product, Term } from "../../builder/builder.ts";
import { assertFits, witnessBits } from "../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import type { LeafWires } from "../account.ts";
import type { AbsentRow } from "./absentKeys.ts";
import type { InsertedRow } from "./insertedLeaves.ts";
import { assertSameCount } from "./links.ts";
import { PLACE_BITS } from "./openedLeaf.ts";
import type { WrittenRow } from "./writtenLeaves.ts";

/** What a place is claimed as; 0: nothing. Above the birth in a tag. */
const KINDS = { present: 1n, updated: 2n, absent: 3n, inserted: 4n } as const;
const BIRTH_BITS = 16;
const KIND = 1n << BigInt(BIRTH_BITS);

export interface Rows {
  readonly reads: readonly LeafWires[];
  readonly writes: readonly WrittenRow[];
  readonly insertions: readonly InsertedRow[];
  readonly absences: readonly AbsentRow[];
}

/** A leaf that the chunk touched. */
export interface TouchedLeaf {
  /** Raw field: a hash. */
  readonly key: Wire;
  readonly active: Bool;
  /** In the tree before. */
  readonly present: Bool;
  /** Value hash; of a present one. */
  readonly before: Wire;
  /** Value hash at the end; of a changed or inserted one. */
  readonly after: Wire;
  /** Of a present one: it is written. Of an absent one it says nothing. */
  readonly isChanged: Bool;
  /** Absent before, and not empty at the end of some transaction: gets a leaf. */
  readonly isInserted: Bool;
  /** Below 2^16, of an inserted one: number of the transaction at whose end it first was not empty. */
  readonly birth: Wire;
}

export class Places {
  readonly keys: Rom<Wire>;
  readonly #befores: Rom<Wire>;
  readonly #afters: Rom<Wire>;
  readonly #tags: Rom<Wire>;
  /** Claimed by what is not active. */
  readonly #none: bigint;
  readonly #rows: Rows;
  readonly #updated: Bool[] = [];
  readonly #inserted: Bool[] = [];

  constructor(b: Builder, rows: Rows) {
    const places = [...placesOf(b, rows), { key: b.zero, before: b.zero, after: b.zero, tag: b.zero }];
    this.keys = fieldRom(b, places.map(({ key }) => key), "keys"); // prettier-ignore
    this.#befores = fieldRom(b, places.map(({ before }) => before), "befores"); // prettier-ignore
    this.#afters = fieldRom(b, places.map(({ after }) => after), "afters"); // prettier-ignore
    this.#tags = fieldRom(b, places.map(({ tag }) => tag), "tags"); // prettier-ignore
    this.#none = BigInt(places.length - 1);
    this.#rows = rows;
  }

  /** `place`: the number by the key's value. */
  claim(b: Builder, leaf: TouchedLeaf, place: (key: bigint) => number | undefined, name: string): void {
    const { active, key, birth } = leaf;
    assertFits(b, birth, BIRTH_BITS, `${name}.birth`);
    const present = and(b, active, leaf.present, `${name}.present`);
    const updated = and(b, present, leaf.isChanged, `${name}.updated`);
    const inserted = and(b, active, leaf.isInserted, `${name}.inserted`);
    b.assertZero([[1n, inserted, leaf.present]], [], 0n, `${name}.inserted.isAbsent`); // PL-2
    const at = witnessBits(b, PLACE_BITS, `${name}.place`, () =>
      b.value(active) === 1n ? BigInt(place(b.value(key)) ?? this.#none) : this.#none,
    );
    // PL-1. The kind is 3 active - 2 present + updated + inserted: see KINDS.
    const kind: Term[] = [[3n * KIND, active], [-2n * KIND, present], [KIND, updated], [KIND, inserted]]; // prettier-ignore
    const written: Product[] = [[1n, updated, leaf.after], [1n, inserted, leaf.after]]; // prettier-ignore
    this.keys.assertAt(b, at, mul(b, active, key, `${name}.key`), `${name}.isKey`);
    this.#befores.assertAt(b, at, mul(b, present, leaf.before, `${name}.before`), `${name}.isBefore`);
    this.#afters.assertAt(b, at, combine(b, written, [], 0n, `${name}.after`), `${name}.isAfter`);
    const tag = combine(b, [[1n, inserted, birth]], kind, 0n, `${name}.tag`);
    this.#tags.assertAt(b, at, tag, `${name}.isKind`);
    this.#updated.push(updated);
    this.#inserted.push(inserted);
  }

  /** PL-3. Nothing may be claimed after. */
  finish(b: Builder): void {
    const { writes, insertions } = this.#rows;
    const updates = writes.map(({ isUpdated }) => isUpdated);
    assertSameCount(b, updates, this.#updated, "updates.allClaimed");
    const added = insertions.map(({ active }) => active);
    assertSameCount(b, added, this.#inserted, "insertions.allClaimed");
  }
}

interface Place {
  readonly key: Wire;
  /** 0 unless present. */
  readonly before: Wire;
  /** 0 unless written. */
  readonly after: Wire;
  /** Kind * 2^16 + birth, the birth 0 unless inserted. */
  readonly tag: Wire;
}

function placesOf(b: Builder, { reads, writes, insertions, absences }: Rows): Place[] {
  const none = b.zero;
  const present = b.constant(KINDS.present * KIND);
  const tag = (flag: Bool, kind: bigint, rest: readonly Term[], constant: bigint, at: string): Wire =>
    sum(b, [[kind * KIND, flag], ...rest], constant, `${at}.tag`);
  return [
    ...reads.map(({ key, valueHash }) => ({ key, before: valueHash, after: none, tag: present })),
    ...writes.map(({ before: { key, valueHash }, isUpdated, written }, i) => {
      const own = tag(isUpdated, KINDS.updated - KINDS.present, [], KINDS.present * KIND, `write[${i}]`);
      return { key, before: valueHash, after: written, tag: own };
    }),
    ...insertions.map(({ active, key, birth, valueHash }, i) => {
      const own = tag(active, KINDS.inserted, [[1n, birth]], 0n, `insertion[${i}]`); // prettier-ignore
      return { key, before: none, after: valueHash, tag: own };
    }),
    ...absences.map(({ active, key }, i) => {
      const own = tag(active, KINDS.absent, [], 0n, `absence[${i}]`);
      return { key, before: none, after: none, tag: own };
    }),
  ];
}
