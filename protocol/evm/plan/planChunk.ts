/**
 * The planner: replays the native execution of some blocks on the planners of all chips, so that each has the entries its circuit
 * is filled with. It never refuses for want of room; `shortages` tells what is too little.
 *
 * Every planner is a public part, made before anything is replayed: a test may make one of them lie and let the rest go on.
 */
import type { Field } from "../../field.ts";
import type { ChainTip } from "../../tip.ts";
import type { Capacities, Profile } from "../capacities.ts";
import { environmentOf } from "../machine/environment.ts";
import { isCreation } from "../machine/frame.ts";
import type {
  BlockTrace,
  FrameEnd,
  FrameTrace,
  Step,
  Transaction,
  TransactionTrace,
} from "../machine/trace.ts";
import { messageWords } from "../message.ts";
import { OPCODE } from "../opcodes.ts";
import { PUSHED_MASK } from "../pushedMask.ts";
import { SystemCode } from "../tags.ts";
import { AluPlan } from "./alu/aluPlan.ts";
import type { ChunkInput, ChunkState } from "./chunkState.ts";
import { traceChunk } from "./chunkTraces.ts";
import { CodePlan } from "./code/codePlan.ts";
import { PushedMasks } from "./code/pushedMasks.ts";
import { AccountOps } from "./execution/accountOps.ts";
import { Answers } from "./execution/answers.ts";
import { EnvironmentOps } from "./execution/environmentOps.ts";
import { type LeavesPlan, planLeaves } from "./execution/leavesPlan.ts";
import { LOG_SUB } from "./execution/subs.ts";
import { transactionCreations } from "./execution/transactionCreations.ts";
import { TransactionOps } from "./execution/transactionOps.ts";
import { FactBook, type Shortage } from "./factBook.ts";
import { FrameNumbers } from "./frames/frameNumbers.ts";
import { FramesPlan } from "./frames/framesPlan.ts";
import { MemoryPlan } from "./memory/memoryPlan.ts";
import { type ChipPlans, executeOpcode, hasLanded, type Surroundings } from "./opcodeSteps.ts";
import { RowMachine } from "./rowMachine.ts";
import { type StateBefore, StatePlan } from "./state/statePlan.ts";
import { StorageOps } from "./state/storageOps.ts";

/** The state that an execution starts from, and the hashes its code asks for. */
export interface ExecutionBefore extends StateBefore {
  blockHash(number: bigint): Field;
}

/** All of a chunk's plan but how its state is settled in the tree. */
export class ExecutionPlan implements ChipPlans {
  readonly blocks: readonly BlockTrace[];
  readonly book: FactBook;
  readonly code: CodePlan;
  readonly state: StatePlan;
  readonly machine: RowMachine;
  readonly memory: MemoryPlan;
  /** The cell after those of all frames. */
  readonly memoryEnd: number;
  readonly frames: FramesPlan;
  readonly alu: AluPlan;
  readonly masks: PushedMasks;
  readonly storage: StorageOps;
  readonly environment: EnvironmentOps;
  readonly answers: Answers;
  readonly accountOps: AccountOps;
  readonly transactions: TransactionOps;
  /** What names of accounts and codes are hashes of. */
  readonly hashed: Uint8Array[] = [];
  /** Ids of the words of all transactions' data. */
  readonly data: readonly number[];
  readonly #before: ExecutionBefore;

  /** `apart`: see `FactBook.found`. */
  constructor(
    capacities: Capacities,
    blocks: readonly BlockTrace[],
    before: ExecutionBefore,
    { apart = false }: { readonly apart?: boolean } = {},
  ) {
    this.blocks = blocks;
    this.#before = before;
    const book = new FactBook(roomy(capacities, blocks), apart);
    this.book = book;
    this.code = new CodePlan(book);
    this.state = new StatePlan(book, this.code, before);
    const isEmpty = blocks.every(({ transactions }) => transactions.length === 0);
    const stackBase = (frame: number): number => this.frames.column("stackBase", frame);
    this.machine = new RowMachine(isEmpty ? SystemCode.HALT : SystemCode.BEGIN, stackBase, book.leftOver);
    this.alu = new AluPlan(book);
    this.masks = new PushedMasks({ book, code: this.code, alu: this.alu });
    this.accountOps = new AccountOps(book, this.state, this.code);
    const all = blocks.flatMap(({ transactions }) => transactions);
    this.data = all.flatMap(({ transaction }) =>
      callDataWords(transaction).map((word) => book.literal(word)),
    );
    this.memory = this.#memoryPlan();
    const { code, state, machine, memory } = this;
    const numbers = new FrameNumbers(book, blocks);
    this.memoryEnd = numbers.memoryEnd;
    const digest = (message: Uint8Array): void => void this.hashed.push(message);
    const services = { book, code, state, machine, memory, numbers, digest };
    this.frames = new FramesPlan(services);
    this.storage = new StorageOps(book, state);
    this.environment = new EnvironmentOps(book, this.frames);
    this.answers = new Answers(book);
    const creations = transactionCreations(services);
    this.transactions = new TransactionOps({ book, rows: machine, state, code, creations });
  }

  /** Replays everything. */
  run(): this {
    const last = this.blocks.findLast(({ transactions }) => transactions.length > 0);
    for (const block of this.blocks)
      for (const [i, transaction] of block.transactions.entries()) {
        const hasNext = block !== last || i + 1 < block.transactions.length;
        this.#transaction(block, transaction, hasNext);
      }
    this.book.reach("rows", this.machine.t + 1);
    this.book.reach("stack", this.machine.highest + 1);
    this.book.reach("dataWords", this.data.length);
    return this;
  }

