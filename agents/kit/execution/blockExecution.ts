import type { RunTxResult } from "@ethereumjs/vm";
import { toHex } from "../hex.ts";
import { AccessRecorder, type Accesses } from "./accessRecorder.ts";
import { AncestorRecorder } from "./ancestorRecorder.ts";
import { assertExecutable } from "./assertExecutable.ts";
import { BlockCapacity, type ProgramProof } from "./blockCapacity.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import type { Machine } from "./machine.ts";
import type { ProvingNeeds } from "./provingNeeds.ts";
import type { Log, Receipt } from "./receipt.ts";
import { StateOverlay } from "./stateOverlay.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import type { SignedTransaction } from "./transaction.ts";

/**
 * A block while it is filled: each transaction is executed when it is added, and its receipt, the state after it and what it
 * changed are known at once. Add one transaction at a time.
 */
export class BlockExecution {
  readonly environment: BlockEnvironment;
  readonly transactions: SignedTransaction[] = [];
  readonly receipts: Receipt[] = [];
  /** One per transaction, in order: the canonical order of insertions into the state tree depends on them. */
  readonly changeSets: ChangeSet[] = [];
  readonly #machine: Machine;
  readonly #recorder: AccessRecorder;
  readonly #ancestors: AncestorRecorder;
  readonly #state: StateOverlay;
  readonly #capacity: BlockCapacity | undefined;
  #gasUsed = 0n;

  /** `metered`: the block is to be proven, and takes no more than a proof holds. */
  constructor(
    machine: Machine,
    parentState: StateReader,
    environment: BlockEnvironment,
    metered?: { chainId: bigint; proof: ProgramProof },
  ) {
    this.#machine = machine;
    this.#recorder = new AccessRecorder(parentState);
    this.#ancestors = new AncestorRecorder(environment);
    this.#state = new StateOverlay(this.#recorder);
    this.environment = environment;
    if (metered) {
      const site = {
        chainId: metered.chainId,
        environment: this.#ancestors.environment,
        state: this.#recorder,
      };
      this.#capacity = new BlockCapacity(metered.proof, site);
    }
  }

  get gasUsed(): bigint {
    return this.#gasUsed;
  }

  /** After the transactions executed so far. */
  get state(): StateReader {
    return this.#state;
  }

  /** What the block's transactions asked of the parent state. */
  get accesses(): Accesses {
    return this.#recorder;
  }

  /** Undefined: the block was not metered. */
  get provingNeeds(): ProvingNeeds | undefined {
    return this.#capacity && { use: this.#capacity.use, oldestAncestor: this.#ancestors.oldest };
  }

  /** The state now, which later transactions do not change. Costs as much as the block has changed. */
  snapshot(parentState: StateReader): StateReader {
    return this.#state.copyOver(parentState);
  }

  /** The same parent state, read from elsewhere: once it is on the disk, the block before need not stay in memory. */
  rebase(parentState: StateReader): void {
    this.#recorder.rebase(parentState);
  }

  /**
   * Executes `tx` as the block's next transaction. A refused one leaves the block as it was.
   * @throws StackError a `TransactionRefusal`
   */
  async execute(tx: SignedTransaction): Promise<Receipt> {
    this.#recorder.forget();
    this.#ancestors.forget();
    assertExecutable(tx, this.#state, this.environment, this.#gasUsed);
    this.#capacity?.assertRoom();
    const overlay = new StateOverlay(this.#state);
    const result = await this.#machine.run(tx.evm, overlay, this.#ancestors.environment);
    const changes = overlay.changes();
    this.#capacity?.admit({ tx, changes, gasUsed: result.totalGasSpent }, this.#state);
    this.#recorder.keep();
    this.#ancestors.keep();
    this.#state.apply(changes);
    this.#gasUsed += result.totalGasSpent;
    const receipt = this.#receiptOf(tx, result);
    this.transactions.push(tx);
    this.receipts.push(receipt);
    this.changeSets.push(changes);
    return receipt;
  }

  #receiptOf(tx: SignedTransaction, result: RunTxResult): Receipt {
    return {
      transactionHash: tx.hash,
      index: this.transactions.length,
      type: tx.type,
      from: tx.from,
      to: tx.to,
      contractAddress:
        tx.to === undefined && result.createdAddress ? toHex(result.createdAddress.bytes) : undefined,
      status: result.execResult.exceptionError ? 0 : 1,
      gasUsed: result.totalGasSpent,
      cumulativeGasUsed: this.#gasUsed,
      effectiveGasPrice: effectiveGasPrice(tx, this.environment.baseFeePerGas),
      logs: (result.execResult.logs ?? []).map(([address, topics, data]): Log => ({
        address: toHex(address),
        topics: topics.map(toHex),
        data,
      })),
      logsBloom: result.bloom.bitvector,
    };
  }
}

/** Wei per gas paid: the base fee, which is burned, and as much of the offered priority fee as the cap leaves (EIP-1559). */
export function effectiveGasPrice(
  tx: Pick<SignedTransaction, "maxFeePerGas" | "maxPriorityFeePerGas">,
  baseFeePerGas: bigint,
): bigint {
  const wanted = baseFeePerGas + tx.maxPriorityFeePerGas;
  return wanted < tx.maxFeePerGas ? wanted : tx.maxFeePerGas;
}
