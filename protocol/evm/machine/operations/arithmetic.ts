/** Arithmetic on words modulo 2^256; a division by zero is zero (yellow paper, appendix H, 0s). */
import { Gas } from "../gas.ts";
import type { Execute } from "../operation.ts";
import { toInt256, toUint256 } from "../word.ts";

/** An opcode that takes two words and leaves one. The first is the top of the stack. */
const binary =
  (f: (a: bigint, b: bigint) => bigint): Execute =>
  ({ stack }) => {
    const a = stack.pop();
    stack.push(f(a, stack.pop()));
  };

export const add = binary((a, b) => toUint256(a + b));
export const mul = binary((a, b) => toUint256(a * b));
export const sub = binary((a, b) => toUint256(a - b));
export const div = binary((a, b) => (b === 0n ? 0n : a / b));
export const mod = binary((a, b) => (b === 0n ? 0n : a % b));
/** Rounds towards zero; -2^255 / -1 wraps to -2^255. */
export const sdiv = binary((a, b) => (b === 0n ? 0n : toUint256(toInt256(a) / toInt256(b))));
/** Has the sign of the dividend. */
export const smod = binary((a, b) => (b === 0n ? 0n : toUint256(toInt256(a) % toInt256(b))));

/** The sum and the product are not reduced to 256 bits first. */
export const addmod = modular((a, b) => a + b);
export const mulmod = modular((a, b) => a * b);

function modular(f: (a: bigint, b: bigint) => bigint): Execute {
  return ({ stack }) => {
    const a = stack.pop();
    const b = stack.pop();
    const n = stack.pop();
    stack.push(n === 0n ? 0n : f(a, b) % n);
  };
}

/** Extends the sign of the number of k + 1 bytes. */
export const signextend = binary((k, x) => (k >= 31n ? x : toUint256(BigInt.asIntN(8 * (Number(k) + 1), x))));

/** Pays for every byte of the exponent. */
export const exp: Execute = (frame) => {
  const base = frame.stack.pop();
  const exponent = frame.stack.pop();
  if (exponent !== 0n && !frame.pay(Gas.EXP_BYTE * byteLength(exponent))) return;
  frame.stack.push(power(base, exponent));
};

const byteLength = (value: bigint): bigint => BigInt(Math.ceil(value.toString(16).length / 2));

function power(base: bigint, exponent: bigint): bigint {
  if (base === 2n) return exponent < 256n ? 1n << exponent : 0n;
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = toUint256(result * square);
    square = toUint256(square * square);
  }
  return result;
}

export const lt = binary((a, b) => (a < b ? 1n : 0n));
export const gt = binary((a, b) => (a > b ? 1n : 0n));
export const slt = binary((a, b) => (toInt256(a) < toInt256(b) ? 1n : 0n));
export const sgt = binary((a, b) => (toInt256(a) > toInt256(b) ? 1n : 0n));
export const eq = binary((a, b) => (a === b ? 1n : 0n));
export const iszero: Execute = ({ stack }) => stack.push(stack.pop() === 0n ? 1n : 0n);
