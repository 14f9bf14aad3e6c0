/** The native execution of a chunk's blocks: what the planner replays. */
import type { Field } from "../../field.ts";
import { stateChangesOf } from "../machine/stateChanges.ts";
import { changeState } from "../../state/changes.ts";
import { commitLog, nextReceiptsHead } from "../../state/receipts.ts";
import { WitnessState } from "../../state/witness.ts";
import { assertFollows, type ChainTip, tipAfter } from "../../tip.ts";
import { executeBlock } from "../machine/executeBlock.ts";
import type { BlockTrace, TransactionTrace } from "../machine/trace.ts";
import { addressText } from "../machine/transactionError.ts";
import { type ChunkInput, ChunkState } from "./chunkState.ts";

export interface ChunkTraces {
  readonly state: ChunkState;
  readonly blocks: readonly BlockTrace[];
  readonly next: ChainTip;
  /** After the last block. */
  readonly receiptsHead: Field;
}

/** Throws a `TipError`, what the machine throws for a transaction that cannot be executed, a `StateWitnessError`. */
export function traceChunk(input: ChunkInput): ChunkTraces {
  const { chainId, gasLimit, previous } = input;
  const state = new ChunkState(input);
  const after = new WitnessState(input.state, previous.stateRoot);
  let tip = previous;
  let receiptsHead = after.receiptsHead;
  const blocks = input.blocks.map((block) => {
    assertFollows(tip, gasLimit, block);
    const trace = executeBlock({ chainId, block }, state.reader());
    changeState(after.tree, trace.transactions.map(({ effects }) => stateChangesOf(effects))); // prettier-ignore
    for (const transaction of trace.transactions) {
      state.apply(transaction.effects);
      receiptsHead = nextReceiptsHead(receiptsHead, block.number, receiptOf(transaction));
    }
    tip = tipAfter(tip, block, { stateRoot: after.tree.stateRoot(receiptsHead), gasUsed: trace.gasUsed });
    state.addHash(block.number, tip.dataHash);
    return trace;
  });
  return { state, blocks, next: tip, receiptsHead };
}

const receiptOf = ({ status, gasUsed, logs }: TransactionTrace) => ({
  status,
  gasUsed,
  logs: logs.map(({ address, topics, data }) => commitLog({ address: addressText(address), topics }, data)),
});
