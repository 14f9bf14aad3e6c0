/**
 * The numbers of a chunk's frames, and where their memory lies: frame 0 is the system's, then the transactions' own by place, then
 * creations, then calls, each in the order in which they open.
 */
import type { Capacities } from "../../capacities.ts";
import type { FrameKind, FrameTrace, Step } from "../../machine/trace.ts";
import { OPCODE } from "../../opcodes.ts";
import type { FactBook } from "../factBook.ts";
import { memoryGas, openRange } from "./memoryRange.ts";
import { precompileWords } from "./precompilePlan.ts";
import { CONTROL_CELLS } from "../memory/memoryBusPlan.ts";

/** Frames and steps of a block, or of some of its transactions; indices count in each. */
export interface Recorded {
  readonly frames: readonly FrameTrace[];
  readonly steps: readonly Step[];
}

const CALLS = new Set(["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"].map((name) => OPCODE[name]!));
const CREATIONS = new Set([OPCODE.CREATE!, OPCODE.CREATE2!]);
const TRANSACTIONS: ReadonlySet<FrameKind> = new Set(["TRANSACTION_CALL", "TRANSACTION_CREATE"] as const);

/** Entries that open by CREATE or CREATE2: each is counted as two segments of code, its init code and what it deposits. */
export const creationEntries = ({ segments }: Pick<Capacities, "segments">): number =>
  Math.floor(segments / 2);

/** Where the memory of the first frame starts. */
export const firstMemoryCell = ({ dataWords }: Pick<Capacities, "dataWords">): number => dataWords;

/** Calls that go through their rows although they halt exceptionally: for gas, memory, or the value they send. */
function opensDoomedFrame({ opcode, halt }: Step): boolean {
  if (CALLS.has(opcode)) return halt === "OUT_OF_GAS" || halt === "STATIC_VIOLATION";
  return CREATIONS.has(opcode) && (halt === "OUT_OF_GAS" || halt === "INIT_CODE_TOO_LARGE");
}

export class FrameNumbers {
  /** The cell after the memory of the last frame. */
  readonly memoryEnd: number;
  /** By number, from 1. */
  readonly #limits: number[] = [];
  readonly #bases: number[] = [];
  readonly #ofFrame = new Map<FrameTrace, number>();
  readonly #doomed = new Set<FrameTrace>();
  readonly #ofStep = new Map<Step, number>();

  /** `blocks`: all that the chunk executes, in order. */
  constructor(book: FactBook, blocks: readonly Recorded[]) {
    const { capacities } = book;
    const firstCreation = capacities.transactions + 1;
    const firstCall = firstCreation + creationEntries(capacities);
    let [transactions, creations, calls] = [0, 0, 0];
    const creation = (): number => {
      book.take("segments", 2);
      return firstCreation + creations++;
    };
    for (const { frames, steps } of blocks) {
      const words = openedWords({ frames, steps });
      for (const frame of doomedCreations({ frames, steps })) this.#doomed.add(frame);
      for (const frame of frames) {
        if (!TRANSACTIONS.has(frame.kind)) continue;
        this.#ofFrame.set(frame, 1 + transactions++);
      }
      for (const step of steps) {
        const child = step.child === undefined ? undefined : frames[step.child]!;
        if (child === undefined && !opensDoomedFrame(step)) continue;
        const number = CREATIONS.has(step.opcode) ? creation() : firstCall + calls++;
        if (child === undefined) this.#ofStep.set(step, number);
        else this.#ofFrame.set(child, number);
      }
      for (const frame of frames) this.#limits[this.#ofFrame.get(frame)!] = words[frame.index]!;
    }
    book.reach("frames", calls === 0 ? firstCall - 1 : firstCall - 1 + calls);
    let base = firstMemoryCell(capacities);
    for (let number = 1; number < firstCall + calls; number++) {
      this.#bases[number] = base;
      base += CONTROL_CELLS + this.memoryLimit(number);
    }
    this.memoryEnd = base;
  }

  ofFrame(frame: FrameTrace): number {
    return this.#ofFrame.get(frame)!;
  }

  /** Of the frame that a call opens although it halts exceptionally. */
  ofStep(step: Step): number {
    return this.#ofStep.get(step)!;
  }

  /** The creation's account is destroyed in its transaction, for good. */
  isDoomed(frame: FrameTrace): boolean {
    return this.#doomed.has(frame);
  }

  memoryLimit(number: number): number {
    return this.#limits[number] ?? 0;
  }

  memoryBase(number: number): number {
    return this.#bases[number] ?? 0;
  }
}

/** Most words of each frame; a precompile has its output. */
function openedWords({ frames, steps }: Recorded): number[] {
  const words = frames.map(({ precompile, outcome }) =>
    precompile === undefined ? 0 : precompileWords(precompile, outcome.output.length),
  );
  for (const step of steps) {
    const { frame, memoryWordsAfter } = step;
    words[frame] = Math.max(words[frame]!, memoryWordsAfter, lateWords(step));
  }
  return words;
}

/** The creations of accounts that a SELFDESTRUCT of their transaction destroys and no frame undoes. */
function doomedCreations({ frames, steps }: Recorded): FrameTrace[] {
  const nameOf = (frame: FrameTrace): string => `${rootOf(frames, frame).index} ${frame.address}`;
  const gone = new Set<string>();
  for (const { destruction, frame } of steps)
    if (destruction?.isDeleted === true && isKept(frames, frames[frame]!)) gone.add(nameOf(frames[frame]!));
  return frames.filter((frame) => frame.kind.includes("CREATE") && gone.has(nameOf(frame)));
}

function rootOf(frames: readonly FrameTrace[], frame: FrameTrace): FrameTrace {
  let root = frame;
  while (root.parent >= 0) root = frames[root.parent]!;
  return root;
}

/** It and all above it succeed. */
function isKept(frames: readonly FrameTrace[], frame: FrameTrace): boolean {
  let above: FrameTrace | undefined = frame;
  for (; above !== undefined; above = frames[above.parent]) if (!above.outcome.success) return false;
  return true;
}

/**
 * Words that an EXTCODECOPY opens in the plan although it runs out of gas: it may be the cold account alone that is too dear, which
 * only its own chip knows (misfits.ts, `once`).
 */
function lateWords({ opcode, halt, gas, operands }: Step): number {
  if (opcode !== OPCODE.EXTCODECOPY || halt !== "OUT_OF_GAS" || operands.length < 4) return 0;
  const { words } = openRange(operands[1]!, operands[3]!);
  return memoryGas(words) <= gas ? words : 0;
}
