import { Code } from "./code.ts";
import { type Frame, isCreation, NO_BYTES } from "./frame.ts";
import { Gas, MAX_CODE_BYTES } from "./gas.ts";
import type { Machine } from "./machine.ts";
import type { FailedDeposit, FrameEnd } from "./trace.ts";
import { bytesToUint } from "./word.ts";

/** EIP-3541. */
const RESERVED_FIRST_BYTE = 0xef;

export const isSuccess = (end: FrameEnd | undefined): boolean =>
  end === "STOP" || end === "RETURN" || end === "SELFDESTRUCT";

const keepsGas = (end: FrameEnd | undefined): boolean =>
  isSuccess(end) ||
  end === "REVERT" ||
  end === "CALL_DEPTH" ||
  end === "INSUFFICIENT_BALANCE" ||
  end === "NONCE_OVERFLOW";

/** Settles a frame that has ended: deposits code, undoes what failed, takes its gas. Returns its success. */
export function closeFrame(machine: Machine, frame: Frame): boolean {
  if (isCreation(frame.message.kind) && isSuccess(frame.end)) depositCode(machine, frame);
  const success = isSuccess(frame.end);
  if (!success) machine.world.revertTo(frame.checkpoint);
  if (!keepsGas(frame.end)) frame.gas = 0n;
  if (!success && frame.end !== "REVERT") frame.output = NO_BYTES;
  machine.recorder?.closeFrame(frame, success);
  return success;
}

function depositCode({ world, primitives }: Machine, frame: Frame): void {
  const { output } = frame;
  const gas = Gas.CODE_DEPOSIT_BYTE * BigInt(output.length);
  const failure = depositFailure(output, gas > frame.gas);
  if (failure !== undefined) {
    frame.end = failure;
    return;
  }
  frame.gas -= gas;
  if (output.length > 0)
    world.setCode(
      world.account(frame.message.address),
      new Code(output, bytesToUint(primitives.keccak256(output))),
    );
}

function depositFailure(code: Uint8Array, isTooDear: boolean): FailedDeposit | undefined {
  if (code.length > MAX_CODE_BYTES) return "CODE_TOO_LARGE";
  if (code[0] === RESERVED_FIRST_BYTE) return "CODE_STARTS_WITH_EF";
  return isTooDear ? "CODE_DEPOSIT_OUT_OF_GAS" : undefined;
}

/** The caller goes on: gas, return data, output in memory, and what the callee left on the stack. */
export function resume(machine: Machine, caller: Frame, callee: Frame, success: boolean): void {
  const { kind, address, outputRange } = callee.message;
  caller.callee = undefined;
  caller.gas += callee.gas;
  // EIP-211: a creation returns data only when it reverts.
  caller.returnData = isCreation(kind) && success ? NO_BYTES : callee.output;
  const written = Math.min(outputRange.length, callee.output.length);
  if (written > 0) caller.memory.write(outputRange.offset, callee.output.subarray(0, written));
  const word = !success ? 0n : isCreation(kind) ? address : 1n;
  caller.stack.push(word);
  machine.recorder?.afterCallee(caller, word);
}
