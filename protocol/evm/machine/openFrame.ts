import { isCreation, type Message, Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { PRECOMPILES } from "./precompiles/precompiles.ts";
import type { RefusedFrame } from "./trace.ts";

/**
 * Opens a frame; its caller waits until it is closed. The frame may have ended already: refused, of an account without
 * code, or of a precompile, which runs at once.
 * Assumes `transferred` is in the caller's balance, unless the frame is refused.
 */
export function openFrame(machine: Machine, message: Message, parent?: Frame, refusal?: RefusedFrame): Frame {
  const frame = new Frame(message, parent, machine.world.checkpoint());
  machine.recorder?.openFrame(frame);
  if (parent !== undefined) parent.callee = frame;
  if (refusal !== undefined) frame.end = refusal;
  else if (isCreation(message.kind)) startCreation(machine, frame);
  else startCall(machine, frame);
  return frame;
}

function startCreation({ world }: Machine, frame: Frame): void {
  const account = world.account(frame.message.address);
  // EIP-684; storage alone cannot be there (I-EXECUTION-04).
  if (account.nonce !== 0n || account.codeSize !== 0n) {
    frame.end = "CREATE_COLLISION";
    frame.gas = 0n;
    return;
  }
  world.create(account);
  transfer(frame, world);
}

function startCall({ world, primitives }: Machine, frame: Frame): void {
  const { code, precompile, input } = frame.message;
  transfer(frame, world);
  if (precompile === undefined) {
    if (code.bytes.length === 0) frame.end = "STOP";
    return;
  }
  const contract = PRECOMPILES.get(BigInt(precompile)) as NonNullable<ReturnType<typeof PRECOMPILES.get>>;
  const gas = contract.gas(input);
  const output = gas <= frame.gas ? contract.run(input, primitives) : undefined;
  frame.end = output === undefined ? "PRECOMPILE_FAILED" : "RETURN";
  frame.gas = output === undefined ? 0n : frame.gas - gas;
  frame.output = output ?? frame.output;
}

function transfer({ message }: Frame, world: Machine["world"]): void {
  const { caller, address, transferred } = message;
  if (transferred !== 0n) world.transfer(world.account(caller), world.account(address), transferred);
}
