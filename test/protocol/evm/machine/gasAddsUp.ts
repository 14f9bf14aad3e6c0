import { expect } from "chai";
import type { FrameTrace, Step, TransactionTrace } from "../../../../protocol/evm/machine/trace.ts";

/** I-MACHINE-03: from the gas limit to the gas used, no unit of gas appears or is lost between two lines of the record. */
export function assertGasAddsUp(
  trace: TransactionTrace,
  frames: readonly FrameTrace[],
  steps: readonly Step[],
): void {
  const gas = new Map<number, bigint>();
  for (const step of steps.slice(trace.firstStep, trace.endStep)) {
    const frame = frames[step.frame] as FrameTrace;
    if (step.gas !== (gas.get(step.frame) ?? frame.gasGiven)) expect.fail(`gas before pc ${step.pc}`);
    const child = step.child === undefined ? undefined : (frames[step.child] as FrameTrace);
    gas.set(step.frame, step.gasAfter + (child?.outcome.gasLeft ?? 0n));
  }
  for (const frame of frames.slice(trace.firstFrame, trace.endFrame)) {
    const { outcome } = frame;
    if (frame.firstStep < 0) continue;
    const isCode = outcome.success && /CREATE/.test(frame.kind);
    const deposit = isCode ? 200n * BigInt(outcome.output.length) : 0n;
    const isTaken = !outcome.success && outcome.reason !== "REVERT";
    const left = isTaken ? 0n : (gas.get(frame.index) ?? 0n) - deposit;
    expect(outcome.gasLeft, `gas left by frame ${frame.index}`).to.equal(left);
  }
  const own = frames[trace.firstFrame] as FrameTrace;
  expect(own.gasGiven + trace.intrinsicGas).to.equal(trace.transaction.gasLimit);
  expect(trace.gasUsed).to.equal(trace.transaction.gasLimit - own.outcome.gasLeft - trace.refund);
}
