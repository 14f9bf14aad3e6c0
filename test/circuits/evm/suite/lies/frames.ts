/** Frames that are opened with something else, or end otherwise. */
import { OPCODE } from "../../../../../protocol/evm/opcodes.ts";
import type { FrameValues } from "../../../../../protocol/evm/plan/frames/frameEntry.ts";
import type { ChunkPlan } from "../../../../../protocol/evm/plan/planChunk.ts";
import { type LieKind, patch } from "../lieKind.ts";

const opened = (name: string, column: keyof FrameValues, lie: (honest: bigint) => bigint): LieKind => ({
  name,
  plan: ({ frames }, tell) =>
    patch(frames, "open", (honest) => (frame, entry, room) => {
      honest(frame, entry, room);
      if (tell()) entry.values[column] = lie(entry.values[column]);
    }),
}); // prettier-ignore

const ended = (name: string, column: "outputStart" | "outputLength", lie: (honest: bigint) => bigint): LieKind => ({
  name,
  plan: ({ frames, machine }, tell) =>
    patch(frames, "end", (honest) => (op) => {
      const { values } = frames.running(machine.frame).entry;
      const success = honest(op);
      if (tell()) values[column] = lie(values[column]);
      return success;
    }),
}); // prettier-ignore

/** An end that the planner takes for another one. */
const endsAs = (name: string, from: number, to: number): LieKind => ({
  name,
  plan: ({ frames }, tell) =>
    patch(frames, "end", (honest) => (op) => honest(op === from && tell() ? to : op)),
});

const falseException: LieKind = {
  name: "a false exception",
  plan: (plan, tell) =>
    patch(plan.frames, "end", (honest) => (op) => {
      if (op !== OPCODE.STOP && op !== OPCODE.RETURN) return honest(op);
      if (!tell()) return honest(op);
      plan.frames.exception("gas");
      return false;
    }),
}; // prettier-ignore

const missedException: LieKind = {
  name: "a missed exception",
  plan: ({ frames }: ChunkPlan, tell) =>
    patch(frames, "exception", (honest) => (cause) => {
      if (tell()) frames.end(OPCODE.STOP!);
      else honest(cause);
    }),
}; // prettier-ignore

const plus = (n: bigint) => (value: bigint) => value + n;
const flip = (value: bigint): bigint => value ^ 1n;

export const FRAME_LIES: readonly LieKind[] = [
  opened("a wrong caller", "caller", flip),
  opened("a wrong address", "address", flip),
  opened("a wrong call value", "value", flip),
  opened("call data that starts elsewhere", "inputStart", plus(32n)),
  opened("shorter call data", "inputLength", (length) => (length === 0n ? 1n : length - 1n)),
  opened("more gas for a frame", "floor", plus(-1_000n)),
  opened("less gas for a frame", "floor", plus(1n)),
  opened("a frame that is static, or is not", "isStatic", flip),
  opened("a frame at another depth", "depth", plus(1n)),
  opened("a frame of another transaction", "transaction", flip),
  opened("a frame with another parent", "parent", flip),
  opened("a frame that returns elsewhere", "returnPc", plus(1n)),
  opened("a frame that is undone to another mark", "checkpoint", plus(1n)),
  opened("a frame with another code", "codeBase", plus(1n)),
  opened("a frame with shorter code", "codeSize", (size) => (size === 0n ? 1n : size - 1n)),
  opened("a frame on another's stack", "stackBase", plus(-1n)),
  opened("a frame in another's memory", "memoryBase", plus(-1n)),
  // A frame may have more room than it uses, where no other frame is: how much is the prover's to choose.
  opened("a frame with less memory than it uses", "memoryLimit", plus(-1n)),
  ended("return data from elsewhere", "outputStart", plus(32n)),
  ended("shorter return data", "outputLength", (length) => (length === 0n ? 1n : length - 1n)),
  endsAs("a hidden revert", OPCODE.REVERT!, OPCODE.RETURN!),
  endsAs("a false revert", OPCODE.RETURN!, OPCODE.REVERT!),
  falseException,
  missedException,
  { name: "a misnamed cause", plan: ({ frames }, tell) => patch(frames, "exception", (honest) => (cause) => honest(tell() ? "overflow" : cause)) },
]; // prettier-ignore
