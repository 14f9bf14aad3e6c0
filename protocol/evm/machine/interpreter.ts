import { closeFrame, resume } from "./closeFrame.ts";
import type { Frame } from "./frame.ts";
import { STACK_LIMIT } from "./gas.ts";
import type { Machine } from "./machine.ts";
import { OPERATIONS } from "./operations/operations.ts";

/** Runs a frame and all it calls; true: it succeeded. Frames wait in a chain, not on the stack of the process: calls may nest 1024 deep. */
export function run(machine: Machine, root: Frame): boolean {
  let frame = root;
  for (;;) {
    if (frame.end === undefined) runUntilCall(machine, frame);
    if (frame.end === undefined) {
      frame = frame.callee as Frame;
      continue;
    }
    const success = closeFrame(machine, frame);
    if (frame === root) return success;
    const caller = frame.parent as Frame;
    resume(machine, caller, frame, success);
    frame = caller;
  }
}

/** Executes opcodes until the frame ends or waits for a callee. */
function runUntilCall(machine: Machine, frame: Frame): void {
  const { recorder } = machine;
  const code = frame.message.code.bytes;
  while (frame.end === undefined && frame.callee === undefined) {
    // Beyond the end of the code there is STOP.
    const opcode = code[frame.pc] ?? 0;
    const operation = OPERATIONS[opcode];
    const fault = operation === undefined ? "INVALID_OPCODE" : stackFault(frame.stack.size, operation);
    recorder?.beforeStep(frame, opcode, fault === undefined ? operation : undefined);
    frame.pc++;
    if (operation === undefined || fault !== undefined) frame.fail(fault ?? "INVALID_OPCODE");
    else if (frame.pay(operation.gas)) operation.execute(frame, machine);
    recorder?.afterStep(frame, opcode, operation);
  }
}

function stackFault(
  size: number,
  { pops, pushes }: { readonly pops: number; readonly pushes: number },
): "STACK_UNDERFLOW" | "STACK_OVERFLOW" | undefined {
  if (size < pops) return "STACK_UNDERFLOW";
  return size - pops + pushes > STACK_LIMIT ? "STACK_OVERFLOW" : undefined;
}
