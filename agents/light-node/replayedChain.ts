import type { BlockData } from "../../protocol/block.ts";
import { StackError } from "../../protocol/errors.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import { Chain } from "../kit/execution/chain.ts";
import type { Genesis } from "../kit/execution/genesis.ts";
import type { Machine } from "../kit/execution/machine.ts";
import type { Log } from "../kit/execution/receipt.ts";
import type { Store } from "../kit/lmdb.ts";

/** A block that the chain's rules refuse; `reason` is the rule's code. */
export class InvalidBlock extends StackError<{
  code: "BLOCK_INVALID";
  blockNumber: bigint;
  reason: string;
}> {}

/** A chain whose blocks come from published data: executed here, believed nowhere. */
export interface ReplayedChain {
  readonly chain: Chain;
  /** Executes the blocks that are not executed yet. Throws InvalidBlock; blocks before the invalid one stay. */
  replay(blocks: readonly BlockData[]): Promise<void>;
  /** Logs of the blocks `first..last`, in the order of execution. Assumes they are executed. */
  logs(first: bigint, last: bigint): Log[];
  /** Takes off the blocks after `number`. */
  cut(number: bigint): Promise<void>;
  tip(number: bigint): ChainTip;
}

export async function openReplayedChain(genesis: Genesis, store: Store): Promise<ReplayedChain> {
  const chain = await Chain.open(genesis, store);
  const machine = await chain.createMachine();
  return {
    chain,
    async replay(blocks) {
      for (const block of blocks) if (block.number > chain.head.number) await execute(chain, machine, block);
    },
    logs(first, last) {
      const found: Log[] = [];
      for (let number = first; number <= last; number++)
        for (const receipt of chain.records.receipts(number)!) found.push(...receipt.logs);
      return found;
    },
    async cut(number) {
      if (chain.head.number > number) await chain.rollback(number);
    },
    tip: (number) => chain.tip(number),
  };
}

async function execute(chain: Chain, machine: Machine, block: BlockData): Promise<void> {
  try {
    await chain.executeBlock(machine, block);
  } catch (error) {
    const reason = ruleBroken(error);
    if (reason === undefined) throw error;
    throw new InvalidBlock({ code: "BLOCK_INVALID", blockNumber: block.number, reason }, "fatal", {
      cause: error,
    });
  }
}

const TIP_RULES = new Set([
  "BLOCK_NUMBER_MISMATCH",
  "BLOCK_TIME_NOT_LATER",
  "BLOCK_GAS_LIMIT_MISMATCH",
  "BLOCK_BASE_FEE_MISMATCH",
  "BLOCK_GAS_EXCEEDED",
]);

/** The rule's code; undefined where it was no rule but this machine that failed, which says nothing of the block. */
function ruleBroken(error: unknown): string | undefined {
  if (!(error instanceof StackError)) return undefined;
  const { code } = error.type;
  if (TIP_RULES.has(code)) return code;
  return code === "BLOCK_TRANSACTION_INVALID" && error.cause instanceof StackError
    ? error.cause.type.code
    : undefined;
}
