import { genesisMPTStateRoot } from "@ethereumjs/mpt";
import type { StateEffects } from "../../../../protocol/evm/machine/trace.ts";
import { EMPTY_CODE_HASH } from "../../../../protocol/state/code.ts";
import type { Allocation } from "../machine/memoryState.ts";
import { addressText, bytes, type FixtureState, hex, quantity, uint, wordText } from "./fixture.ts";

/** A whole state in maps, complete accounts: what Ethereum's state trie holds. */
export type WorldState = Map<bigint, Required<Allocation>>;

export const worldStateOf = (state: FixtureState): WorldState =>
  new Map(
    Object.entries(state).map(([address, { balance, nonce, code, storage }]) => [
      uint(address),
      {
        balance: uint(balance),
        nonce: uint(nonce),
        code: bytes(code),
        storage: new Map(
          Object.entries(storage)
            .map(([slot, value]): [bigint, bigint] => [uint(slot), uint(value)])
            .filter(([, value]) => value !== 0n),
        ),
      },
    ]),
  );

export const isEmpty = ({ balance, nonce, code }: Required<Allocation>): boolean =>
  balance === 0n && nonce === 0n && code.length === 0;

/** The state with a transaction's effects. What ends empty is gone. */
export function afterEffects(before: WorldState, { accounts, slots, codes }: StateEffects): WorldState {
  const after: WorldState = new Map(before);
  for (const [address, { balance, nonce, codeHash }] of accounts) {
    const old = before.get(address);
    const code = codeHash === EMPTY_CODE_HASH ? new Uint8Array() : (codes.get(codeHash) ?? old?.code);
    if (code === undefined) throw new RangeError(`no code of ${addressText(address)}`);
    const account = { balance, nonce, code, storage: old?.storage ?? new Map<bigint, bigint>() };
    if (isEmpty(account)) after.delete(address);
    else after.set(address, account);
  }
  for (const [address, values] of slots) {
    const account = after.get(address);
    if (account === undefined) continue;
    const storage = new Map(account.storage);
    for (const [slot, value] of values)
      if (value === 0n) storage.delete(slot);
      else storage.set(slot, value);
    after.set(address, { ...account, storage });
  }
  return after;
}

/** Ethereum's state root. */
export async function ethereumRoot(state: WorldState): Promise<string> {
  const entries = [...state].map(([address, { balance, nonce, code, storage }]) => {
    const slots = [...storage].map(([slot, value]) => [wordText(slot), wordText(value)]);
    return [addressText(address), [quantity(balance), hex(code), slots, quantity(nonce)]];
  });
  return hex(await genesisMPTStateRoot(Object.fromEntries(entries)));
}
