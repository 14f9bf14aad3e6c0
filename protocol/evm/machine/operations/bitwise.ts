/** Bits of words (yellow paper, appendix H, 10s; shifts: EIP-145). */
import type { Execute } from "../operation.ts";
import { toInt256, toUint256 } from "../word.ts";

const ALL_ONES = 2n ** 256n - 1n;

const binary =
  (f: (a: bigint, b: bigint) => bigint): Execute =>
  ({ stack }) => {
    const a = stack.pop();
    stack.push(f(a, stack.pop()));
  };

export const and = binary((a, b) => a & b);
export const or = binary((a, b) => a | b);
export const xor = binary((a, b) => a ^ b);
export const not: Execute = ({ stack }) => stack.push(stack.pop() ^ ALL_ONES);

/** The i-th byte from the most significant one. */
export const byte = binary((i, x) => (i >= 32n ? 0n : (x >> (248n - 8n * i)) & 0xffn));

export const shl = binary((shift, x) => (shift >= 256n ? 0n : toUint256(x << shift)));
export const shr = binary((shift, x) => (shift >= 256n ? 0n : x >> shift));
export const sar = binary((shift, x) => toUint256(toInt256(x) >> (shift >= 256n ? 255n : shift)));
