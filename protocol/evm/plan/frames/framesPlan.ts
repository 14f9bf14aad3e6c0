/**
 * The frames of a chunk as the planner opens and ends them: what the frames chip proves (circuits/programs/evm/frames), natively,
 * with the same accesses in the same order.
 */
import { factKey, type FactKey } from "../../factKey.ts";
import type { FrameTrace, Step } from "../../machine/trace.ts";
import { SystemCode, Tag } from "../../tags.ts";
import type { CodePlan } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";
import type { MemoryColumn } from "../memory/memoryServices.ts";
import type { MemoryPlan } from "../memory/memoryPlan.ts";
import type { TransactionStartPlan } from "../execution/transactionStart.ts";
import { type RowMachine, SYSTEM_STACK_BASE } from "../rowMachine.ts";
import type { StatePlan } from "../state/statePlan.ts";
import { planCall } from "./callPlan.ts";
import { type Cause, type CauseEntry } from "./causes.ts";
import { planCreate } from "./createPlan.ts";
import { type MadePlan, planSettlement } from "./settlePlan.ts";
import { planEnd } from "./endPlan.ts";
import { type PrecompileEntry, planPrecompile } from "./precompilePlan.ts";
import { PrecompileJobs } from "./precompileJobs.ts";
import { planHalt } from "./haltPlan.ts";
import type { FrameNumbers } from "./frameNumbers.ts";
import { type FrameEntry, type FrameValues, NO_FRAME, SYSTEM_COLUMNS } from "./frameEntry.ts";
import type { BadJumpEntry, MisfitEntry } from "./misfitPlan.ts";

export interface FramePlanServices {
  readonly book: FactBook;
  readonly machine: RowMachine;
  readonly state: StatePlan;
  readonly code: CodePlan;
  readonly memory: Pick<MemoryPlan, "bus" | "bytes" | "copyRows" | "messages">;
  /** Makes the keccak pool hash a message. */
  readonly digest: (message: Uint8Array) => void;
  readonly numbers: FrameNumbers;
}

/** What a call opens into its caller's memory. */
export interface Room {
  readonly start: number;
  readonly length: number;
}

/** What is known of a frame while it runs. */
export interface RunningFrame {
  readonly entry: FrameEntry;
  readonly room: Room | undefined;
  /** Set by a precompile's planner before its end. */
  precompile: PrecompileOutcome | undefined;
}

export interface PrecompileOutcome {
  readonly gas: bigint;
  readonly fails: boolean;
  readonly outputLength: number;
  /** The accesses of the row after the end's, after those of the end. */
  readonly afterEnd: () => void;
}

/** An entry of the exceptions chip. */
export interface ExceptionEntry {
  readonly cause?: CauseEntry;
  readonly badJump?: BadJumpEntry;
  readonly misfit?: MisfitEntry;
}

export class FramesPlan {
  /** By place: frame - 1. */
  readonly entries: (FrameEntry | undefined)[] = [];
  readonly exceptions: ExceptionEntry[] = [];
  readonly precompiles: PrecompileEntry[] = [];
  /** Of precompiled contracts. */
  readonly jobs: PrecompileJobs;
  readonly #services: FramePlanServices;
  readonly #made: MadePlan[] = [];
  readonly #running: (RunningFrame | undefined)[] = [];

  constructor(services: FramePlanServices) {
    this.#services = services;
    this.jobs = new PrecompileJobs(services.book);
  }

  /** A column of a frame as far as it is known; for the planners of memory and environment. */
  column(column: keyof FrameValues | MemoryColumn, frame: number): number {
    return Number(this.values(frame)[column]);
  }

  values(frame: number): FrameValues {
    return frame === 0 ? SYSTEM_COLUMNS : (this.entries[frame - 1]?.values ?? NO_FRAME);
  }

  /** What the circuit's table of frames is told of a column. */
  hint(frame: number, column: keyof FrameValues): bigint {
    return this.values(frame)[column];
  }

  /** Whether the frame makes an account: `settle` knows its number. */
  makes(frame: number): number | undefined {
    return this.#made.find(({ order }) => order === frame - 1)?.account;
  }

