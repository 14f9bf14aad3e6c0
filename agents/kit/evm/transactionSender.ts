import { type Interface, SigningKey, Transaction, computeAddress } from "ethers";
import { hasCode, StackError } from "../../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { broadcast } from "./broadcast.ts";
import { namedRevert } from "./contractRevert.ts";
import type { EvmError } from "./errors.ts";
import { marketFees, replacementFees, type Fees } from "./fees.ts";
import type { EvmRpc } from "./rpc.ts";
import type { Attempt, JournalEntry, TransactionJournal } from "./transactionJournal.ts";

/** What is to happen once, named by `key`: the same key never leads to two mined transactions. */
export interface Intention {
  key: string;
  to: string;
  data: string;
  value?: bigint;
}

export interface Receipt {
  transactionHash: string;
  blockNumber: number;
  gasUsed: bigint;
}

export interface TransactionSenderOptions {
  rpc: EvmRpc;
  chainId: bigint;
  privateKey: string;
  journal: TransactionJournal;
  /** ABIs whose errors are told by name. */
  abis: readonly Interface[];
  clock: Clock;
  logger: Logger;
  /** Blocks that must stand on the transaction, its own included. Default 1. */
  confirmations?: number;
  /** A transaction not mined after this long is replaced with higher fees. Default 30 s. */
  stuckAfterMs?: number;
  /** Never offer more than this, wei per gas. Default 1,000 gwei. */
  maxFeePerGasCap?: bigint;
}

type RpcReceipt = { transactionHash: string; blockNumber: string; gasUsed: string; status: string };

/** Estimates are exact for the state they ran on; the state may move before the transaction is mined. */
const withMargin = (gas: bigint): bigint => (gas * 6n) / 5n;

/**
 * Sends the transactions of one account, one after the other.
 * What it signs is in the journal before the network sees it, so after kill -9 the same transaction is watched, sent again or
 * replaced under the same nonce; a second one for the same intention cannot be mined.
 * Assumes: nobody else signs with this key, and one process uses the journal.
 */
export class TransactionSender {
  readonly address: string;
  readonly #key: SigningKey;
  readonly #options: Required<TransactionSenderOptions>;
  #nonceUsedSince: number | undefined;

  constructor(options: TransactionSenderOptions) {
    this.#options = { confirmations: 1, stuckAfterMs: 30_000, maxFeePerGasCap: 10n ** 12n, ...options };
    this.#key = new SigningKey(options.privateKey);
    this.address = computeAddress(this.#key);
  }

  /**
   * One step towards the intention, safe to repeat at any time: signs and sends it, watches it, sends it again, replaces it.
   * Returns the receipt once confirmed, undefined before.
   * Throws CONTRACT_REVERT (nothing is pending any more), SENDER_BUSY, NONCE_TAKEN, TRANSACTION_REFUSED.
   */
  async advance(intention: Intention): Promise<Receipt | undefined> {
    const { journal } = this.#options;
    const known = journal.get(intention.key);
    if (known?.confirmed) return this.#watch(known);
    const pending = journal.pending();
    if (pending && pending.key !== intention.key && !(await this.#watch(pending)))
      throw new StackError<EvmError>(
        { code: "SENDER_BUSY", pending: pending.key, wanted: intention.key },
        "retry",
      );
    if (known) return this.#watch(known);
    await this.#begin(intention);
    return undefined;
  }

  /** `advance` until confirmed, looking every `pollMs`; waits for its turn. Throws as `advance` does, SENDER_BUSY apart. */
  async send(intention: Intention, pollMs = 500): Promise<Receipt> {
    for (;;) {
      const receipt = await this.advance(intention).catch((error: unknown) => {
        if (!hasCode(error, "SENDER_BUSY")) throw error;
        return undefined;
      });
      if (receipt) return receipt;
      await this.#options.clock.sleep(pollMs);
    }
  }

  async #begin({ key, to, data, value = 0n }: Intention): Promise<void> {
    const { rpc, abis, journal, logger } = this.#options;
    const call = { from: this.address, to, data, value: `0x${value.toString(16)}` };
    const gas = await rpc.call<string>("eth_estimateGas", [call]).catch((error: unknown) => {
      throw namedRevert(error, to, abis);
    });
    const nonce = Number(await rpc.call<string>("eth_getTransactionCount", [this.address, "latest"]));
    const entry = { key, nonce, to, data, value, gasLimit: withMargin(BigInt(gas)), confirmed: false };
    const attempt = this.#sign(entry, await marketFees(rpc));
    await journal.put({ ...entry, attempts: [attempt] });
    logger.info("transaction signed", { key, nonce, hash: attempt.hash });
    await this.#broadcast({ ...entry, attempts: [attempt] });
  }

  /** Looks at the chain, then does what is due. */
  async #watch(entry: JournalEntry): Promise<Receipt | undefined> {
    const { rpc, clock, stuckAfterMs, journal } = this.#options;
    const receipt = await this.#findReceipt(entry);
    if (receipt) return this.#conclude(entry, receipt);
    // Mined once, then taken back by a reorganisation: it is pending again.
    if (entry.confirmed) await journal.put({ ...entry, confirmed: false });

    const used = Number(await rpc.call<string>("eth_getTransactionCount", [this.address, "latest"]));
    if (used > entry.nonce) return this.#nonceUsed(entry);
    this.#nonceUsedSince = undefined;

    const last = entry.attempts.at(-1)!;
    if (clock.now() - last.signedAt >= stuckAfterMs) await this.#replace(entry);
    else if (!(await rpc.call("eth_getTransactionByHash", [last.hash]))) await this.#broadcast(entry);
    return undefined;
  }

  async #findReceipt(entry: JournalEntry): Promise<RpcReceipt | undefined> {
    for (const { hash } of entry.attempts.toReversed()) {
      const receipt = await this.#options.rpc.call<RpcReceipt | null>("eth_getTransactionReceipt", [hash]);
      if (receipt) return receipt;
    }
    return undefined;
  }

