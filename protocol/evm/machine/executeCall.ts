import { run } from "./interpreter.ts";
import type { Machine } from "./machine.ts";
import { openFrame } from "./openFrame.ts";
import { Recorder } from "./recorder.ts";
import { recipientOf, type Request, rootMessage } from "./rootMessage.ts";
import type { AccessListEntry, FrameEnd, FrameTrace, Log, StateEffects, Step } from "./trace.ts";
import { warmUp } from "./warmUp.ts";

/** A message that nobody signed: its sender may be a contract, and pays nothing. */
export type CallMessage = Request & {
  /** What GASPRICE answers. */
  readonly gasPrice: bigint;
  readonly accessList: readonly AccessListEntry[];
};

export type CallResult = {
  readonly end: FrameEnd;
  readonly success: boolean;
  readonly output: Uint8Array;
  /** Without intrinsic gas; the refund is not taken off. */
  readonly gasUsed: bigint;
  readonly refundCounter: bigint;
  readonly logs: readonly Log[];
  /** What it would have left changed. */
  readonly effects: StateEffects;
  /** Of this call alone, with indices of their own. */
  readonly frames: readonly FrameTrace[];
  readonly steps: readonly Step[];
};

/** Runs a message over the state of now and takes back what it did. */
export function executeCall(block: Machine, message: CallMessage): CallResult {
  const { sender: origin, gasPrice } = message;
  const recorder = block.recorder && new Recorder(block.notes);
  const machine: Machine = { ...block, recorder, origin, gasPrice };
  const { world } = machine;
  world.begin();
  const sender = world.account(message.sender);
  const refusal = message.value > sender.balance ? "INSUFFICIENT_BALANCE" : undefined;
  const recipient = recipientOf(machine, message, sender.nonce);
  warmUp(machine, message.sender, recipient, message.accessList);
  const frame = openFrame(machine, rootMessage(machine, message, recipient), undefined, refusal);
  const success = run(machine, frame);
  const result = {
    end: frame.end ?? "STOP",
    success,
    output: frame.output,
    gasUsed: message.gas - frame.gas,
    refundCounter: world.refund,
    logs: world.logs.slice(),
    effects: world.finish(),
    frames: recorder?.frames ?? [],
    steps: recorder?.steps ?? [],
  };
  world.discard();
  return result;
}
