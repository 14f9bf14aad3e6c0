/** Stack, jumps, and what a frame knows of itself (yellow paper, appendix H, 50s to 90s). */
import type { Frame } from "../frame.ts";
import type { Execute } from "../operation.ts";

export const pop: Execute = ({ stack }) => void stack.pop();

export const jump: Execute = (frame) => jumpTo(frame, frame.stack.pop());

export const jumpi: Execute = (frame) => {
  const target = frame.stack.pop();
  if (frame.stack.pop() !== 0n) jumpTo(frame, target);
};

function jumpTo(frame: Frame, target: bigint): void {
  if (!frame.message.code.isJumpDestination(target)) return frame.fail("INVALID_JUMP");
  frame.pc = Number(target);
}

export const jumpdest: Execute = () => undefined;

/** Of this instruction: the counter is already past it. */
export const pc: Execute = (frame) => frame.stack.push(BigInt(frame.pc - 1));

export const gas: Execute = (frame) => frame.stack.push(frame.gas);

export const push0: Execute = ({ stack }) => stack.push(0n);

export const pushOf =
  (length: number): Execute =>
  (frame) => {
    frame.stack.push(frame.message.code.operand(frame.pc, length));
    frame.pc += length;
  };

export const dupOf =
  (n: number): Execute =>
  ({ stack }) =>
    stack.push(stack.peek(n - 1));

export const swapOf =
  (n: number): Execute =>
  ({ stack }) =>
    stack.swap(n);
