/** Hand-written programs: opcodes by name, pushes by value. */
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";

/** PUSH of the shortest form, at least one byte. */
export function push(value: bigint | number): number[] {
  let digits = BigInt(value).toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  const bytes = [...Buffer.from(digits, "hex")];
  return [0x5f + bytes.length, ...bytes];
}

/** Names of opcodes, numbers to push, or bytes as they are. */
export function program(...parts: readonly (string | bigint | number | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [OPCODE[part]!] : typeof part === "object" ? part : push(part),
    ),
  );
}

export interface CallArguments {
  readonly op?: "CALL" | "CALLCODE" | "DELEGATECALL" | "STATICCALL";
  readonly gas?: bigint | number;
  readonly to: bigint;
  readonly value?: bigint | number;
  readonly input?: readonly [offset: number | bigint, length: number];
  readonly output?: readonly [offset: number | bigint, length: number];
}

/** The opcode with its operands pushed. */
export function call({
  op = "CALL",
  gas = 100_000,
  to,
  value = 0,
  input = [0, 0],
  output = [0, 0],
}: CallArguments): number[] {
  const values = op === "CALL" || op === "CALLCODE" ? push(value) : [];
  const ranges = [output[1], output[0], input[1], input[0]].flatMap((number) => push(number));
  return [...ranges, ...values, ...push(to), ...push(gas), OPCODE[op]!];
}
