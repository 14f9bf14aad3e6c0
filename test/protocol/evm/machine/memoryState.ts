import type { AccountState } from "../../../../protocol/state/account.ts";
import { codeIdentity } from "../../../../protocol/state/code.ts";
import type { StateReader } from "../../../../protocol/evm/machine/stateReader.ts";
import type { StateEffects } from "../../../../protocol/evm/machine/trace.ts";

export type Allocation = {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: Uint8Array;
  readonly storage?: ReadonlyMap<bigint, bigint>;
};

/** A state in maps. */
export class MemoryState implements StateReader {
  readonly accounts = new Map<bigint, AccountState>();
  readonly slots = new Map<bigint, Map<bigint, bigint>>();
  readonly codes = new Map<bigint, Uint8Array>();
  readonly #blockHash: (number: bigint) => bigint;

  constructor(allocation: ReadonlyMap<bigint, Allocation>, blockHash: (number: bigint) => bigint) {
    this.#blockHash = blockHash;
    for (const [address, { balance = 0n, nonce = 0n, code = new Uint8Array(), storage }] of allocation) {
      const identity = codeIdentity(code);
      this.accounts.set(address, { nonce, balance, ...identity });
      if (code.length > 0) this.codes.set(identity.codeHash, code);
      if (storage) this.slots.set(address, new Map(storage));
    }
  }

  account(address: bigint): AccountState | undefined {
    return this.accounts.get(address);
  }

  storage(address: bigint, slot: bigint): bigint {
    return this.slots.get(address)?.get(slot) ?? 0n;
  }

  code(codeHash: bigint): Uint8Array {
    const code = this.codes.get(codeHash);
    if (!code) throw new Error(`no code ${codeHash.toString(16)}`);
    return code;
  }

  blockHash(number: bigint): bigint {
    return this.#blockHash(number);
  }

  apply({ accounts, slots, codes }: StateEffects): void {
    for (const [address, account] of accounts) this.accounts.set(address, account);
    for (const [hash, code] of codes) this.codes.set(hash, code);
    for (const [address, values] of slots) {
      const known = this.slots.get(address) ?? new Map<bigint, bigint>();
      for (const [slot, value] of values) known.set(slot, value);
      this.slots.set(address, known);
    }
  }
}