  #transaction(trace: BlockTrace, transaction: TransactionTrace, hasNext: boolean): void {
    const { chainId, block, frames } = trace;
    const around = environmentOf(chainId, block);
    const own = frames[transaction.firstFrame]!;
    const start = this.transactions.begin(transaction, own, around.feeRecipient);
    this.frames.openTransaction(start);
    const surroundings: Surroundings = {
      block: around,
      gasPrice: transaction.effectiveGasPrice,
      origin: start.caller,
      blockHash: (number) => this.#before.blockHash(number),
    };
    this.#endIfIdle(own);
    const steps = trace.steps.slice(transaction.firstStep, transaction.endStep);
    for (let i = 0; i < steps.length; i++)
      if (PushedMasks.startAt(steps, i)) {
        this.masks.execute(this.machine);
        i += PUSHED_MASK.length - 1;
      } else if (!hasLanded(this, steps[i]!)) this.#step(steps[i]!, frames, surroundings);
    this.transactions.end(transaction, around.feeRecipient, hasNext, () => this.frames.settle());
  }

  #step(step: Step, frames: readonly FrameTrace[], around: Surroundings): void {
    if (step.halt !== undefined) {
      if (this.frames.halt(step)) return;
      executeOpcode(this, step.opcode, around);
      return this.frames.exception("gas");
    }
    if (step.child === undefined) return executeOpcode(this, step.opcode, around);
    const child = frames[step.child]!;
    if (isCreation(child.kind)) this.frames.create(step, child);
    else this.frames.call(step, child);
    this.#endIfIdle(child);
  }

  /** A frame that runs no code ends at once; what is left is a creation whose address is taken. */
  #endIfIdle(frame: FrameTrace): void {
    const { firstStep, precompile, outcome } = frame;
    if (firstStep >= 0) return;
    if (REFUSED.has(outcome.reason)) this.frames.failCallee();
    else if (precompile !== undefined) this.frames.precompile(frame);
    else if (outcome.reason === "STOP") this.frames.end(OPCODE.STOP!);
    else this.frames.exception("invalid");
  }

  #memoryPlan(): MemoryPlan {
    const { book, code, state, machine, alu } = this;
    return new MemoryPlan(book, this.data, {
      frames: { column: (column, frame) => this.frames.column(column, frame) },
      rows: machine,
      shiftLeft: (shift, value) => alu.of("SHL", shift, value),
      codeWord: (position) => code.word(position),
      openExternalCode: this.accountOps.open,
      setLastLog: (t, number) => state.setGlobal({ t, sub: LOG_SUB }, "logs", number),
    });
  }
}

export class ChunkPlan extends ExecutionPlan {
  readonly profile: Profile;
  readonly input: ChunkInput;
  readonly next: ChainTip;
  readonly before: ChunkState;
  #leaves: LeavesPlan | undefined;

  /** Executes the blocks natively. Throws what `traceChunk` throws. */
  constructor(profile: Profile, input: ChunkInput) {
    const { state, blocks, next } = traceChunk(input);
    super(profile.capacities, blocks, state);
    this.profile = profile;
    this.input = input;
    this.next = next;
    this.before = state;
  }

  /** What is too little in the profile. Assumes `run`. */
  shortages(): Shortage[] {
    const { capacities } = this.profile;
    // A leaf that is read may stand among those that are written.
    const spareWrites = Math.max(0, capacities.treeWrites - this.book.used("treeWrites"));
    return [...this.book.uses()].flatMap(([capacity, needed]) => {
      const available = capacities[capacity] + (capacity === "treeReads" ? spareWrites : 0);
      return needed > available ? [{ capacity, needed, available }] : [];
    });
  }

  /** Assumes `run`. */
  get leaves(): LeavesPlan {
    return (this.#leaves ??= planLeaves({ ...this, tree: this.before.before.tree }));
  }

  override run(): this {
    super.run();
    void this.leaves;
    return this;
  }
}

/**
 * Numbers of frames and cells of memory depend on the room for these, so a plan needs as much as the blocks take: in a profile
 * with less it is no plan of a proof, only a measure.
 */
function roomy(capacities: Capacities, blocks: readonly BlockTrace[]): Capacities {
  const transactions = blocks.flatMap((block) => block.transactions);
  const words = transactions.reduce((sum, { transaction }) => sum + callDataWords(transaction).length, 0);
  const creates = blocks.flatMap(({ steps }) => steps.filter(({ opcode }) => CREATIONS.has(opcode)));
  const least = { transactions: transactions.length, dataWords: words, segments: 2 * creates.length };
  const room = Object.entries(least).map(([name, count]) => [name, Math.max(count, capacities[name as keyof typeof least])]); // prettier-ignore
  return { ...capacities, ...Object.fromEntries(room) } as Capacities;
}

/** The data of a transaction that creates is no call data: it stands in the table of all code alone. */
const callDataWords = ({ to, data }: Transaction): readonly bigint[] =>
  to === undefined ? [] : messageWords(data);

/** Ends of frames that were never entered, whoever was called. */
const REFUSED: ReadonlySet<FrameEnd> = new Set([
  "CALL_DEPTH",
  "INSUFFICIENT_BALANCE",
  "NONCE_OVERFLOW",
] as const);

const CREATIONS = new Set([OPCODE.CREATE!, OPCODE.CREATE2!]);

/** The plan of a proof of the input's blocks. Throws what `ChunkPlan` throws. */
export const planChunk = (profile: Profile, input: ChunkInput): ChunkPlan =>
  new ChunkPlan(profile, input).run();
