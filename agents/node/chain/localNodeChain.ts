import { fieldToHex } from "../../../protocol/field.ts";
import { StackError } from "../../../protocol/errors.ts";
import type { KeyProof } from "../../../protocol/state/proofs.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { Chain } from "../../kit/execution/chain.ts";
import { MachinePool } from "../../kit/execution/machinePool.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import type { Hex } from "../../kit/hex.ts";
import type { Logger } from "../../kit/logger.ts";
import type { Sequencer } from "../sequencing/sequencer.ts";
import { BlockIndex, type FinalityHeads } from "./blockIndex.ts";
import { CallRunner, type CallSite } from "./callRunner.ts";
import { readAncestors } from "./ancestors.ts";
import { feeHistory, rewards } from "./feeHistory.ts";
import { logsOf, searchLogs, type LogLimits } from "./logSearch.ts";
import type {
  BlockId,
  BlockReceipts,
  ChainEvent,
  ChainQueryError,
  LeafProof,
  NodeChain,
  PendingHeader,
} from "./nodeChain.ts";

export interface NodeChainOptions extends LogLimits {
  readonly callGasCap: bigint;
  /** Wei per gas: the least priority fee that is suggested. */
  readonly minPriorityFee: bigint;
}

export interface NodeChainModules {
  readonly chain: Chain;
  readonly sequencer: Sequencer;
  readonly finality: () => FinalityHeads;
  readonly logger: Logger;
}

/** Blocks whose priority fees make the suggestion (geth: 20). */
const FEE_SAMPLE_BLOCKS = 20n;
const FEE_PERCENTILE = 60;

