/** What a plan uses of the tables that no planner fills: those of transactions, of hashes and of precompiled contracts. */
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
  const { book, frames, hashed, memory } = plan;
  const keccak = planKeccakJobs([...messages, ...hashed, ...memory.keccaks.hashed]);
  for (const name of Object.keys(use) as (keyof typeof use)[]) book.reach(name, use[name]);
  book.reach("keccakJobs", keccak.use.jobs);
  book.reach("keccakWords", keccak.use.words);
  book.reach("keccakBlocks", keccak.use.blocks);
  const { sha256, ripemd160, ecrecovers, modexps, blake2f } = frames.precompileInputs;
  book.reach("sha256Blocks", paddedBlocks(sha256));
  book.reach("ripemd160Blocks", paddedBlocks(ripemd160));
  book.reach("ecrecovers", ecrecovers.length);
  book.reach("modexps", modexps.length);
  book.reach("modexpSteps", modexps.reduce((sum, { answered, exponent }) => sum + (answered ? digitsOf(exponent) : 0), 0)); // prettier-ignore
  book.reach("blake2fJobs", blake2f.length);
  book.reach("blake2fRounds", blake2f.reduce((sum, { input, answered }) => sum + (answered ? roundsOf(input) : 0), 0)); // prettier-ignore
  return keccak;
}

/** Of 64 bytes, with the padding: a byte, and the length in 8. */
const paddedBlocks = (messages: readonly Uint8Array[]): number =>
  messages.reduce((sum, { length }) => sum + Math.floor((length + 8) / 64) + 1, 0);

/** In base 16, none for 0: steps of modexp. */
const digitsOf = (exponent: bigint): number => (exponent === 0n ? 0 : exponent.toString(16).length);

/** EIP-152: the first 4 bytes. */
const roundsOf = (input: Uint8Array): number =>
  new DataView(input.buffer, input.byteOffset, input.length).getUint32(0);
