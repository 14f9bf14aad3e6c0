/** Creations (yellow paper 7; EIP-684, EIP-1014, EIP-2681, EIP-2929, EIP-3860). */
import type { Account } from "../account.ts";
import { Code } from "../code.ts";
import { create2Address, createAddress } from "../contractAddress.ts";
import { type Frame, NO_BYTES } from "../frame.ts";
import { allButOne64th, CALL_DEPTH_LIMIT, Gas, MAX_INIT_CODE_BYTES, MAX_NONCE } from "../gas.ts";
import type { Machine } from "../machine.ts";
import { EMPTY_RANGE, type Range } from "../memory.ts";
import { openFrame } from "../openFrame.ts";
import type { Execute } from "../operation.ts";
import type { RefusedFrame } from "../trace.ts";
import { bytesToUint } from "../word.ts";
import { wordCount } from "./hashing.ts";

const createOf =
  (kind: "CREATE" | "CREATE2"): Execute =>
  (frame, machine) => {
    const { stack } = frame;
    const value = stack.pop();
    const offset = stack.pop();
    const length = stack.pop();
    const salt = kind === "CREATE2" ? stack.pop() : undefined;
    if (frame.message.isStatic) return frame.fail("STATIC_VIOLATION");
    if (length > MAX_INIT_CODE_BYTES) return frame.fail("INIT_CODE_TOO_LARGE");
    // CREATE2 hashes the init code for the address.
    const word = salt === undefined ? Gas.INIT_CODE_WORD : Gas.INIT_CODE_WORD + Gas.KECCAK_WORD;
    const range = frame.openRange(offset, length, word * wordCount(length));
    if (range !== undefined) create(machine, frame, { kind, value, range, salt });
  };

type Creation = {
  readonly kind: "CREATE" | "CREATE2";
  readonly value: bigint;
  readonly range: Range;
  readonly salt: bigint | undefined;
};

function create(machine: Machine, frame: Frame, { kind, value, range, salt }: Creation): void {
  const { world } = machine;
  const gas = allButOne64th(frame.gas);
  frame.gas -= gas;
  const creator = world.account(frame.message.address);
  const initCode = codeOf(machine, frame.memory.read(range), salt !== undefined);
  const address =
    salt === undefined
      ? createAddress(machine.primitives, creator.address, creator.nonce)
      : create2Address(machine.primitives, creator.address, salt, initCode.hash);
  const refused = refusal(frame, creator, value);
  if (refused === undefined) {
    // Neither is undone when the creation fails, only when the creator does.
    world.setNonce(creator, creator.nonce + 1n);
    world.warm(world.account(address));
  }
  const message = {
    kind,
    depth: frame.message.depth + 1,
    caller: creator.address,
    address,
    codeAddress: address,
    code: initCode,
    precompile: undefined,
    value,
    transferred: value,
    gas,
    isStatic: false,
    input: NO_BYTES,
    inputRange: range,
    outputRange: EMPTY_RANGE,
  };
  openFrame(machine, message, frame, refused);
}

/** Its hash is for the address of CREATE2 and for the record. */
function codeOf({ primitives, recorder }: Machine, bytes: Uint8Array, isHashed: boolean): Code {
  const hash = isHashed || recorder !== undefined ? bytesToUint(primitives.keccak256(bytes)) : 0n;
  return new Code(bytes, hash);
}

function refusal({ message }: Frame, creator: Account, value: bigint): RefusedFrame | undefined {
  if (message.depth >= CALL_DEPTH_LIMIT) return "CALL_DEPTH";
  if (value > creator.balance) return "INSUFFICIENT_BALANCE";
  return creator.nonce === MAX_NONCE ? "NONCE_OVERFLOW" : undefined;
}

export const create1 = createOf("CREATE");
export const create2 = createOf("CREATE2");
