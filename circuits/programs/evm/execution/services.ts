/** What the chips of this folder work on. */
import type { Builder } from "../../../builder/builder.ts";
import { promiseBits, witnessBits } from "../../../builder/ranges.ts";
import { mul, sum } from "../../../builder/arithmetic.ts";
import type { Wire, Word } from "../../../builder/wire.ts";
import type { CodeObjects } from "../code/codeObjects.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";
import type { Accounts } from "../state/accounts.ts";
import type { Slots } from "../state/slots.ts";
import type { StateBus } from "../state/stateBus.ts";
import type { Capacities } from "../../../../protocol/evm/capacities.ts";

export interface ExecutionServices {
  readonly facts: Facts;
  readonly frames: FrameColumns;
  readonly state: StateBus;
  readonly accounts: Accounts;
  readonly slots: Slots;
  readonly objects: CodeObjects;
  readonly capacities: Capacities;
}

/** The head of the transaction's logs up to the log of this number, 0 for none (protocol/state/receipts.ts). */
export type LogHeads = (number: Wire, name: string) => Wire;

/** An address of 160 bits as a word. Sound because: 32 and 128 bits write it uniquely. Cost: 10 gates. */
export function wordOfAddress(b: Builder, address: Wire, name: string): Word {
  const hi = witnessBits(b, 32, `${name}.hi`, () => b.value(address) >> 128n);
  const lo = witnessBits(b, 128, `${name}.lo`, () => b.value(address) & ((1n << 128n) - 1n));
  b.assertZero([], [[1n << 128n, hi], [1n, lo], [-1n, address]], 0n, `${name}.split`); // prettier-ignore
  return { hi: promiseBits(b, hi, 128, `${name}.hi`), lo };
}

/** A number of at most 128 bits as a word where `condition` is 1, else 0. */
export const smallWordIf = (b: Builder, condition: Wire, value: Wire, name: string): Word => ({
  hi: promiseBits(b, b.zero, 128, `${name}.hi`),
  lo: promiseBits(b, mul(b, condition, value, `${name}.lo`), 128, `${name}.lo`),
});

/** x + 1 below 2^128 by the bound of x. */
export const next = (b: Builder, x: Wire, name: string): Wire => sum(b, [[1n, x]], 1n, name); // prettier-ignore
