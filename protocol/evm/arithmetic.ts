/**
 * What the opcodes on words compute (yellow paper, appendix H, 0s and 10s; EIP-145), as functions of bigints in [0, 2^256).
 *
 * Arguments stand in the order of the stack, its top first: SUB is x - y, SHL shifts its second argument by its first.
 * A division by zero is zero.
 */
import { StackError } from "../errors.ts";
import { OPCODE } from "./opcodes.ts";

const BITS = 256;
const WORD = 1n << 256n;
const wrap = (value: bigint): bigint => BigInt.asUintN(BITS, value);
const signed = (word: bigint): bigint => BigInt.asIntN(BITS, word);
const bit = (condition: boolean): bigint => (condition ? 1n : 0n);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = wrap(square * square))
    if (rest & 1n) result = wrap(result * square);
  return result;
}

export const ARITHMETIC = {
  ADD: (x: bigint, y: bigint): bigint => wrap(x + y),
  MUL: (x: bigint, y: bigint): bigint => wrap(x * y),
  SUB: (x: bigint, y: bigint): bigint => wrap(x - y),
  DIV: (x: bigint, y: bigint): bigint => (y === 0n ? 0n : x / y),
  /** Rounds towards zero; -2^255 / -1 wraps to -2^255. */
  SDIV: (x: bigint, y: bigint): bigint => (y === 0n ? 0n : wrap(signed(x) / signed(y))),
  MOD: (x: bigint, y: bigint): bigint => (y === 0n ? 0n : x % y),
  /** Has the sign of the dividend. */
  SMOD: (x: bigint, y: bigint): bigint => (y === 0n ? 0n : wrap(signed(x) % signed(y))),
  /** The sum is not reduced to 256 bits first. */
  ADDMOD: (x: bigint, y: bigint, n: bigint): bigint => (n === 0n ? 0n : (x + y) % n),
  MULMOD: (x: bigint, y: bigint, n: bigint): bigint => (n === 0n ? 0n : (x * y) % n),
  EXP: power,
  /** Extends the sign of the lowest k + 1 bytes of x. */
  SIGNEXTEND: (k: bigint, x: bigint): bigint => (k >= 31n ? x : wrap(BigInt.asIntN(8 * (Number(k) + 1), x))),
  LT: (x: bigint, y: bigint): bigint => bit(x < y),
  GT: (x: bigint, y: bigint): bigint => bit(x > y),
  SLT: (x: bigint, y: bigint): bigint => bit(signed(x) < signed(y)),
  SGT: (x: bigint, y: bigint): bigint => bit(signed(x) > signed(y)),
  EQ: (x: bigint, y: bigint): bigint => bit(x === y),
  ISZERO: (x: bigint): bigint => bit(x === 0n),
  AND: (x: bigint, y: bigint): bigint => x & y,
  OR: (x: bigint, y: bigint): bigint => x | y,
  XOR: (x: bigint, y: bigint): bigint => x ^ y,
  NOT: (x: bigint): bigint => WORD - 1n - x,
  /** Byte i of x, counted from the most significant. */
  BYTE: (i: bigint, x: bigint): bigint => (i >= 32n ? 0n : (x >> (8n * (31n - i))) & 0xffn),
  SHL: (shift: bigint, x: bigint): bigint => (shift >= 256n ? 0n : wrap(x << shift)),
  SHR: (shift: bigint, x: bigint): bigint => (shift >= 256n ? 0n : x >> shift),
  SAR: (shift: bigint, x: bigint): bigint => wrap(signed(x) >> (shift >= 256n ? 255n : shift)),
} as const;

export type ArithmeticOpcode = keyof typeof ARITHMETIC;

type Operation = (x: bigint, y: bigint, n: bigint) => bigint;
const BY_CODE = new Map<number, Operation>(
  Object.entries(ARITHMETIC).map(([name, operation]) => [OPCODE[name]!, operation]),
);

export type ArithmeticError = { code: "NOT_ARITHMETIC"; opcode: number };

/** What the opcode with this number computes; operands it does not take are ignored. Throws NOT_ARITHMETIC. */
export function arithmetic(opcode: number, x: bigint, y: bigint, n = 0n): bigint {
  const operation = BY_CODE.get(opcode);
  if (operation === undefined)
    throw new StackError<ArithmeticError>({ code: "NOT_ARITHMETIC", opcode }, "fatal");
  return operation(x, y, n);
}

/** 256^(result - 1) <= word < 256^result; 0 for zero. EXP pays for every byte of its exponent (EIP-160). */
export function byteLengthOf(word: bigint): number {
  let length = 0;
  for (let rest = word; rest > 0n; rest >>= 8n) length++;
  return length;
}
