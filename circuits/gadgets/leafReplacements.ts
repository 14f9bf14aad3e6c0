/**
 * A Merkle root taken to another by replacing leaves one after another. What is replaced is claimed by other gadgets, any
 * number of times a step (an insertion takes two, an account that is not touched none), so the paths are proven in one
 * list and claimed through tables.
 *
 * Proves: `finish()` is the root of the tree after the claimed replacements, in the order of the claims, and each claim's old
 *   leaf was at its place at its turn.
 * Assumes: nothing; `used` is boolean (checked when building).
 * Enforces: in each entry, the path of the old leaf leads to the running root and that of the new leaf, over the same
 *   siblings, to the next; active entries come first; each used claim equals the entry at the cursor; as many entries
 *   are active as claims were used.
 * Parameters: depth 1..32, capacity: how many replacements fit.
 * Sound because: claims move the cursor by one, so entry i is claimed by the i-th used claim and by no other, and the
 *   count leaves no active entry unclaimed. A path of length `depth` binds a leaf to its index (Poseidon2 is
 *   collision resistant and nodes have their own domain).
 * Cost: an entry of depth 32 about 4,950 gates, a claim 12.
 */
import { add, assertEqualIf, mux } from "../builder/arithmetic.ts";
import { assertImplies } from "../builder/bool.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { toBits } from "../builder/compare.ts";
import { assertFits, witnessBool } from "../builder/ranges.ts";
import { type Rom, fieldRom } from "../builder/rom.ts";
import { type Bool, MAX_FIELD, type Wire } from "../builder/wire.ts";
import { merkleRoot } from "./merkleRoot.ts";

export interface Replacement {
  readonly index: bigint;
  readonly oldLeaf: bigint;
  readonly newLeaf: bigint;
  /** Lowest first. */
  readonly siblings: readonly bigint[];
}

export interface TreeShape {
  readonly depth: number;
  readonly capacity: number;
}

export interface Claim {
  readonly used: Bool;
  readonly oldLeaf: Wire;
  readonly newLeaf: Wire;
  /** Given when the place matters: a new leaf's. */
  readonly index?: Wire;
}

export class LeafReplacements {
  readonly #indices: Rom<Wire>;
  readonly #oldLeaves: Rom<Wire>;
  readonly #newLeaves: Rom<Wire>;
  readonly #active: Bool[] = [];
  #root: Wire;
  #cursor: Wire;

  /** `steps` gives the replacements to make: a witness, any list does. */
  constructor(b: Builder, root: Wire, { depth, capacity }: TreeShape, steps: () => readonly Replacement[]) {
    this.#root = root;
    this.#cursor = b.zero;
    const columns: [Wire[], Wire[], Wire[]] = [[], [], []];
    for (let i = 0; i < capacity; i++)
      this.#entry(b, depth, i, () => steps()[i]).forEach((wire, column) => columns[column]!.push(wire));
    // One entry more: an unused claim reads at the cursor as well.
    for (const column of columns) column.push(b.zero);
    this.#indices = fieldRom(b, columns[0], "indices");
    this.#oldLeaves = fieldRom(b, columns[1], "oldLeaves");
    this.#newLeaves = fieldRom(b, columns[2], "newLeaves");
  }

  /** If `used`, the next replacement is this one. */
  claim(b: Builder, { used, oldLeaf, newLeaf, index }: Claim, name: string): void {
    const at = this.#cursor;
    assertFits(b, used, 1, name);
    assertEqualIf(b, used, this.#oldLeaves.read(b, at, `${name}.old`), oldLeaf, `${name}.oldLeaf`);
    assertEqualIf(b, used, this.#newLeaves.read(b, at, `${name}.new`), newLeaf, `${name}.newLeaf`);
    if (index) assertEqualIf(b, used, this.#indices.read(b, at, `${name}.at`), index, `${name}.index`);
    this.#cursor = add(b, at, used, `${name}.cursor`);
  }

  /** The root after all of them. Nothing may be claimed after. */
  finish(b: Builder, name: string): Wire {
    const count = this.#active.map((active): Term => [1n, active]);
    b.assertZero([], [...count, [-1n, this.#cursor]], 0n, `${name}.allClaimed`);
    return this.#root;
  }

  #entry(b: Builder, depth: number, i: number, step: () => Replacement | undefined): [Wire, Wire, Wire] {
    return b.scope(`replacement[${i}]`, () => {
      const active = witnessBool(b, "active", () => step() !== undefined);
      if (i > 0) assertImplies(b, active, this.#active[i - 1]!, "active.prefix");
      const index = { index: b.witness("index", () => step()?.index ?? 0n).index, max: MAX_FIELD };
      const turns = toBits(b, index, depth, "turn");
      const oldLeaf = b.witness("oldLeaf", () => step()?.oldLeaf ?? 0n);
      const newLeaf = b.witness("newLeaf", () => step()?.newLeaf ?? 0n);
      const siblings = turns.map((_, l) => b.witness(`sibling[${l}]`, () => step()?.siblings[l] ?? 0n));
      const before = merkleRoot(b, oldLeaf, turns, siblings, "before");
      assertEqualIf(b, active, before, this.#root, "before.isRoot");
      const after = merkleRoot(b, newLeaf, turns, siblings, "after");
      this.#root = mux(b, active, after, this.#root, "root");
      this.#active.push(active);
      return [index, oldLeaf, newLeaf];
    });
  }
}
