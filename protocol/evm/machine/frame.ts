import type { Code } from "./code.ts";
import { Memory, type Range } from "./memory.ts";
import { Stack } from "./stack.ts";
import type { ExceptionalHalt, FrameEnd, FrameKind } from "./trace.ts";
import type { Checkpoint } from "./world.ts";

/** What a frame is opened with. */
export type Message = {
  readonly kind: FrameKind;
  readonly depth: number;
  readonly caller: bigint;
  readonly address: bigint;
  readonly codeAddress: bigint;
  readonly code: Code;
  readonly precompile: number | undefined;
  /** What CALLVALUE answers, and what moves from `caller` to `address`. Wei. */
  readonly value: bigint;
  readonly transferred: bigint;
  /** With the stipend. */
  readonly gas: bigint;
  readonly isStatic: boolean;
  readonly input: Uint8Array;
  /** In the caller's memory: of the call data or init code, and where the output goes. */
  readonly inputRange: Range;
  readonly outputRange: Range;
};

export const isCreation = (kind: FrameKind): boolean =>
  kind === "CREATE" || kind === "CREATE2" || kind === "TRANSACTION_CREATE";

export const NO_BYTES = new Uint8Array();

/** A message call or a creation while it runs. */
export class Frame {
  readonly message: Message;
  readonly parent: Frame | undefined;
  readonly checkpoint: Checkpoint;
  readonly stack = new Stack();
  readonly memory = new Memory();
  pc = 0;
  gas: bigint;
  /** Of the last callee (EIP-211). */
  returnData: Uint8Array = NO_BYTES;
  /** Set when it is over. */
  end: FrameEnd | undefined;
  output: Uint8Array = NO_BYTES;
  outputOffset = 0;
  /** Set while it waits for one. */
  callee: Frame | undefined;
  /** Places in the record: of the frame, and of the step that opened its last callee. */
  index = -1;
  callStep = -1;

  constructor(message: Message, parent: Frame | undefined, checkpoint: Checkpoint) {
    this.message = message;
    this.parent = parent;
    this.checkpoint = checkpoint;
    this.gas = message.gas;
  }

  fail(reason: ExceptionalHalt): void {
    this.end = reason;
    this.gas = 0n;
  }

  /** False: out of gas. */
  pay(gas: bigint): boolean {
    if (gas > this.gas) {
      this.fail("OUT_OF_GAS");
      return false;
    }
    this.gas -= gas;
    return true;
  }

  /** Pays for `gas` and for memory up to `words`, and opens it. False: out of gas. */
  payMemory(words: number | undefined, gas = 0n): boolean {
    if (words === undefined) {
      this.fail("OUT_OF_GAS");
      return false;
    }
    const expansion = this.memory.expansionGas(words);
    if (!this.pay(expansion === 0 ? gas : gas + BigInt(expansion))) return false;
    this.memory.open(words);
    return true;
  }

  /** `payMemory` for one range; undefined: out of gas. */
  openRange(offset: bigint, length: bigint, gas = 0n): Range | undefined {
    return this.payMemory(Memory.wordsTo(offset, length), gas) ? paidRange(offset, length) : undefined;
  }
}

/** Assumes memory up to its end is paid for. */
export const paidRange = (offset: bigint, length: bigint): Range =>
  length === 0n ? { offset: 0, length: 0 } : { offset: Number(offset), length: Number(length) };
