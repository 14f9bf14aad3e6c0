/** Keccak-256 for all parts of the program, from one pool. */
import type { Builder } from "../../builder/builder.ts";
import type { Wire, Word } from "../../builder/wire.ts";
import { KeccakPool } from "../../gadgets/keccakPool.ts";
import type { Capacities } from "../../../protocol/evm/capacities.ts";
import { type KeccakPlan, NO_MESSAGE } from "../../../protocol/evm/keccakUse.ts";

/** keccak256 of the message with this commitment; of the commitment 0 the word 0. Cost: 8 gates. */
export type KeccakDigests = (commitment: Wire, name: string) => Word;

export function keccakDigests(b: Builder, capacities: Capacities, plan: () => KeccakPlan): KeccakDigests {
  const { keccakJobs: jobs, keccakWords: words, keccakBlocks: blocks } = capacities;
  const pool = new KeccakPool(b, { jobs, words, blocks }, () => plan().messages, "keccak");
  return (commitment, name) => {
    const entry = (): number => plan().entryOf.get(b.value(commitment)) ?? NO_MESSAGE;
    return pool.digest(b, commitment, entry, name);
  };
}
