/** The state while a chunk's blocks are executed one after another: what was before the chunk, and what they changed since. */
import { StackError } from "../../errors.ts";
import type { Field } from "../../field.ts";
import type { BlockData } from "../../block.ts";
import type { AccountState } from "../../state/account.ts";
import { codeIdentity } from "../../state/code.ts";
import { type StateWitness, WitnessState } from "../../state/witness.ts";
import type { ChainTip } from "../../tip.ts";
import type { StateEffects } from "../machine/trace.ts";
import type { StateReader } from "../machine/stateReader.ts";
import { addressText } from "../machine/transactionError.ts";
import type { StateBefore } from "./state/statePlan.ts";

/** What the hash of an ancestor is made of. */
export interface AncestorHash {
  readonly parentHash: Field;
  /** hashBytes of the block. */
  readonly digest: Field;
}

/** Consecutive blocks to prove. */
export interface ChunkInput {
  readonly chainId: bigint;
  readonly gasLimit: bigint;
  /** The tip before the first block. */
  readonly previous: ChainTip;
  readonly blocks: readonly BlockData[];
  /** The state before the first block: all keys that the blocks touch. */
  readonly state: StateWitness;
  /** Entry k: of the block k before the previous one; as far back as BLOCKHASH asks. */
  readonly ancestors?: readonly AncestorHash[];
}

/** A block asked for a hash further back than the input goes. */
export type ChunkError = { code: "ANCESTOR_UNKNOWN"; number: bigint; known: number };

export class ChunkState implements StateBefore {
  readonly before: WitnessState;
  /** Ancestors that were asked for. */
  ancestorsAsked = 0;
  readonly #input: ChunkInput;
  readonly #codes: Map<bigint, Uint8Array>;
  readonly #accounts = new Map<bigint, AccountState>();
  readonly #slots = new Map<string, bigint>();
  readonly #created = new Map<bigint, Uint8Array>();
  readonly #hashes = new Map<bigint, Field>();

  /** Throws what `WitnessState` throws. */
  constructor(input: ChunkInput) {
    this.#input = input;
    this.before = new WitnessState(input.state, input.previous.stateRoot);
    this.#codes = new Map(input.state.codes.map((code) => [codeIdentity(code).codeHash, code]));
  }

  /** The state after a transaction. */
  apply({ accounts, slots, codes }: StateEffects): void {
    for (const [address, account] of accounts) this.#accounts.set(address, account);
    for (const [address, values] of slots)
      for (const [slot, value] of values) this.#slots.set(`${address} ${slot}`, value);
    for (const [hash, code] of codes) this.#created.set(hash, code);
  }

  /** The hash of a block of the chunk. */
  addHash(number: bigint, hash: Field): void {
    this.#hashes.set(number, hash);
  }

  /** The state after the blocks so far. Its functions throw what those of `WitnessState` throw. */
  reader = (): StateReader => ({
    account: (address) => this.#accounts.get(address) ?? this.account(address),
    storage: (address, slot) => this.#slots.get(`${address} ${slot}`) ?? this.slot(address, slot),
    code: (hash) => this.#created.get(hash) ?? this.before.code(hash),
    blockHash: (number) => this.blockHash(number),
  });

  /** Throws ANCESTOR_UNKNOWN. */
  blockHash(number: bigint): Field {
    const { previous, ancestors = [] } = this.#input;
    if (number > previous.blockNumber) return this.#hashes.get(number) ?? 0n;
    const back = Number(previous.blockNumber - number);
    if (back === 0) return previous.dataHash;
    this.ancestorsAsked = Math.max(this.ancestorsAsked, back);
    const ancestor = ancestors[back - 1];
    if (ancestor !== undefined) return ancestor.parentHash;
    throw new StackError<ChunkError>({ code: "ANCESTOR_UNKNOWN", number, known: ancestors.length }, "fatal");
  }

  account = (address: bigint): AccountState => this.before.account(addressText(address));
  slot = (address: bigint, slot: bigint): bigint => this.before.slot(addressText(address), slot);
  code = (codeHash: bigint): Uint8Array | undefined => this.#codes.get(codeHash);
}
