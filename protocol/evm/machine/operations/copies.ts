/** Opcodes that copy bytes into memory, zeros beyond the end of their source. */
import type { Frame } from "../frame.ts";
import { paidRange } from "../frame.ts";
import { Gas } from "../gas.ts";
import { Memory } from "../memory.ts";
import type { Execute } from "../operation.ts";
import { wordCount } from "./hashing.ts";

const copy =
  (source: (frame: Frame) => Uint8Array): Execute =>
  (frame) => {
    const offset = frame.stack.pop();
    const from = frame.stack.pop();
    const length = frame.stack.pop();
    const range = frame.openRange(offset, length, Gas.COPY_WORD * wordCount(length));
    if (range !== undefined) frame.memory.writePadded(range, source(frame), from);
  };

export const calldatacopy = copy(({ message }) => message.input);
export const codecopy = copy(({ message }) => message.code.bytes);

const copyReturnData = copy(({ returnData }) => returnData);

/** EIP-211: the one copy that fails when it reads beyond the end, even of no bytes. */
export const returndatacopy: Execute = (frame, machine) => {
  const end = frame.stack.peek(1) + frame.stack.peek(2);
  if (end > BigInt(frame.returnData.length)) return frame.fail("RETURN_DATA_OUT_OF_BOUNDS");
  copyReturnData(frame, machine);
};

/** EIP-5656: opens memory to the end of both ranges. */
export const mcopy: Execute = (frame) => {
  const { stack, memory } = frame;
  const to = stack.pop();
  const from = stack.pop();
  const length = stack.pop();
  const furthest = to > from ? to : from;
  if (!frame.payMemory(Memory.wordsTo(furthest, length), Gas.COPY_WORD * wordCount(length))) return;
  memory.move(paidRange(to, length).offset, paidRange(from, length));
};
