import { hasCode, StackError } from "../../../protocol/errors.ts";
import type { Clock } from "../../kit/clock.ts";
import { assertGasLimit, highestCost } from "../../kit/execution/assertExecutable.ts";
import type { BlockExecution } from "../../kit/execution/blockExecution.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { Chain } from "../../kit/execution/chain.ts";
import { decodeTransaction } from "../../kit/execution/decodeTransaction.ts";
import type { Machine } from "../../kit/execution/machine.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import type { Hex } from "../../kit/hex.ts";
import type { Store } from "../../kit/lmdb.ts";
import type { Logger } from "../../kit/logger.ts";
import { blockTimestamp, isSealDue, type SealTimes } from "./plan.ts";
import { PoolStore, type OpenBlock } from "./poolStore.ts";
import type { RefusedTransaction } from "./refusals.ts";
import { SerialQueue } from "./serialQueue.ts";
import { SoftChain } from "./softChain.ts";
import { WaitingTransactions, type WaitingLimits, type WaitingTransaction } from "./waitingTransactions.ts";

export interface SequencerOptions extends SealTimes, WaitingLimits {
  /** Gets the priority fees. */
  readonly feeRecipient: Hex;
}

export interface SequencerModules {
  readonly chain: Chain;
  readonly store: Store;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Called after what it tells is on the disk. */
export interface SequencerEvents {
  sealed(header: BlockHeader): void;
  accepted(transaction: SignedTransaction): void;
}

/** Refusals that pass: the transaction waits. Every other one, but for a misfit, means that it can never be executed. */
const PASSING = ["FEE_CAP_BELOW_BASE_FEE", "INSUFFICIENT_FUNDS", "BLOCK_GAS_EXHAUSTED"];

/**
 * A block that so many waiting transactions in a row did not fit is as good as full: each had to be executed to be measured, and
 * thousands may wait.
 */
const MAX_MISFITS = 16;

/** What became of a waiting transaction. */
type Attempt = "executed" | "waits" | "misfit" | "dropped";

/**
 * Accepts transactions, executes each on arrival in the block being filled, and seals that block when its time has come.
 * What it has accepted is on the disk before it says so, with the block it was executed in: I-NODE-01, I-NODE-02.
 */
export class Sequencer {
  /** Blocks with receipts that are soft. */
  readonly soft: SoftChain;
  readonly #options: SequencerOptions;
  readonly #modules: SequencerModules;
  readonly #events: SequencerEvents;
  readonly #pool: PoolStore;
  readonly #waiting: WaitingTransactions;
  readonly #serial = new SerialQueue();
  #writes: Promise<unknown>[] = [];
  #sequence = 0;
  #lastSealedMs: number;

  constructor(options: SequencerOptions, modules: SequencerModules, events: SequencerEvents) {
    this.soft = new SoftChain(modules.chain, modules.machine);
    this.#options = options;
    this.#modules = modules;
    this.#events = events;
    this.#pool = new PoolStore(modules.store);
    this.#waiting = new WaitingTransactions(options);
    this.#lastSealedMs = modules.clock.now();
  }

  /** Accepted, and in no block yet. */
  get waiting(): Pick<WaitingTransactions, "get" | "all"> {
    return this.#waiting;
  }

  /** The block the next transaction would be in. */
  pending(): BlockExecution {
    return this.soft.open ?? this.soft.begin(this.#choose());
  }

  /**
   * Accepts a transaction; resolves when it is on the disk, executed or waiting. One that is refused after it was executed, for
   * no proof holds it, leaves what waited in its place.
   * @throws StackError a `RefusedTransaction`
   */
  async submit(raw: Uint8Array): Promise<Hex> {
    const tx = decodeTransaction(raw, this.#modules.chain.common);
    const written = await this.#serial.run(async () => {
      this.#assertAcceptable(tx);
      const sequence = this.#sequence++;
      const replaced = this.#waiting.add({ tx, sequence });
      this.#write(() => {
        if (replaced) this.#pool.removeTransaction(replaced.tx.hash);
        this.#pool.putTransaction(tx.hash, { sequence, raw });
      });
      const dropped = await this.#fill([tx.from]);
      const reason = dropped.get(tx.hash);
      if (reason && replaced) this.#putBack(replaced);
      return { all: this.#written(), reason };
    });
    await written.all;
    if (written.reason) throw written.reason;
    this.#events.accepted(tx);
    return tx.hash;
  }

