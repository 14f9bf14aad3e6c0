import type { Address } from "../../../protocol/address.ts";
import type { StateReader as MachineState } from "../../../protocol/evm/machine/stateReader.ts";
import type { StateEffects } from "../../../protocol/evm/machine/trace.ts";
import { addressText } from "../../../protocol/evm/machine/transactionError.ts";
import type { ExecutionBefore } from "../../../protocol/evm/plan/planChunk.ts";
import { type AccountState, EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { EMPTY_CODE_HASH } from "../../../protocol/state/code.ts";
import { bigIntToBytes, bytesToBigInt, type Hex, toHex } from "../hex.ts";
import type { MeterSite } from "./blockMeter.ts";

/**
 * The state at a site as the machine and the planner read it, with what transactions changed since. Commitments of codes are 0:
 * neither looks at them.
 */
export class MeteredState implements MachineState, ExecutionBefore {
  /** How far before the block's parent BLOCKHASH asked. */
  ancestorsAsked = 0;
  readonly #site: MeterSite;
  readonly #accounts = new Map<bigint, AccountState>();
  readonly #slots = new Map<string, bigint>();
  readonly #codes = new Map<bigint, Uint8Array>();

  constructor(site: MeterSite) {
    this.#site = site;
  }

  apply({ accounts, slots, codes }: StateEffects): void {
    for (const [address, account] of accounts) this.#accounts.set(address, account);
    for (const [address, values] of slots)
      for (const [slot, value] of values) this.#slots.set(`${address} ${slot}`, value);
    for (const [hash, code] of codes) this.#codes.set(hash, code);
  }

  account(address: bigint): AccountState {
    return this.#accounts.get(address) ?? this.#read(addressText(address));
  }

  storage(address: bigint, slot: bigint): bigint {
    const known = this.#slots.get(`${address} ${slot}`);
    return known ?? bytesToBigInt(this.#site.state.storage(addressText(address), word(slot)));
  }

  slot(address: bigint, slot: bigint): bigint {
    return this.storage(address, slot);
  }

  code(codeHash: bigint): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return new Uint8Array();
    return this.#codes.get(codeHash) ?? this.#site.state.code(bigIntToBytes(codeHash, 32));
  }

  blockHash(number: bigint): bigint {
    const back = Number(this.#site.environment.number - 1n - number);
    this.ancestorsAsked = Math.max(this.ancestorsAsked, back);
    return BigInt(this.#site.environment.blockHash(number));
  }

  #read(address: Address): AccountState {
    const account = this.#site.state.account(address);
    if (account === undefined) return EMPTY_ACCOUNT;
    const { nonce, balance, codeHash, codeSize } = account;
    return {
      nonce,
      balance,
      codeHash: bytesToBigInt(codeHash),
      codeSize: BigInt(codeSize),
      codeCommitment: 0n,
    };
  }
}

const word = (value: bigint): Hex => toHex(bigIntToBytes(value, 32));
