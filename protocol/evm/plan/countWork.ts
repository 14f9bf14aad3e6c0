/** What a plan uses of the tables that no planner fills: those of transactions and of hashes. */
import { type KeccakPlan, planKeccakJobs } from "../keccakUse.ts";
import type { TransactionsUse } from "../transactionsUse.ts";
import type { ExecutionPlan } from "./planChunk.ts";

/** What transactions are made of: what they use, and the messages that are hashed to check them. */
export interface TransactionsWork {
  readonly use: TransactionsUse;
  readonly messages: readonly Uint8Array[];
}

/** Counts it in the plan's book; returns what is hashed. Assumes `run`. */
export function countWork(plan: ExecutionPlan, { use, messages }: TransactionsWork): KeccakPlan {
  const { book, hashed, memory } = plan;
  const keccak = planKeccakJobs([...messages, ...hashed, ...memory.keccaks.hashed]);
  for (const name of Object.keys(use) as (keyof typeof use)[]) book.reach(name, use[name]);
  book.reach("keccakJobs", keccak.use.jobs);
  book.reach("keccakWords", keccak.use.words);
  book.reach("keccakBlocks", keccak.use.blocks);
  return keccak;
}
