/** Time within a chunk, and the keys of accesses to memory and state. */
import { StackError } from "../errors.ts";

/** Accesses a row may make. */
export const SUB_BITS = 14;
export const TIME_BITS = 20 + SUB_BITS;

export type TimeError = { code: "ACCESS_TIME_OUT_OF_RANGE"; row: number; sub: number };

/** When access number `sub` of row `t` happens. Throws ACCESS_TIME_OUT_OF_RANGE. */
export function accessTime(t: number, sub: number): bigint {
  if (sub < 0 || sub >= 2 ** SUB_BITS || t < 0 || t >= 2 ** 20)
    throw new StackError<TimeError>({ code: "ACCESS_TIME_OUT_OF_RANGE", row: t, sub }, "fatal");
  return (BigInt(t) << BigInt(SUB_BITS)) + BigInt(sub);
}
