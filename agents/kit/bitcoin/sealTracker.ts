import { StackError } from "../../../protocol/errors.ts";
import { nextChainStep, type BlockRef } from "./chainCursor.ts";
import type { BitcoinRpc } from "./rpc.ts";
import { sealOf, sealSpends } from "./sealChain.ts";
import type { Outpoint, ReadTransaction } from "./transactionReader.ts";

export type SealTrackerError = { code: "REORG_BELOW_BASE"; height: number; hash: string };

/** A confirmed transaction that spends the seal. */
export interface SealSpend {
  readonly transaction: ReadTransaction;
  readonly block: BlockRef;
}

/** Where a tracker begins: a block, and the seal that is unspent after it. */
export interface SealBase {
  readonly block: BlockRef;
  readonly seal: Outpoint;
}

/** Follows the seal on the best chain, in memory: which transactions spent it since `base`, through reorganisations. */
export class SealTracker {
  readonly #rpc: BitcoinRpc;
  readonly #base: SealBase;
  /** Of the blocks above the base's, ascending. */
  #hashes: string[] = [];
  #spends: SealSpend[] = [];

  constructor(rpc: BitcoinRpc, base: SealBase) {
    this.#rpc = rpc;
    this.#base = base;
  }

  /** The block it has read up to. */
  get tip(): BlockRef {
    const hash = this.#hashes.at(-1);
    return hash ? { height: this.#base.block.height + this.#hashes.length, hash } : this.#base.block;
  }

  /** Confirmed spends since the base, in order. */
  get spends(): readonly SealSpend[] {
    return this.#spends;
  }

  /** Reads up to the best chain's tip. Throws REORG_BELOW_BASE (fatal), and what reading a block throws. */
  async sync(): Promise<void> {
    for (;;) {
      const step = await nextChainStep(this.#rpc, this.tip, (height) => this.#hashAt(height));
      if (step.kind === "wait") return;
      if (step.kind === "rollback") this.#rollback(step.toHeight);
      else await this.#extend(step.block);
    }
  }

  async #extend(block: BlockRef): Promise<void> {
    const { transactions } = await sealSpends(this.#rpc, block.hash, this.#seal());
    this.#hashes.push(block.hash);
    for (const transaction of transactions) this.#spends.push({ transaction, block });
  }

  #rollback(toHeight: number): void {
    const { block } = this.#base;
    if (toHeight < block.height)
      throw new StackError<SealTrackerError>({ code: "REORG_BELOW_BASE", ...block }, "fatal");
    this.#hashes = this.#hashes.slice(0, toHeight - block.height);
    this.#spends = this.#spends.filter((spend) => spend.block.height <= toHeight);
  }

  #hashAt(height: number): string | undefined {
    const { block } = this.#base;
    return height === block.height ? block.hash : this.#hashes[height - block.height - 1];
  }

  #seal(): Outpoint {
    const last = this.#spends.at(-1);
    return last ? sealOf(last.transaction.txid) : this.#base.seal;
  }
}
