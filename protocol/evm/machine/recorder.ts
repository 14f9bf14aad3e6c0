import type { Frame } from "./frame.ts";
import type { StepNotes } from "./machine.ts";
import { DUP1, type Operation, SWAP1 } from "./operation.ts";
import type { FrameTrace, Step } from "./trace.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The record of a transaction has steps and frames from here on. */
export type RecordMark = { readonly steps: number; readonly frames: number };

const NOTHING: readonly bigint[] = [];

/** Writes down steps and frames. It looks at the stack before and after an opcode and knows nothing of what opcodes do. */
export class Recorder {
  readonly steps: Step[] = [];
  readonly frames: Mutable<FrameTrace>[] = [];
  readonly notes: StepNotes;
  #pc = 0;
  #gas = 0n;
  #stackSize = 0;
  #memoryWords = 0;
  #operands: readonly bigint[] = NOTHING;

  constructor(notes: StepNotes) {
    this.notes = notes;
  }

  get mark(): RecordMark {
    return { steps: this.steps.length, frames: this.frames.length };
  }

  truncate({ steps, frames }: RecordMark): void {
    this.steps.length = steps;
    this.frames.length = frames;
  }

  /** `operation` undefined: the step cannot run for its opcode or its stack. */
  beforeStep(frame: Frame, opcode: number, operation: Operation | undefined): void {
    const { notes } = this;
    notes.cold = notes.newAccount = notes.storage = notes.destruction = undefined;
    this.#pc = frame.pc;
    this.#gas = frame.gas;
    this.#stackSize = frame.stack.size;
    this.#memoryWords = frame.memory.words;
    this.#operands = operation === undefined ? NOTHING : operandsOf(frame, opcode, operation.pops);
  }

  afterStep(frame: Frame, opcode: number, operation: Operation | undefined): void {
    const { cold, newAccount, storage, destruction } = this.notes;
    const index = this.steps.length;
    const { callee } = frame;
    if (callee !== undefined) frame.callStep = index;
    const record = this.frames[frame.index] as Mutable<FrameTrace>;
    if (record.firstStep < 0) record.firstStep = index;
    record.lastStep = index;
    this.steps.push({
      frame: frame.index,
      pc: this.#pc,
      opcode,
      depth: frame.message.depth,
      gas: this.#gas,
      gasAfter: frame.gas,
      stackSize: this.#stackSize,
      memoryWords: this.#memoryWords,
      memoryWordsAfter: frame.memory.words,
      operands: this.#operands,
      results: operation === undefined || callee !== undefined ? [] : resultsOf(frame, opcode, operation),
      // Steps know the ends of HaltReason alone: the others come when the frame is closed.
      halt: frame.end as Step["halt"],
      cold,
      newAccount,
      storage,
      destruction,
      child: callee?.index,
    });
  }

  /** A callee has ended: what its caller finds on the stack. */
  afterCallee(frame: Frame, word: bigint): void {
    ((this.steps[frame.callStep] as Step).results as bigint[]).push(word);
  }

  openFrame(frame: Frame): void {
    const { message, parent } = frame;
    frame.index = this.frames.length;
    this.frames.push({
      index: frame.index,
      parent: parent?.index ?? -1,
      parentStep: parent === undefined ? -1 : this.steps.length,
      kind: message.kind,
      depth: message.depth,
      caller: message.caller,
      address: message.address,
      codeAddress: message.codeAddress,
      code: message.code.bytes,
      codeHash: message.code.hash,
      value: message.value,
      transferred: message.transferred,
      gasGiven: message.gas,
      isStatic: message.isStatic,
      input: message.input,
      inputOffset: message.inputRange.offset,
      inputLength: message.inputRange.length,
      outputOffset: message.outputRange.offset,
      outputLength: message.outputRange.length,
      precompile: message.precompile,
      outcome: NOT_OVER,
      firstStep: -1,
      lastStep: -1,
    });
  }

  closeFrame(frame: Frame, success: boolean): void {
    const { end, gas, output, outputOffset } = frame;
    const record = this.frames[frame.index] as Mutable<FrameTrace>;
    record.outcome = { reason: end ?? "STOP", success, gasLeft: gas, output, outputOffset };
  }
}

const NOT_OVER = {
  reason: "STOP",
  success: false,
  gasLeft: 0n,
  output: new Uint8Array(),
  outputOffset: 0,
} as const;

const isDup = (opcode: number): boolean => opcode >= DUP1 && opcode < DUP1 + 16;
const isSwap = (opcode: number): boolean => opcode >= SWAP1 && opcode < SWAP1 + 16;

function operandsOf({ stack }: Frame, opcode: number, pops: number): readonly bigint[] {
  if (isDup(opcode)) return [stack.peek(pops - 1)];
  if (isSwap(opcode)) return [stack.peek(0), stack.peek(pops - 1)];
  return top(stack, pops);
}

function resultsOf(frame: Frame, opcode: number, { pops, pushes }: Operation): readonly bigint[] {
  // A step that failed has pushed nothing; one that ended its frame otherwise has nothing to push.
  if (frame.end !== undefined) return NOTHING;
  if (isSwap(opcode)) return [frame.stack.peek(0), frame.stack.peek(pops - 1)];
  return top(frame.stack, isDup(opcode) ? 1 : pushes);
}

function top(stack: Frame["stack"], count: number): readonly bigint[] {
  if (count === 0) return NOTHING;
  if (count === 1) return [stack.peek(0)];
  const words = new Array<bigint>(count);
  for (let i = 0; i < count; i++) words[i] = stack.peek(i);
  return words;
}
