/** What the circuit `evm` is filled with: the plan of execution, and what needs no execution. */
import type { Profile } from "../../../protocol/evm/capacities.ts";
import { StackError } from "../../../protocol/errors.ts";
import type { KeccakPlan } from "../../../protocol/evm/keccakUse.ts";
import { countWork } from "../../../protocol/evm/plan/countWork.ts";
import type { ChunkInput } from "../../../protocol/evm/plan/chunkState.ts";
import { planTree } from "../../../protocol/evm/plan/execution/leavesPlan.ts";
import type { Shortage } from "../../../protocol/evm/plan/factBook.ts";
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

/** The blocks are more than a proof of the profile holds. */
export type EvmPlanError = { code: "CAPACITY_EXCEEDED" } & Shortage;

/**
 * Plans the blocks. `prepare` may change a plan before it is run. Throws CAPACITY_EXCEEDED, what `ChunkPlan` throws, and
 * `TREE_HEIGHT_EXCEEDED`.
 */
export function planEvm(
  profile: Profile,
  input: ChunkInput,
  prepare: (plan: ChunkPlan) => void = () => undefined,
): EvmPlan {
  const parts = planParts(profile, input, prepare);
  const { leaves, before } = parts.chunk;
  const [shortage] = parts.chunk.shortages();
  if (shortage) throw new StackError<EvmPlanError>({ code: "CAPACITY_EXCEEDED", ...shortage }, "fatal");
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
  return { chunk, transactions, keccak: countWork(chunk, transactions) };
}
