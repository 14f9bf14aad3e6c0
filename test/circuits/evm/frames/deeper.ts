/** The part of an execution that begins many calls deep, as if it were all: where gas leaves no chain of calls that deep. */
import type { CallResult } from "../../../../protocol/evm/machine/executeCall.ts";
import type { FrameTrace, Step } from "../../../../protocol/evm/machine/trace.ts";

/** The frame at `depth` and all it calls. Assumes a chain of calls down to it: each frame above has called one. */
export function deeper(result: CallResult, depth: number): CallResult {
  if (depth === 0) return result;
  const steps = result.steps.filter(({ frame }) => frame >= depth);
  const place = (step: number): number => (step < 0 ? step : steps.indexOf(result.steps[step]!));
  return {
    ...result,
    frames: result.frames.slice(depth).map((frame, i): FrameTrace => ({
      ...frame,
      ...(i === 0 && { kind: "TRANSACTION_CALL" as const }),
      index: i,
      parent: i === 0 ? -1 : frame.parent - depth,
      parentStep: i === 0 ? -1 : place(frame.parentStep),
      firstStep: place(frame.firstStep),
      lastStep: place(frame.lastStep),
    })),
    steps: steps.map((step): Step => ({
      ...step,
      frame: step.frame - depth,
      child: step.child === undefined ? undefined : step.child - depth,
    })),
  };
}
