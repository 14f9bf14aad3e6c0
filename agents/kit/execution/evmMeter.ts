/**
 * The meter of chains that the program `evm` proves: each transaction is executed once more by the machine whose record the proof is
 * made from, and the block so far is planned, which counts what it takes.
 */
import type { BlockData } from "../../../protocol/block.ts";
import { StackError } from "../../../protocol/errors.ts";
import { BlockMachine } from "../../../protocol/evm/machine/blockMachine.ts";
import type { BlockFields } from "../../../protocol/evm/machine/environment.ts";
import type { Primitives } from "../../../protocol/evm/machine/primitives.ts";
import type { BlockTrace, StateEffects } from "../../../protocol/evm/machine/trace.ts";
import { blockUse, type MeteredTransaction } from "../../../protocol/evm/plan/blockUse.ts";
import { openTransaction } from "../../../protocol/evm/transactionsUse.ts";
import type { Use } from "../../../protocol/programs/capacity.ts";
import type { BlockMeter, CreateMeter, ExecutedTransaction, MeterSite } from "./blockMeter.ts";
import { disputedPart } from "./disputedPart.ts";
import { keccak256 } from "./keccak256.ts";
import { MeteredState } from "./meteredState.ts";
import { recoverPublicKey } from "./recoverPublicKey.ts";
import type { TransactionRefusal } from "./refusedTransaction.ts";

const PRIMITIVES: Primitives = { keccak256, recoverPublicKey };

/** A transaction of the block. */
interface Metered extends MeteredTransaction {
  readonly raw: Uint8Array;
  readonly effects: StateEffects;
}

export const createEvmMeter: CreateMeter = (site) => new EvmMeter(site);

class EvmMeter implements BlockMeter {
  readonly #site: MeterSite;
  readonly #fields: BlockFields;
  readonly #kept: Metered[] = [];
  #measured: Metered | undefined;

  constructor(site: MeterSite) {
    const { number, timestamp, feeRecipient, gasLimit, baseFeePerGas } = site.environment;
    this.#site = site;
    this.#fields = { number, timestamp, feeRecipient, gasLimit, baseFeePerGas };
  }

  /** Throws EXECUTION_DISPUTED: the machine does not agree with what was executed. */
  measure(executed: ExecutedTransaction): Use {
    this.#measured = this.#execute(executed);
    const transactions = [...this.#kept, this.#measured];
    const block: BlockData = { ...this.#fields, transactions: transactions.map(({ raw }) => raw) };
    return blockUse(block, transactions, new MeteredState(this.#site));
  }

  keep(): void {
    if (this.#measured) this.#kept.push(this.#measured);
    this.#measured = undefined;
  }

  /** Alone, over the state that the block's transactions so far leave. Everything is read anew, so all of it is in the witness. */
  #execute({ tx, changes, gasUsed }: ExecutedTransaction): Metered {
    const { chainId } = this.#site;
    const state = new MeteredState(this.#site);
    for (const { effects } of this.#kept) state.apply(effects);
    const machine = new BlockMachine(chainId, this.#fields, state, { primitives: PRIMITIVES });
    const transaction = machine.execute(machine.decode(tx.raw));
    const { effects } = transaction;
    const disputed = transaction.gasUsed === gasUsed ? disputedPart(effects, changes) : "gasUsed";
    if (disputed !== undefined)
      throw new StackError<TransactionRefusal>(
        { code: "EXECUTION_DISPUTED", hash: tx.hash, part: disputed },
        "fatal",
      );
    const { frames, steps } = machine;
    const block: BlockData = { ...this.#fields, transactions: [tx.raw] };
    const trace: BlockTrace = { chainId, block, gasUsed, transactions: [transaction], frames, steps };
    return { raw: tx.raw, effects, trace, opened: openTransaction(tx.raw) };
  }
}
