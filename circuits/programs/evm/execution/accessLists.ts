/**
 * Access lists (EIP-2930): their accounts and slots are warm from the BEGIN row on.
 *
 * Proves: every entry of an active place's list is warm at that place's BEGIN row.
 * Assumes: `readTransactions` lists all entries; `begins` has the BEGIN row of each place.
 * Enforces: entry r claims, at the row of its place and at two subs of its own, the warm cell of its account, or the value of its
 *   slot and its warm cell, which becomes 1 + the value's id.
 * Sound because: a list's first change of any slot comes after, so the value is that at the start of the transaction.
 * Cost: 75 gates an entry.
 */
import { mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { builderError } from "../../../builder/errors.ts";
import { assertBits } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import type { AccessItem } from "../../../gadgets/accessList.ts";
import { BEGIN_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import { cellOfAccount } from "../state/accounts.ts";
import { cellOfSlot } from "../state/slots.ts";
import { timeOf } from "../state/stateBus.ts";
import type { ExecutionServices } from "./services.ts";

/** Bits of an id. */
const ID_BITS = 20;

/** More entries would leave the subs before the checkpoint. */
export const MAX_ACCESS_ENTRIES = (BEGIN_SUB.checkpoint - BEGIN_SUB.access) / 2;

/** `begins`: by place. Throws BAD_ARITY for more entries than a row has subs. */
export function warmAccessLists(
  b: Builder,
  services: ExecutionServices,
  items: readonly AccessItem[],
  begins: readonly Wire[],
): void {
  if (items.length === 0) return;
  if (items.length > MAX_ACCESS_ENTRIES)
    throw builderError({ code: "BAD_ARITY", where: b.where("accessLists"), expected: MAX_ACCESS_ENTRIES, got: items.length }); // prettier-ignore
  const table = rom(b, [...begins, b.zero], "accessLists.begins");
  items.forEach((item, r) =>
    b.scope(`accessList[${r}]`, () => {
      const t = table.read(b, item.owner, "begin");
      warmItem(b, services, item, { t, r });
    }),
  );
}

function warmItem(
  b: Builder,
  { state, accounts, slots, capacities }: ExecutionServices,
  { active, isKey, address, key }: AccessItem,
  { t, r }: { readonly t: Wire; readonly r: number },
): void {
  const account = accounts.find(address, "account", active);
  const isSlot = and(b, active, isKey, "isSlot");
  const slot = slots.find(account, key, "slot", isSlot);
  const time = timeOf(b, t, BEGIN_SUB.access + 2 * r, "first.time");
  const value = cellOfSlot(b, capacities, slot, "value", "value.cell");
  const cell = mux(b, isSlot, value, cellOfAccount(b, account, "warm", "account.cell"), "first.cell");
  const before = state.foretell(time, "before", active);
  const after = mux<Wire>(b, isSlot, before, b.one, "after");
  state.change(time, cell, not(b, isSlot, "isScoped"), { before, after }, "first", active);
  const warmth = assertBits(b, sum(b, [[1n, before]], 1n, "slot.warm"), ID_BITS, "slot.warm"); // prettier-ignore
  const warm = cellOfSlot(b, capacities, slot, "warm", "slot.warm.cell");
  const second = timeOf(b, t, BEGIN_SUB.accessSlot + 2 * r, "second.time");
  state.set(second, warm, "transaction", warmth, "second", isSlot);
}
