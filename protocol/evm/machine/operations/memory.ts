import { Memory } from "../memory.ts";
import type { Execute } from "../operation.ts";

export const mload: Execute = (frame) => {
  const offset = frame.stack.pop();
  if (frame.payMemory(Memory.wordsTo(offset, 32n))) frame.stack.push(frame.memory.readWord(Number(offset)));
};

export const mstore: Execute = (frame) => {
  const offset = frame.stack.pop();
  const word = frame.stack.pop();
  if (frame.payMemory(Memory.wordsTo(offset, 32n))) frame.memory.writeWord(Number(offset), word);
};

export const mstore8: Execute = (frame) => {
  const offset = frame.stack.pop();
  const word = frame.stack.pop();
  if (frame.payMemory(Memory.wordsTo(offset, 1n)))
    frame.memory.writeByte(Number(offset), Number(word & 0xffn));
};

export const msize: Execute = ({ stack, memory }) => stack.push(32n * BigInt(memory.words));