  async #conclude(entry: JournalEntry, receipt: RpcReceipt): Promise<Receipt | undefined> {
    const { rpc, confirmations, journal, logger } = this.#options;
    const head = Number(await rpc.call<string>("eth_blockNumber"));
    const blockNumber = Number(receipt.blockNumber);
    if (head - blockNumber + 1 < confirmations) return undefined;
    const { key } = entry;
    if (BigInt(receipt.status) === 0n) {
      await journal.remove(key);
      throw await this.#revertReason(entry, blockNumber);
    }
    if (!entry.confirmed) {
      await journal.put({ ...entry, confirmed: true });
      logger.info("transaction confirmed", { key, hash: receipt.transactionHash, blockNumber });
    }
    return { transactionHash: receipt.transactionHash, blockNumber, gasUsed: BigInt(receipt.gasUsed) };
  }

  /** Runs the call again on the state it failed on, to learn why. */
  async #revertReason({ to, data, value }: JournalEntry, blockNumber: number): Promise<unknown> {
    const { rpc, abis } = this.#options;
    const call = { from: this.address, to, data, value: `0x${value.toString(16)}` };
    try {
      await rpc.call("eth_call", [call, `0x${(blockNumber - 1).toString(16)}`]);
    } catch (error) {
      return namedRevert(error, to, abis);
    }
    // It fails only after what preceded it in its block, or for lack of gas.
    return new StackError<EvmError>({ code: "CONTRACT_REVERT", error: "Unknown", args: [], to }, "reset");
  }

  /** A node may count a transaction before it can show its receipt: believed only when it lasts. */
  async #nonceUsed({ key, nonce }: JournalEntry): Promise<undefined> {
    const { clock, stuckAfterMs, journal } = this.#options;
    this.#nonceUsedSince ??= clock.now();
    if (clock.now() - this.#nonceUsedSince < stuckAfterMs) return undefined;
    this.#nonceUsedSince = undefined;
    await journal.remove(key);
    throw new StackError<EvmError>({ code: "NONCE_TAKEN", key, nonce }, "reset");
  }

  async #replace(entry: JournalEntry): Promise<void> {
    const { rpc, journal, logger, maxFeePerGasCap } = this.#options;
    const last = entry.attempts.at(-1)!;
    const fees = replacementFees(last, await marketFees(rpc), maxFeePerGasCap);
    const attempt = this.#sign(entry, fees);
    // At the cap the fees, and so the transaction, stay the same: only its time of sending is new.
    const earlier = entry.attempts.filter(({ hash }) => hash !== attempt.hash);
    const replaced = { ...entry, attempts: [...earlier, attempt] };
    await journal.put(replaced);
    logger.warn("transaction stuck, replaced", { key: entry.key, nonce: entry.nonce, hash: attempt.hash });
    await this.#broadcast(replaced);
  }

  async #broadcast(entry: JournalEntry): Promise<void> {
    const last = entry.attempts.at(-1)!;
    const outcome = await broadcast(this.#options.rpc, last);
    if (outcome !== "underpriced") return;
    // Due for replacement at once rather than after `stuckAfterMs`.
    const due = { ...last, signedAt: 0 };
    await this.#options.journal.put({ ...entry, attempts: [...entry.attempts.slice(0, -1), due] });
  }

  #sign(entry: Omit<JournalEntry, "attempts">, fees: Fees): Attempt {
    const { chainId, clock } = this.#options;
    const { nonce, to, data, value, gasLimit } = entry;
    const { maxFeePerGas, maxPriorityFeePerGas } = fees;
    const type = 2;
    const fields = { type, chainId, nonce, to, data, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas };
    const transaction = Transaction.from(fields);
    transaction.signature = this.#key.sign(transaction.unsignedHash);
    const signedAt = clock.now();
    return {
      hash: transaction.hash!,
      raw: transaction.serialized,
      maxFeePerGas,
      maxPriorityFeePerGas,
      signedAt,
    };
  }
}
