import type { Ancestors } from "../../protocol/ancestors.ts";
import type { BlockData } from "../../protocol/block.ts";
import type { StateWitness } from "../../protocol/state/witness.ts";
import type { ChainTip } from "../../protocol/tip.ts";

/** What a proof of a chunk is made from. */
export interface ChunkInput {
  readonly chainId: bigint;
  readonly gasLimit: bigint;
  readonly previous: ChainTip;
  /** Leads to `previous.dataHash`: `ancestorHashes` has been asked. */
  readonly ancestors: Ancestors;
  /** At least one; each with the part of the state before it that it needs. */
  readonly blocks: readonly { readonly data: BlockData; readonly state: StateWitness }[];
}