/** The node's chain as its RPC sees it. */
export function createNodeChain(
  options: NodeChainOptions,
  modules: NodeChainModules,
): NodeChain & ChainEvents {
  const { chain, sequencer, finality, logger } = modules;
  const index = new BlockIndex(chain, sequencer, finality);
  const calls = new CallRunner(chain.common, new MachinePool(chain.common), options.callGasCap);
  const listeners = new Set<(event: ChainEvent) => void>();
  const site = (at: BlockId): CallSite => ({ state: index.state(at), environment: index.environment(at) });
  const emit = (event: ChainEvent): void => {
    for (const listener of listeners)
      try {
        listener(event);
      } catch (error) {
        logger.error("listener failed", { event: event.kind }, error); // one bad listener must not stop the chain
      }
  };

  return {
    info: () => ({
      chainId: chain.genesis.chainId,
      program: chain.genesis.program,
      genesisHash: chain.records.header(0n)!.hash,
      gasLimit: chain.genesis.gasLimit,
    }),
    header: (id) => index.header(id),
    pendingHeader: () => pendingHeader(sequencer),
    transactions: (id) => index.transactions(id),
    receipts: (id) => index.receipts(id),
    transaction: (hash) => index.transaction(hash),
    receipt: (hash) => index.receipt(hash),
    logs: (filter, range) => searchLogs(index, filter, range, options),

    balance: (address, at) => index.state(at).account(address)?.balance ?? 0n,
    nonce: (address, at) => index.state(at).account(address)?.nonce ?? 0n,
    code(address, at) {
      const state = index.state(at);
      const account = state.account(address);
      return account && account.codeSize > 0 ? state.code(account.codeHash) : new Uint8Array();
    },
    storage(address, slot, at) {
      const value = index.state(at).storage(address, slot);
      return Buffer.concat([Buffer.alloc(32 - value.length), value]);
    },

    call: async (request, at, overrides) => calls.call(request, site(at), overrides),
    estimateGas: async (request, at, overrides) => calls.estimateGas(request, site(at), overrides),
    createAccessList: async (request, at) => calls.createAccessList(request, site(at)),

    submit: (raw) => sequencer.submit(raw),
    poolContent: () => ({
      pending: sequencer.soft.blocks.flatMap(({ transactions }) => transactions),
      queued: sequencer.waiting.all(),
    }),
    suggestedPriorityFee: () => suggestPriorityFee(index, chain.head.number, options.minPriorityFee),
    feeHistory: (count, newest, percentiles) => feeHistory(index, count, newest, percentiles),

    blockData: (number) => chain.getBlockData(number),
    blockWitness: (number) => chain.getBlockWitness(number),
    provingNeeds: (number) => chain.records.provingNeeds(number),
    ancestors: (oldest, newest) => readAncestors(chain, oldest, newest),
    receiptCommitments: (at) => blockReceipts(chain, requireSealed(index, at)),
    proof(address, slots, at) {
      const number = requireSealed(index, at);
      const proofs = chain.prove(number, address, slots);
      return {
        blockNumber: number,
        stateRoot: fieldToHex(proofs.stateRoot),
        leafCount: BigInt(proofs.leafCount),
        receiptsHead: fieldToHex(proofs.receiptsHead),
        account: leafProof(proofs.account),
        storage: proofs.slots.map((proof, i) => ({ ...leafProof(proof), slot: slots[i]! })),
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    sealed: (header) =>
      emit({
        kind: "newHead",
        header,
        logs: logsOf(index.receipts({ number: header.number }) ?? []),
      }),
    accepted: (transaction) => emit({ kind: "pendingTransaction", transaction }),
    finalityMoved: (heads) => emit({ kind: "finality", ...heads }),
  };
}

/** How the sequencer and the finality follower tell the chain's listeners. */
export interface ChainEvents {
  sealed(header: BlockHeader): void;
  accepted(transaction: SignedTransaction): void;
  finalityMoved(heads: FinalityHeads): void;
}

function requireSealed(index: BlockIndex, at: BlockId): bigint {
  const number = index.require(at);
  if (number !== "pending") return number;
  throw new StackError<ChainQueryError>({ code: "UNKNOWN_BLOCK", block: "pending" }, "fatal");
}

function blockReceipts({ records }: Chain, blockNumber: bigint): BlockReceipts {
  const { receiptsHead: headAfter, transactionHashes } = records.header(blockNumber)!;
  const receipts = records.receiptCommitments(blockNumber) ?? [];
  return {
    blockNumber,
    headBefore: blockNumber === 0n ? headAfter : records.header(blockNumber - 1n)!.receiptsHead,
    headAfter,
    receipts: receipts.map((receipt, i) => ({ transactionHash: transactionHashes[i]!, ...receipt })),
  };
}

function pendingHeader(sequencer: Sequencer): PendingHeader {
  const { environment, gasUsed, transactions } = sequencer.pending();
  const { number, timestamp, feeRecipient, gasLimit, baseFeePerGas } = environment;
  const parentHash = sequencer.soft.parent.hash;
  const transactionHashes = transactions.map(({ hash }): Hex => hash);
  return { number, timestamp, feeRecipient, gasLimit, baseFeePerGas, parentHash, gasUsed, transactionHashes };
}

function suggestPriorityFee(index: BlockIndex, latest: bigint, least: bigint): bigint {
  const paid: bigint[] = [];
  for (let number = latest; number >= 0n && number > latest - FEE_SAMPLE_BLOCKS; number--) {
    const receipts = index.receipts({ number }) ?? [];
    if (receipts.length > 0)
      paid.push(...rewards(receipts, index.header({ number })!.baseFeePerGas, [FEE_PERCENTILE]));
  }
  paid.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const median = paid[Math.floor(paid.length / 2)] ?? 0n;
  return median > least ? median : least;
}

const leafProof = ({ key, present, index, leaf, siblings }: KeyProof & { key: bigint }): LeafProof => ({
  key: fieldToHex(key),
  present,
  leafIndex: BigInt(index),
  leaf: {
    key: fieldToHex(leaf.key),
    nextKey: fieldToHex(leaf.nextKey),
    nextIndex: BigInt(leaf.nextIndex),
    valueHash: fieldToHex(leaf.valueHash),
  },
  siblings: siblings.map(fieldToHex),
});