  running(frame: number): RunningFrame {
    return this.#running[frame - 1]!;
  }

  /** A transaction's own frame, which the BEGIN row enters. */
  openTransaction(start: TransactionStartPlan): void {
    const { frame } = start;
    const values = {
      ...NO_FRAME,
      codeBase: BigInt(start.codeBase),
      codeSize: BigInt(start.codeSize),
      stackBase: BigInt(SYSTEM_STACK_BASE),
      address: BigInt(start.address),
      caller: BigInt(start.caller),
      value: BigInt(start.value),
      inputStart: BigInt(start.inputStart),
      inputLength: BigInt(start.inputLength),
      floor: start.floor,
      returnPc: BigInt(SystemCode.END),
      transaction: BigInt(frame),
      checkpoint: BigInt(start.checkpoint),
      code: BigInt(start.code),
    };
    this.open(frame, { values, start: undefined, finish: undefined }, undefined);
    const { book, state } = this.#services;
    if (start.isCreation) this.made(frame, state.account(book.value(start.address)));
  }

  open(frame: number, entry: FrameEntry, room: Room | undefined): void {
    const { numbers } = this.#services;
    entry.values.memoryBase = BigInt(numbers.memoryBase(frame));
    entry.values.memoryLimit = BigInt(numbers.memoryLimit(frame));
    this.entries[frame - 1] = entry;
    this.#running[frame - 1] = { entry, room, precompile: undefined };
  }

  /**
   * Executes the rows of a CALL, CALLCODE, DELEGATECALL or STATICCALL; then the machine is in the callee, whatever it runs.
   * `child` undefined: the call halts exceptionally, and after its FAIL frame the caller is below its floor.
   */
  call(step: Step, child: FrameTrace | undefined): void {
    planCall(this.#services, this, step, child);
  }

  /** Executes the row that ends the frame (an opcode, PRECOMPILE or FAIL), LEAVE and RESULT; true: the frame succeeded. */
  end(op: number): boolean {
    return planEnd(this.#services, this, op);
  }

  /** Executes the rows of a CREATE or CREATE2; as `call`. */
  create(step: Step, child: FrameTrace | undefined): void {
    planCreate(this.#services, this, step, child);
  }

  /** A frame has opened a new account. */
  made(frame: number, account: number): void {
    this.#made.push({ order: frame - 1, account });
  }

  /** The accesses of the END row, before it is executed, for the accounts that its transaction made. */
  settle(): void {
    planSettlement(this.#services.state, this.#services.machine.t, this.#made.splice(0));
  }

  /** Ends the frame of a precompile, which the machine is in. */
  precompile(child: FrameTrace): boolean {
    this.running(this.#services.machine.frame).precompile = planPrecompile(this.#services, this, child);
    return this.end(Tag.PRECOMPILE);
  }

  /** Ends a frame that was refused. */
  failCallee(): void {
    this.end(Tag.FAIL);
  }

  /** Executes a step that ends its frame (haltPlan.ts). */
  halt(step: Step): boolean {
    return planHalt(this.#services, this, step);
  }

  /** The number of a new entry of the exceptions chip. */
  exceptionEntry(entry: ExceptionEntry): number {
    this.exceptions.push(entry);
    return this.#services.book.take("exceptions");
  }

  /** Executes EXCEPTION in place of what stands at the machine's pc, LEAVE and RESULT. */
  exception(cause: Cause): void {
    const { book, machine } = this.#services;
    const { frame: f, sp, pc, gas } = machine;
    const entry: CauseEntry = { cause, f, sp, pc, gas };
    const known = book.answerTo(factKey(causeKey(entry))) !== undefined;
    if (!known) book.key("exceptions", this.exceptionEntry({ cause: entry }), causeKey(entry));
    planEnd(this.#services, this, Tag.EXCEPTION);
  }
}

const causeKey = ({ f, sp, pc, gas }: CauseEntry): FactKey => ({ op: Tag.CAUSE, f, sp, pc, gas });
