/**
 * The uppermost levels of the tree in use: every node is hashed once, whatever number of paths lead to it, so a path ends at
 * the root of its subtree, in a table.
 *
 * Proves: what is read at a subtree is its root in the tree with root `rootBefore`; `rootAfter` is the root after all
 *   replacements, one after another.
 * Assumes: what is read or replaced is a hash (a path's end).
 * Enforces: an open node is the hash of its children, before and after; a node that is not open stays as it is, and below it
 *   all tables hold 0; the parent of an open node is open.
 * Parameters: 2^levels subtrees and one more, the root of `paddingSubtree`, which belongs to no tree.
 * Sound because: no hash is 0 (A-STATE-01), so a path can end below open nodes only, where each node is bound by the hash
 *   above it.
 * Cost: 168 gates a subtree, 2 a read, 10 a replacement.
 */
import { assertEqual, mul, mux } from "../../builder/arithmetic.ts";
import { assertImplies } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { type Ram, ram } from "../../builder/ram.ts";
import { witnessBool } from "../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { Domain } from "../../../protocol/domains.ts";
import type { TopPlan } from "../../../protocol/state/treeAccessPlan.ts";
import { hashFields } from "../sponge.ts";

interface TopNode {
  readonly isOpen: Bool;
  /** What a node that is not open is. */
  readonly kept: Wire;
}

export class TopNodes {
  readonly rootBefore: Wire;
  /** By level from 1, none at level 0. */
  readonly #nodes: readonly (readonly TopNode[])[];
  readonly #before: Rom<Wire>;
  readonly #after: Ram<254>;

  constructor(b: Builder, levels: number, padding: bigint, plan: () => TopPlan) {
    this.#nodes = openNodes(b, levels, plan);
    const roots = b.witnesses("subtree", 2 ** levels, () => plan().nodes[0] ?? []);
    const parents = this.#nodes[1];
    const held = roots.map((root, i) =>
      parents === undefined ? root : mul(b, parents[i >> 1]!.isOpen, root, `subtree[${i}].held`),
    );
    const entries = [...held, b.constant(padding)];
    this.#before = fieldRom(b, entries, "before");
    this.#after = ram(b, entries, 254, "after");
    this.rootBefore = this.#hash(b, roots, "before");
  }

  /** Enforces that `root` is that of the subtree before. `subtree`: below 2^64. */
  read(b: Builder, subtree: Wire, root: Wire, name: string): void {
    this.#before.assertAt(b, subtree, root, name);
  }

  /** Enforces that `root` is the subtree's now; `next` is it from here on. */
  replace(b: Builder, subtree: Wire, root: Wire, next: Wire, name: string): void {
    assertEqual(b, this.#after.read(b, subtree, `${name}.now`), root, name);
    this.#after.write(b, subtree, next, `${name}.next`);
  }

  /** The root after all replacements. */
  rootAfter(b: Builder): Wire {
    const roots = Array.from({ length: this.#after.length - 1 }, (_, i) =>
      this.#after.read(b, b.constant(BigInt(i)), `subtree[${i}].last`),
    );
    return this.#hash(b, roots, "after");
  }

  #hash(b: Builder, roots: readonly Wire[], name: string): Wire {
    let nodes = roots;
    this.#nodes.slice(1).forEach((level, l) => {
      nodes = level.map(({ isOpen, kept }, i) => {
        const at = `${name}.node[${l + 1}][${i}]`;
        const hashed = hashFields(b, Domain.NODE, [nodes[2 * i]!, nodes[2 * i + 1]!], `${at}.hash`);
        return mux(b, isOpen, hashed, kept, at);
      });
    });
    return nodes[0]!;
  }
}

function openNodes(b: Builder, levels: number, plan: () => TopPlan): TopNode[][] {
  const nodes: TopNode[][] = [];
  for (let level = levels; level > 0; level--)
    nodes[level] = Array.from({ length: 2 ** (levels - level) }, (_, i) => {
      const name = `node[${level}][${i}]`;
      const isOpen = witnessBool(b, `${name}.isOpen`, () => plan().isOpen[level]?.[i] ?? false);
      const parent = nodes[level + 1]?.[i >> 1];
      if (parent) assertImplies(b, isOpen, parent.isOpen, `${name}.isOpen.parent`);
      return { isOpen, kept: b.witness(`${name}.kept`, () => plan().nodes[level]?.[i] ?? 0n) };
    });
  return nodes;
}
