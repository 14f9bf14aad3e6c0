import { Code } from "./code.ts";
import { createAddress } from "./contractAddress.ts";
import { type Message, NO_BYTES } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { EMPTY_RANGE } from "./memory.ts";
import { precompileAt } from "./precompiles/precompiles.ts";
import { bytesToUint } from "./word.ts";

/** What a transaction, or a call from outside, asks for. */
export type Request = {
  readonly sender: bigint;
  /** Undefined: `data` is init code. */
  readonly to: bigint | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** Without the intrinsic gas. */
  readonly gas: bigint;
};

/** The account the message is to; of a creation the new one. `nonce` is the sender's before the transaction. */
export const recipientOf = (machine: Machine, { sender, to }: Request, nonce: bigint): bigint =>
  to ?? createAddress(machine.primitives, sender, nonce);

/** The message of a transaction's own frame. */
export function rootMessage(machine: Machine, request: Request, recipient: bigint): Message {
  const { sender, to, value, data, gas } = request;
  return {
    ...(to === undefined ? creation(machine, data) : call(machine, recipient, data)),
    depth: 0,
    caller: sender,
    address: recipient,
    codeAddress: recipient,
    value,
    transferred: value,
    gas,
    isStatic: false,
    inputRange: EMPTY_RANGE,
    outputRange: EMPTY_RANGE,
  };
}

type What = Pick<Message, "kind" | "code" | "precompile" | "input">;

function creation({ primitives, recorder }: Machine, data: Uint8Array): What {
  // The hash of init code is for the record alone.
  const hash = recorder === undefined ? 0n : bytesToUint(primitives.keccak256(data));
  return {
    kind: "TRANSACTION_CREATE",
    code: new Code(data, hash),
    precompile: undefined,
    input: NO_BYTES,
  };
}

const call = ({ world }: Machine, address: bigint, data: Uint8Array): What => ({
  kind: "TRANSACTION_CALL",
  code: world.codeOf(world.account(address)),
  precompile: precompileAt(address),
  input: data,
});
