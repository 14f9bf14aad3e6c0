import type { StateChange } from "../../state/changes.ts";
import { accountChange, storageChange } from "../../state/changes.ts";
import type { StateEffects } from "./trace.ts";
import { addressText } from "./transactionError.ts";

/** A transaction's effects as the state tree takes them (I-STATE-03). Hashes every key and value. */
export function stateChangesOf({ accounts, slots }: StateEffects): StateChange[] {
  const changes: StateChange[] = [];
  for (const [address, account] of accounts) changes.push(accountChange(addressText(address), account));
  for (const [address, values] of slots) {
    const text = addressText(address);
    for (const [slot, value] of values) changes.push(storageChange(text, slot, value));
  }
  return changes;
}
