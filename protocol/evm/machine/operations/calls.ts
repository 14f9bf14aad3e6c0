/** Message calls (yellow paper, appendix H, f0s; EIP-7, EIP-150, EIP-214, EIP-2929). */
import { type Frame, type Message, paidRange } from "../frame.ts";
import { openFrame } from "../openFrame.ts";
import { allButOne64th, CALL_DEPTH_LIMIT, Gas } from "../gas.ts";
import type { Machine } from "../machine.ts";
import { Memory } from "../memory.ts";
import type { Execute } from "../operation.ts";
import { precompileAt } from "../precompiles/precompiles.ts";
import { toAddress } from "../word.ts";
import { accessAccount } from "./accounts.ts";

type Kind = "CALL" | "CALLCODE" | "DELEGATECALL" | "STATICCALL";
type Who = Pick<Message, "caller" | "address" | "value" | "transferred" | "isStatic">;

const callOf =
  (kind: Kind): Execute =>
  (frame, machine) => {
    const { stack } = frame;
    const { world } = machine;
    const gasAsked = stack.pop();
    const target = world.account(toAddress(stack.pop()));
    const value = kind === "CALL" || kind === "CALLCODE" ? stack.pop() : 0n;
    const [inputOffset, inputLength] = [stack.pop(), stack.pop()];
    const [outputOffset, outputLength] = [stack.pop(), stack.pop()];
    if (kind === "CALL" && value !== 0n && frame.message.isStatic) return frame.fail("STATIC_VIOLATION");

    const access = accessAccount(machine, target);
    if (kind === "CALL") machine.notes.newAccount = value !== 0n && target.isDead;
    const gas =
      access +
      (value === 0n ? 0n : Gas.CALL_VALUE) +
      (kind === "CALL" && value !== 0n && target.isDead ? Gas.NEW_ACCOUNT : 0n);
    if (!frame.payMemory(furthest(inputOffset, inputLength, outputOffset, outputLength), gas)) return;

    const most = allButOne64th(frame.gas);
    const gasGiven = gasAsked < most ? gasAsked : most;
    frame.gas -= gasGiven;
    const inputRange = paidRange(inputOffset, inputLength);
    const message: Message = {
      kind,
      depth: frame.message.depth + 1,
      ...whoseFrame(kind, frame, target.address, value),
      codeAddress: target.address,
      code: world.codeOf(target),
      precompile: precompileAt(target.address),
      gas: value === 0n ? gasGiven : gasGiven + Gas.CALL_STIPEND,
      input: frame.memory.read(inputRange),
      inputRange,
      outputRange: paidRange(outputOffset, outputLength),
    };
    openFrame(machine, message, frame, refusal(machine, frame, value));
  };

/** Words to the end of both ranges. */
function furthest(aOffset: bigint, aLength: bigint, bOffset: bigint, bLength: bigint): number | undefined {
  const a = Memory.wordsTo(aOffset, aLength);
  const b = Memory.wordsTo(bOffset, bLength);
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function whoseFrame(kind: Kind, { message: own }: Frame, target: bigint, value: bigint): Who {
  const self = own.address;
  switch (kind) {
    case "CALL":
      return { caller: self, address: target, value, transferred: value, isStatic: own.isStatic };
    case "CALLCODE":
      return { caller: self, address: self, value, transferred: 0n, isStatic: own.isStatic };
    case "DELEGATECALL":
      return {
        caller: own.caller,
        address: self,
        value: own.value,
        transferred: 0n,
        isStatic: own.isStatic,
      };
    case "STATICCALL":
      return { caller: self, address: target, value: 0n, transferred: 0n, isStatic: true };
  }
}

function refusal(
  { world }: Machine,
  { message }: Frame,
  value: bigint,
): "CALL_DEPTH" | "INSUFFICIENT_BALANCE" | undefined {
  if (message.depth >= CALL_DEPTH_LIMIT) return "CALL_DEPTH";
  return value > world.account(message.address).balance ? "INSUFFICIENT_BALANCE" : undefined;
}

export const call = callOf("CALL");
export const callcode = callOf("CALLCODE");
export const delegatecall = callOf("DELEGATECALL");
export const staticcall = callOf("STATICCALL");
