/** What a frame knows of its message, its transaction and its block (yellow paper, appendix H, 30s and 40s). */
import { BLOB_BASE_FEE, BLOB_HASH, BLOCK_HASH_WINDOW } from "../environment.ts";
import type { Frame } from "../frame.ts";
import type { Machine } from "../machine.ts";
import type { Execute } from "../operation.ts";
import { paddedWord } from "../word.ts";

const push =
  (f: (frame: Frame, machine: Machine) => bigint): Execute =>
  (frame, machine) =>
    frame.stack.push(f(frame, machine));

export const address = push(({ message }) => message.address);
export const origin = push((_, machine) => machine.origin);
export const caller = push(({ message }) => message.caller);
export const callvalue = push(({ message }) => message.value);
export const calldatasize = push(({ message }) => BigInt(message.input.length));
export const calldataload = push(({ message, stack }) => paddedWord(message.input, stack.pop()));
export const codesize = push(({ message }) => BigInt(message.code.bytes.length));
export const returndatasize = push(({ returnData }) => BigInt(returnData.length));
export const gasprice = push((_, machine) => machine.gasPrice);
export const selfbalance = push(({ message }, { world }) => world.account(message.address).balance);

export const coinbase = push((_, { environment }) => environment.feeRecipient);
export const timestamp = push((_, { environment }) => environment.timestamp);
export const number = push((_, { environment }) => environment.number);
export const gaslimit = push((_, { environment }) => environment.gasLimit);
export const chainid = push((_, { environment }) => environment.chainId);
export const basefee = push((_, { environment }) => environment.baseFeePerGas);
export const prevrandao = push((_, { environment }) => environment.prevRandao);
export const blobbasefee = push(() => BLOB_BASE_FEE);

export const blobhash: Execute = ({ stack }) => {
  stack.pop();
  stack.push(BLOB_HASH);
};

export const blockhash = push(({ stack }, { environment, world }) => {
  const asked = stack.pop();
  const isKnown = asked < environment.number && asked + BLOCK_HASH_WINDOW >= environment.number;
  return isKnown ? world.reader.blockHash(asked) : 0n;
});
