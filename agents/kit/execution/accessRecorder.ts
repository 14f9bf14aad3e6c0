import { toHex, type Hex } from "../hex.ts";
import type { AccountState } from "./accountState.ts";
import type { StateReader } from "./stateReader.ts";

/** Accounts and slots in the order in which they were first asked for. */
export interface Accesses {
  readonly accounts: ReadonlySet<Hex>;
  readonly slots: ReadonlyMap<Hex, ReadonlySet<Hex>>;
  /** By hash; each is of one of the accounts. */
  readonly codes: ReadonlySet<Hex>;
}

/**
 * A state that remembers what was asked of it: with a block's transactions over it, all of the parent state that the block
 * depends on, which is what its proof needs a witness of.
 */
export class AccessRecorder implements StateReader, Accesses {
  readonly accounts = new Set<Hex>();
  readonly slots = new Map<Hex, Set<Hex>>();
  readonly codes = new Set<Hex>();
  #state: StateReader;
  #recent: (() => void)[] = [];

  constructor(state: StateReader) {
    this.#state = state;
  }

  rebase(state: StateReader): void {
    this.#state = state;
  }

  account(address: Hex): AccountState | undefined {
    if (!this.accounts.has(address)) this.#recent.push(() => this.accounts.add(address));
    return this.#state.account(address);
  }

  storage(address: Hex, slot: Hex): Uint8Array {
    if (!this.slots.get(address)?.has(slot)) this.#recent.push(() => this.#slotsOf(address).add(slot));
    return this.#state.storage(address, slot);
  }

  code(codeHash: Uint8Array): Uint8Array {
    const hash = toHex(codeHash);
    if (!this.codes.has(hash)) this.#recent.push(() => this.codes.add(hash));
    return this.#state.code(codeHash);
  }

  /** What was asked since the last call of either belongs to the block. */
  keep(): void {
    for (const record of this.#recent.splice(0)) record();
  }

  /** What was asked since the last call of either was for a transaction that was refused. */
  forget(): void {
    this.#recent = [];
  }

  #slotsOf(address: Hex): Set<Hex> {
    const slots = this.slots.get(address) ?? new Set<Hex>();
    this.slots.set(address, slots);
    return slots;
  }
}
