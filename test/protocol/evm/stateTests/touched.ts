import type { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { FrameTrace } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { toAddress } from "../../../../protocol/evm/machine/word.ts";

/** The one account whose touch outlives its frame's failure: once, on the main chain, it was deleted so (EIP-161). */
const RIPEMD = 3n;

/**
 * Accounts that a transaction touched (EIP-161), from the record. Old test files have empty accounts in the state before,
 * which on Ethereum are deleted when touched; in the machine's state empty and absent are one thing, so it does not say.
 */
export function touchedAccounts({ frames, steps, environment }: BlockMachine): Set<bigint> {
  const touched = new Set<bigint>([environment.feeRecipient]);
  for (const frame of frames) {
    if (frame.kind === "CALLCODE" || frame.kind === "DELEGATECALL") continue;
    const isRefused =
      frame.outcome.reason === "CALL_DEPTH" || frame.outcome.reason === "INSUFFICIENT_BALANCE";
    if (stays(frame, frames) || (frame.address === RIPEMD && !isRefused)) touched.add(frame.address);
  }
  for (const { opcode, destruction, operands, frame } of steps) {
    if (opcode !== OPCODE["SELFDESTRUCT"] || destruction === undefined) continue;
    if (stays(frames[frame] as FrameTrace, frames)) touched.add(toAddress(operands[0] as bigint));
  }
  return touched;
}

function stays(frame: FrameTrace, frames: readonly FrameTrace[]): boolean {
  for (let at: FrameTrace | undefined = frame; at !== undefined; at = frames[at.parent])
    if (!at.outcome.success) return false;
  return true;
}
