import { StackError } from "../../../protocol/errors.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import type { Hex } from "../../kit/hex.ts";
import type { PoolRefusal } from "./refusals.ts";

export interface WaitingTransaction {
  readonly tx: SignedTransaction;
  /** Order of acceptance: who came first is executed first. */
  readonly sequence: number;
}

export interface WaitingLimits {
  /** Of the whole pool: bounds memory (64 KiB of a transaction on average would be 640 MB; transfers are 200 bytes). */
  readonly maxWaiting: number;
  /** Of one sender: bounds what a nonce gap may hold (geth: accountqueue, 64). */
  readonly maxWaitingPerSender: number;
}

/** A replacement offers at least 10% more (geth: pricebump). */
const MIN_BUMP_PERCENT = 10n;

/**
 * Accepted transactions that are not in a block: their nonce is not the next, their fee cap is below the base fee, their sender
 * cannot pay now, or the block is full. In memory; `PoolStore` is what survives.
 */
export class WaitingTransactions {
  readonly #limits: WaitingLimits;
  readonly #bySender = new Map<Hex, Map<bigint, WaitingTransaction>>();
  readonly #byHash = new Map<Hex, WaitingTransaction>();

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get(hash: Hex): SignedTransaction | undefined {
    return this.#byHash.get(hash)?.tx;
  }

  /** By sender and nonce: the transaction that may be next for its sender. */
  next(sender: Hex, nonce: bigint): WaitingTransaction | undefined {
    return this.#bySender.get(sender)?.get(nonce);
  }

  /** Senders with something waiting. */
  senders(): Hex[] {
    return [...this.#bySender.keys()];
  }

  all(): SignedTransaction[] {
    return [...this.#byHash.values()].map(({ tx }) => tx);
  }

  /**
   * Adds; returns what it replaces.
   * @throws StackError ALREADY_KNOWN, REPLACEMENT_UNDERPRICED, POOL_FULL
   */
  add(waiting: WaitingTransaction): WaitingTransaction | undefined {
    const { tx } = waiting;
    if (this.#byHash.has(tx.hash)) refuse({ code: "ALREADY_KNOWN", hash: tx.hash });
    const old = this.next(tx.from, tx.nonce);
    if (old) assertOutbids(old.tx, tx);
    else this.#assertRoom(tx.from);
    if (old) this.remove(old.tx);
    this.restore(waiting);
    return old;
  }

  /** Adds what was accepted in an earlier run: no limit may refuse it now. */
  restore(waiting: WaitingTransaction): void {
    const { tx } = waiting;
    const ofSender = this.#bySender.get(tx.from) ?? new Map<bigint, WaitingTransaction>();
    this.#bySender.set(tx.from, ofSender.set(tx.nonce, waiting));
    this.#byHash.set(tx.hash, waiting);
  }

  remove({ hash, from, nonce }: SignedTransaction): void {
    this.#byHash.delete(hash);
    const ofSender = this.#bySender.get(from);
    ofSender?.delete(nonce);
    if (ofSender?.size === 0) this.#bySender.delete(from);
  }

  #assertRoom(sender: Hex): void {
    const { maxWaiting, maxWaitingPerSender } = this.#limits;
    const ofSender = this.#bySender.get(sender)?.size ?? 0;
    if (ofSender >= maxWaitingPerSender)
      refuse({ code: "POOL_FULL", transactions: ofSender, limit: maxWaitingPerSender });
    if (this.#byHash.size >= maxWaiting)
      refuse({ code: "POOL_FULL", transactions: this.#byHash.size, limit: maxWaiting });
  }
}

function assertOutbids(old: SignedTransaction, tx: SignedTransaction): void {
  const bumped = (fee: bigint): bigint => (fee * (100n + MIN_BUMP_PERCENT) + 99n) / 100n;
  const neededMaxFeePerGas = bumped(old.maxFeePerGas);
  const neededPriorityFeePerGas = bumped(old.maxPriorityFeePerGas);
  if (tx.maxFeePerGas < neededMaxFeePerGas || tx.maxPriorityFeePerGas < neededPriorityFeePerGas)
    refuse({ code: "REPLACEMENT_UNDERPRICED", hash: old.hash, neededMaxFeePerGas, neededPriorityFeePerGas });
}

const refuse = (type: PoolRefusal): never => {
  throw new StackError(type, "fatal");
};
