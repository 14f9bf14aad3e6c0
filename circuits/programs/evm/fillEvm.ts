import { openAncestors } from "../../../protocol/ancestors.ts";
import type { Profile } from "../../../protocol/evm/capacities.ts";
import { joinWitnesses } from "../../../protocol/state/joinWitnesses.ts";
import type { Built } from "../../builder/builder.ts";
import type { ChunkInput } from "../chunkInput.ts";
import { buildEvm } from "./buildEvm.ts";
import { planEvm } from "./evmPlan.ts";

/**
 * The circuit of a profile, filled. Throws CAPACITY_EXCEEDED before anything is built, what `planEvm` throws, and what
 * `joinWitnesses` throws for witnesses that are not those of the blocks.
 */
export function fillEvm(profile: Profile, { blocks, ancestors, ...input }: ChunkInput): Built {
  const state = joinWitnesses(blocks.map((block) => block.state));
  const plan = planEvm(profile, {
    ...input,
    blocks: blocks.map(({ data }) => data),
    state,
    ancestors: openAncestors(ancestors, input.previous.dataHash),
  });
  return buildEvm(profile, plan);
}
