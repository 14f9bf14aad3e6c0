import { Gas } from "../gas.ts";
import type { Execute } from "../operation.ts";
import { bytesToUint } from "../word.ts";

/** KECCAK256 of a range of memory. */
export const keccak256: Execute = (frame, { primitives }) => {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  const range = frame.openRange(offset, length, Gas.KECCAK_WORD * wordCount(length));
  if (range === undefined) return;
  frame.stack.push(bytesToUint(primitives.keccak256(frame.memory.peek(range))));
};

/** Words begun. Of lengths that no memory has, too. */
export const wordCount = (length: bigint): bigint => (length + 31n) / 32n;
