import { concatBytes } from "../../../../protocol/bytes.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { uintToBytes } from "../../../../protocol/evm/machine/word.ts";

/** A name is an opcode, a number is pushed with the shortest PUSH, bytes stand for themselves. */
export type Item = string | number | bigint | Uint8Array;

export const assemble = (...items: readonly Item[]): Uint8Array => concatBytes(items.map(encode));

function encode(item: Item): Uint8Array {
  if (item instanceof Uint8Array) return item;
  if (typeof item !== "string") return push(BigInt(item));
  const opcode = OPCODE[item];
  if (opcode === undefined) throw new Error(`no opcode ${item}`);
  return Uint8Array.of(opcode);
}

export function push(value: bigint): Uint8Array {
  if (value === 0n) return Uint8Array.of(0x5f);
  const bytes = Math.ceil(value.toString(16).length / 2);
  return concatBytes([Uint8Array.of(0x5f + bytes), uintToBytes(value, bytes)]);
}

/** Puts up to 32 bytes of code into memory at 0. */
export const storeCode = (code: Uint8Array): Item[] => [
  BigInt(`0x${Buffer.from(code).toString("hex").padEnd(64, "0")}`),
  0,
  "MSTORE",
];
