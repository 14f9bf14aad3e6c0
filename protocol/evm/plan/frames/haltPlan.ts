/** Steps that halt their frame: which rows they take, and what proves the halt. */
import type { Step } from "../../machine/trace.ts";
import { OPCODE, OPCODES } from "../../opcodes.ts";
import { type Cause, SENTRY } from "./causes.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";
import { planMisfit } from "./misfitPlan.ts";

const { STOP, RETURN, REVERT, SELFDESTRUCT, SSTORE } = OPCODE as Record<string, number>;
const ENDS = new Set([STOP, RETURN, REVERT, SELFDESTRUCT]);
const CALLS = new Set([OPCODE.CALL, OPCODE.CALLCODE, OPCODE.DELEGATECALL, OPCODE.STATICCALL]);
const CREATIONS = new Set([OPCODE.CREATE, OPCODE.CREATE2]);

/**
 * Executes a step that ends its frame. False: the step runs out of gas in the chip of its opcode, which the caller executes;
 * then `exception("gas")` is next.
 */
export function planHalt(services: FramePlanServices, frames: FramesPlan, step: Step): boolean {
  const { opcode, halt } = step;
  const cause = causeOf(step);
  if (cause !== undefined) frames.exception(cause);
  // An end that cannot be paid ends its frame all the same (frameEnd.ts, FE-2).
  else if (ENDS.has(opcode)) frames.end(opcode);
  else if (CALLS.has(opcode) || CREATIONS.has(opcode)) {
    if (CALLS.has(opcode)) frames.call(step, undefined);
    else frames.create(step, undefined);
    frames.failCallee();
    frames.exception("gas");
  } else if (planMisfit(services, frames, opcode))
    frames.exception(halt === "INVALID_JUMP" ? "invalid" : "gas");
  else return false;
  return true;
}

/** A cause that needs no operand. */
function causeOf({ opcode, halt, gas }: Step): Cause | undefined {
  const staticGas = BigInt(OPCODES[opcode]?.gas ?? 0);
  if (halt === "STACK_UNDERFLOW") return "underflow";
  if (halt === "STACK_OVERFLOW") return "overflow";
  if (halt === "INVALID_OPCODE") return "invalid";
  if (halt === "STATIC_VIOLATION") return opcode === OPCODE.CALL ? undefined : "static";
  if (halt !== "OUT_OF_GAS") return undefined;
  if (gas < staticGas) return "gas";
  return opcode === SSTORE && gas <= SENTRY ? "sentry" : undefined;
}
