import { StackError } from "../../errors.ts";
import { assertExecutable } from "./assertExecutable.ts";
import { decodeTransaction } from "./decodeTransaction.ts";
import { type BlockFields, type Environment, environmentOf } from "./environment.ts";
import type { Machine, StepNotes } from "./machine.ts";
import { type CallMessage, type CallResult, executeCall } from "./executeCall.ts";
import { executeTransaction } from "./executeTransaction.ts";
import { NOBLE, type Primitives } from "./primitives.ts";
import { Recorder } from "./recorder.ts";
import type { StateReader } from "./stateReader.ts";
import type { FrameTrace, Step, Transaction, TransactionTrace } from "./trace.ts";
import { World } from "./world.ts";

export type BlockMachineError = { code: "NOTHING_TO_UNDO" };

export type MachineOptions = {
  /** Write down steps and frames; true unless told. Everything else is the same without. */
  readonly trace?: boolean;
  readonly primitives?: Primitives;
  /** What PREVRANDAO answers on chains that have it. On those of the program `evm` it is 0, as it is unless told. */
  readonly prevRandao?: bigint;
};

/** A block while it is filled: transactions are executed one by one, and the last one may be taken back. */
export class BlockMachine {
  readonly environment: Environment;
  readonly #machine: Machine;
  readonly #transactions: TransactionTrace[] = [];
  #gasUsed = 0n;
  #canUndo = false;

  constructor(chainId: bigint, block: BlockFields, state: StateReader, options: MachineOptions = {}) {
    const environment = environmentOf(chainId, block);
    this.environment = { ...environment, prevRandao: options.prevRandao ?? environment.prevRandao };
    const notes: StepNotes = {
      cold: undefined,
      newAccount: undefined,
      storage: undefined,
      destruction: undefined,
    };
    this.#machine = {
      world: new World(state),
      environment: this.environment,
      primitives: options.primitives ?? NOBLE,
      recorder: options.trace === false ? undefined : new Recorder(notes),
      notes,
      origin: 0n,
      gasPrice: 0n,
    };
  }

  get gasUsed(): bigint {
    return this.#gasUsed;
  }

  get transactions(): readonly TransactionTrace[] {
    return this.#transactions;
  }

  get frames(): readonly FrameTrace[] {
    return this.#machine.recorder?.frames ?? [];
  }

  get steps(): readonly Step[] {
    return this.#machine.recorder?.steps ?? [];
  }

  /** Throws what `decodeTransaction` throws. */
  decode(raw: Uint8Array): Transaction {
    return decodeTransaction(raw, this.environment.chainId, this.#machine.primitives);
  }

  /** Executes the block's next transaction. A refused one leaves the block as it was. Throws what `assertExecutable` throws. */
  execute(transaction: Transaction): TransactionTrace {
    const { world } = this.#machine;
    this.#canUndo = false;
    world.begin();
    const sender = world.account(transaction.sender);
    assertExecutable(transaction, sender, this.environment, this.#gasUsed);
    const place = { index: this.#transactions.length, gasUsedBefore: this.#gasUsed };
    const trace = executeTransaction(this.#machine, transaction, place);
    this.#transactions.push(trace);
    this.#gasUsed = trace.cumulativeGasUsed;
    this.#canUndo = true;
    return trace;
  }

  /** Takes back the last transaction. Throws NOTHING_TO_UNDO when something else was executed, called or taken back since. */
  undoLast(): void {
    const last = this.#canUndo ? this.#transactions.pop() : undefined;
    if (last === undefined) throw new StackError<BlockMachineError>({ code: "NOTHING_TO_UNDO" }, "fatal");
    this.#canUndo = false;
    this.#gasUsed -= last.gasUsed;
    this.#machine.world.discard();
    this.#machine.recorder?.truncate({ steps: last.firstStep, frames: last.firstFrame });
  }

  /** Runs a message over the state so far and takes it back. */
  call(message: CallMessage): CallResult {
    this.#canUndo = false;
    return executeCall(this.#machine, message);
  }
}