  /** Seals the block being filled if it is time. Assumes that the previous call has ended. */
  async step(): Promise<void> {
    const now = this.#modules.clock.now();
    const transactions = this.soft.open?.transactions.length ?? 0;
    if (isSealDue({ now, lastSealed: this.#lastSealedMs, transactions }, this.#options)) await this.seal();
  }

  /**
   * Seals the block being filled, be it empty. Assumes that the previous call has ended.
   * @throws StackError SEAL_FAILED: the disk refuses, or another process writes; a restart goes on from what was promised
   */
  async seal(): Promise<BlockHeader> {
    const { block, written } = await this.#serial.run(() => this.#freeze());
    try {
      await written;
      const header = await this.#writeSealed(block);
      this.#events.sealed(header);
      return header;
    } catch (cause) {
      const blockNumber = block.environment.number;
      throw new StackError({ code: "SEAL_FAILED", blockNumber }, "fatal", { cause });
    }
  }

  async #writeSealed(block: BlockExecution): Promise<BlockHeader> {
    const { chain, logger } = this.#modules;
    const { number } = block.environment;
    const hashes = block.transactions.map(({ hash }) => hash);
    const header = await chain.seal(block, () => this.#pool.removeSealed(number, hashes));
    this.soft.sealed(header);
    logger.info("block sealed", { number, transactions: hashes.length, gasUsed: header.gasUsed });
    return header;
  }

  /**
   * Takes up what an earlier run promised: the same blocks with the same transactions, then the rest of the pool.
   * Once, before anything else.
   */
  async restore(): Promise<void> {
    const { chain, logger } = this.#modules;
    for (const { raw, sequence } of this.#pool.transactions()) {
      this.#waiting.restore({ tx: decodeTransaction(raw, chain.common), sequence });
      this.#sequence = sequence + 1;
    }
    for (let number = chain.head.number + 1n; ; number++) {
      const chosen = this.#pool.openBlock(number);
      if (!chosen) break;
      await this.#refill(number, chosen);
      // A later block was begun: this one was being written when the process died, and its content is fixed.
      if (!this.#pool.openBlock(number + 1n)) continue;
      const block = this.pending();
      this.soft.freeze(block);
      await this.#writeSealed(block);
    }
    await this.#fill(this.#waiting.senders());
    await this.#written();
    logger.info("pool restored", {
      executed: this.soft.open?.transactions.length ?? 0,
      waiting: this.#waiting.all().length,
    });
  }

  async #refill(number: bigint, chosen: OpenBlock): Promise<void> {
    const block = this.soft.begin(chosen);
    for (const hash of this.#pool.order(number)) {
      const tx = this.#waiting.get(hash);
      if (!tx)
        throw new StackError({ code: "PROMISED_TRANSACTION_MISSING", hash, blockNumber: number }, "fatal");
      await block.execute(tx);
      this.#waiting.remove(tx);
    }
    this.soft.setOpen(block);
  }

  /** Ends the block being filled; the next one begins on top of it, with what waits. */
  async #freeze(): Promise<{ block: BlockExecution; written: Promise<unknown> }> {
    const block = this.pending();
    if (block !== this.soft.open) this.#writeOpenBlock(block);
    this.soft.freeze(block);
    this.#lastSealedMs = this.#modules.clock.now();
    await this.#fill(this.#waiting.senders());
    return { block, written: this.#written() };
  }

  /** Executes what waits, first come first served, as far as the block takes it. Returns what was dropped, and why. */
  async #fill(senders: readonly Hex[]): Promise<ReadonlyMap<Hex, unknown>> {
    const dropped = new Map<Hex, unknown>();
    let misfits = 0;
    const ready = senders
      .map((sender) => this.#waiting.next(sender, this.soft.state.account(sender)?.nonce ?? 0n))
      .filter((waiting) => waiting !== undefined);
    while (ready.length > 0 && misfits < MAX_MISFITS) {
      ready.sort((a, b) => b.sequence - a.sequence);
      const { tx } = ready.pop()!;
      const attempt = await this.#execute(tx, dropped);
      if (attempt === "misfit") misfits += 1;
      if (attempt !== "executed") continue;
      misfits = 0;
      const next = this.#waiting.next(tx.from, tx.nonce + 1n);
      if (next) ready.push(next);
    }
    return dropped;
  }

  /** Executes a waiting transaction in the block being filled. */
  async #execute(tx: SignedTransaction, dropped: Map<Hex, unknown>): Promise<Attempt> {
    const block = this.pending();
    const index = block.transactions.length;
    try {
      await block.execute(tx);
    } catch (error) {
      if (hasCode(error, "BLOCK_CAPACITY_EXHAUSTED")) return "misfit";
      if (PASSING.some((code) => hasCode(error, code))) return "waits";
      this.#drop(tx, error);
      dropped.set(tx.hash, error);
      return "dropped";
    }
    this.#waiting.remove(tx);
    if (index === 0) {
      this.soft.setOpen(block);
      this.#writeOpenBlock(block);
    }
    this.#write(() => this.#pool.putOrder(block.environment.number, index, tx.hash));
    return "executed";
  }

  #putBack(waiting: WaitingTransaction): void {
    const { tx, sequence } = waiting;
    this.#waiting.restore(waiting);
    this.#write(() => this.#pool.putTransaction(tx.hash, { sequence, raw: tx.raw }));
  }

  #drop(tx: SignedTransaction, reason: unknown): void {
    this.#modules.logger.info("transaction dropped", { hash: tx.hash }, reason);
    this.#waiting.remove(tx);
    this.#write(() => this.#pool.removeTransaction(tx.hash));
  }

