/**
 * Everything execution reads and writes of the state is a cell: a number that holds the id of a word, a small number or
 * a bit. Cells of the scope "transaction" read 0 until they are first written in a transaction.
 */
import type { Capacities } from "./capacities.ts";

export type CellScope = "chain" | "transaction";

/** Of an account. `balance` and `nonce` hold ids, `code` the number of a code object (0 = none), the others 0 or 1. */
export const ACCOUNT_CELLS = ["balance", "nonce", "code", "warm", "created", "doomed", "destroyed"] as const;
export type AccountCell = (typeof ACCOUNT_CELLS)[number];

/**
 * Of a slot: `value` the id; `warm` 0, or 1 + the id of the value at the transaction's start; `transient` the id of
 * EIP-1153; `doomed` the id while its account is one that is created and destroyed in the transaction.
 */
export const SLOT_CELLS = ["value", "warm", "transient", "doomed"] as const;
export type SlotCell = (typeof SLOT_CELLS)[number];

/** `refund` holds an id, `logs` the number of the transaction's last log (0 = none). */
export const GLOBAL_CELLS = ["refund", "logs"] as const;
export type GlobalCell = (typeof GLOBAL_CELLS)[number];

export const accountScope = (cell: AccountCell): CellScope =>
  cell === "balance" || cell === "nonce" || cell === "code" ? "chain" : "transaction";
export const slotScope = (cell: SlotCell): CellScope => (cell === "value" ? "chain" : "transaction");

export const globalCell = (cell: GlobalCell): number => GLOBAL_CELLS.indexOf(cell);

/** Account numbers and slot numbers count from 0. */
export const accountCell = (account: number, cell: AccountCell): number =>
  GLOBAL_CELLS.length + ACCOUNT_CELLS.length * account + ACCOUNT_CELLS.indexOf(cell);

export const slotCell = (capacities: Capacities, slot: number, cell: SlotCell): number =>
  firstSlotCell(capacities) + SLOT_CELLS.length * slot + SLOT_CELLS.indexOf(cell);

export const firstSlotCell = (capacities: Capacities): number =>
  GLOBAL_CELLS.length + ACCOUNT_CELLS.length * capacities.accounts;

export const cellCount = (capacities: Capacities): number =>
  firstSlotCell(capacities) + SLOT_CELLS.length * capacities.slots;

/** What a cell holds: id or number, the transaction that last accessed it, and the one at whose end it was first not empty. */
export const CELL_FIELDS = {
  id: { at: 0, bits: 20 },
  transaction: { at: 20, bits: 14 },
  birth: { at: 34, bits: 14 },
} as const;
export const CELL_BITS = 48;
