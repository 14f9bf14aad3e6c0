import type { BlockData } from "../../block.ts";
import { BlockMachine, type MachineOptions } from "./blockMachine.ts";
import type { StateReader } from "./stateReader.ts";
import type { BlockTrace } from "./trace.ts";

export type BlockInput = { readonly chainId: bigint; readonly block: BlockData };

/**
 * Executes a block on the state before it. Assumes the block's own fields follow from its parent (docs/ARCHITECTURE.md, Blocks).
 * Throws what `decodeTransaction` and `assertExecutable` throw: a block with a refused transaction is not a block.
 */
export function executeBlock(
  { chainId, block }: BlockInput,
  state: StateReader,
  options: MachineOptions = {},
): BlockTrace {
  const machine = new BlockMachine(chainId, block, state, options);
  for (const raw of block.transactions) machine.execute(machine.decode(raw));
  const { gasUsed, transactions, frames, steps } = machine;
  return { chainId, block, gasUsed, transactions, frames, steps };
}