  #writeOpenBlock({ environment: { number, timestamp, feeRecipient } }: BlockExecution): void {
    this.#write(() => this.#pool.putOpenBlock(number, { timestamp, feeRecipient }));
  }

  /** Store transactions take effect in the order in which they were begun. */
  #write(action: () => void): void {
    this.#writes.push(this.#modules.store.commit(action));
  }

  /** Everything written since the last call. */
  #written(): Promise<unknown> {
    return Promise.all(this.#writes.splice(0));
  }

  #choose(): OpenBlock {
    const timestamp = blockTimestamp(this.#modules.clock.now(), this.soft.parent.timestamp);
    return { timestamp, feeRecipient: this.#options.feeRecipient };
  }

  #assertAcceptable(tx: SignedTransaction): void {
    const { hash, from: address, nonce } = tx;
    if (this.soft.has(hash)) refuse({ code: "ALREADY_KNOWN", hash });
    this.#modules.chain.program.assertProvable(tx);
    assertGasLimit(tx, this.#modules.chain.genesis.gasLimit);
    const sender = this.soft.state.account(address);
    const expected = sender?.nonce ?? 0n;
    if (nonce < expected) refuse({ code: "NONCE_TOO_LOW", address, expected, actual: nonce });
    if (nonce >= expected + BigInt(this.#options.maxWaitingPerSender))
      refuse({ code: "NONCE_TOO_HIGH", address, expected, actual: nonce });
    if (sender && sender.codeSize > 0) refuse({ code: "SENDER_IS_CONTRACT", address });
    const [balance, cost] = [sender?.balance ?? 0n, highestCost(tx)];
    if (balance < cost) refuse({ code: "INSUFFICIENT_FUNDS", address, balance, cost });
  }
}

const refuse = (type: RefusedTransaction): never => {
  throw new StackError(type, "fatal");
};
