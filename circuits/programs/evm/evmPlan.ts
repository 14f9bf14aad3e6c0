/** What the circuit `evm` is filled with: the plan of execution, and what needs no execution. */
import type { Profile } from "../../../protocol/evm/capacities.ts";
import { type KeccakPlan, planKeccakJobs } from "../../../protocol/evm/keccakUse.ts";
import type { ChunkInput } from "../../../protocol/evm/plan/chunkState.ts";
import { planTree } from "../../../protocol/evm/plan/execution/leavesPlan.ts";
import { ChunkPlan } from "../../../protocol/evm/plan/planChunk.ts";
import type { TreeAccessPlan } from "../../../protocol/state/treeAccessPlan.ts";
import { planTransactions, type TransactionsPlan } from "./transactions/plan.ts";

export interface EvmPlan {
  readonly chunk: ChunkPlan;
  readonly transactions: TransactionsPlan;
  readonly keccak: KeccakPlan;
  readonly tree: TreeAccessPlan;
}

type Parts = Omit<EvmPlan, "tree">;

/**
 * Plans the blocks. `prepare` may change a plan before it is run. Throws what `ChunkPlan` throws, and `TREE_ACCESS_CAPACITY`
 * where the tree's part of the profile is too small.
 */
export function planEvm(
  profile: Profile,
  input: ChunkInput,
  prepare: (plan: ChunkPlan) => void = () => undefined,
): EvmPlan {
  const parts = planParts(profile, input, prepare);
  const { leaves, before } = parts.chunk;
  return { ...parts, tree: planTree(leaves, before.before.tree, profile) };
}

/** What the blocks take of each capacity; `shortages()` of the result is what the profile lacks. Throws what `ChunkPlan` throws. */
export const measureEvm = (profile: Profile, input: ChunkInput): ChunkPlan =>
  planParts(profile, input, () => undefined).chunk;

function planParts(profile: Profile, input: ChunkInput, prepare: (plan: ChunkPlan) => void): Parts {
  const chunk = new ChunkPlan(profile, input);
  prepare(chunk);
  chunk.run();
  const executed = chunk.blocks.map(({ block, gasUsed }) => ({ data: block, gasUsed }));
  const ancestors = (input.ancestors ?? []).slice(0, chunk.before.ancestorsAsked);
  const transactions = planTransactions(executed, ancestors);
  const keccak = planKeccakJobs([...transactions.messages, ...chunk.hashed, ...chunk.memory.keccaks.hashed]);
  countUses(chunk, transactions, keccak);
  return { chunk, transactions, keccak };
}

function countUses({ book, frames }: ChunkPlan, { use }: TransactionsPlan, keccak: KeccakPlan): void {
  for (const name of Object.keys(use) as (keyof typeof use)[]) book.reach(name, use[name]);
  book.reach("keccakJobs", keccak.use.jobs);
  book.reach("keccakWords", keccak.use.words);
  book.reach("keccakBlocks", keccak.use.blocks);
  const { sha256, ripemd160, ecrecovers, blake2f } = frames.precompileInputs;
  book.reach("sha256Blocks", paddedBlocks(sha256));
  book.reach("ripemd160Blocks", paddedBlocks(ripemd160));
  book.reach("ecrecovers", ecrecovers.length);
  book.reach("blake2fJobs", blake2f.length);
  book.reach("blake2fRounds", blake2f.reduce((sum, { input, answered }) => sum + (answered ? roundsOf(input) : 0), 0)); // prettier-ignore
}

/** Of 64 bytes, with the padding: a byte, and the length in 8. */
const paddedBlocks = (messages: readonly Uint8Array[]): number =>
  messages.reduce((sum, { length }) => sum + Math.floor((length + 8) / 64) + 1, 0);

/** EIP-152: the first 4 bytes. */
const roundsOf = (input: Uint8Array): number =>
  new DataView(input.buffer, input.byteOffset, input.length).getUint32(0);
