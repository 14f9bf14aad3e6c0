/**
 * Proves: result = the root of the tree in which `leaf` stands where `turns` lead, over `siblings`.
 * Assumes: nothing; turns are boolean (checked when building), lowest first: 1 where the path is the right child.
 * Enforces: left and right of each node, and its hash.
 * Parameters: as many siblings as turns: the depth.
 * Sound because: left is chosen by the turn and right is what is left of the sum of both.
 * Cost: 76 gates a level.
 */
import { mux, sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import type { Bool, Wire } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import { hashFields } from "./sponge.ts";

export function merkleRoot(
  b: Builder,
  leaf: Wire,
  turns: readonly Bool[],
  siblings: readonly Wire[],
  name: string,
): Wire {
  let node = leaf;
  turns.forEach((turn, level) => {
    const sibling = siblings[level]!;
    const left = mux(b, turn, sibling, node, `${name}.left[${level}]`);
    const right = sum(b, [[1n, node], [1n, sibling], [-1n, left]], 0n, `${name}.right[${level}]`); // prettier-ignore
    node = hashFields(b, Domain.NODE, [left, right], `${name}.node[${level}]`);
  });
  return node;
}
