import { Gas, wordsOf } from "./gas.ts";
import type { AccessListEntry } from "./trace.ts";

type Charged = {
  readonly to: bigint | undefined;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListEntry[];
};

/** Paid before execution (yellow paper 6; EIP-2028, EIP-2930, EIP-3860). */
export function intrinsicGas({ to, data, accessList }: Charged): bigint {
  let gas = Gas.TRANSACTION + dataGas(data);
  if (to === undefined) gas += Gas.TRANSACTION_CREATE + Gas.INIT_CODE_WORD * BigInt(wordsOf(data.length));
  for (const { slots } of accessList)
    gas += Gas.ACCESS_LIST_ADDRESS + Gas.ACCESS_LIST_SLOT * BigInt(slots.length);
  return gas;
}

function dataGas(data: Uint8Array): bigint {
  let zeros = 0;
  for (const byte of data) if (byte === 0) zeros++;
  return Gas.DATA_ZERO * BigInt(zeros) + Gas.DATA_NONZERO * BigInt(data.length - zeros);
}
