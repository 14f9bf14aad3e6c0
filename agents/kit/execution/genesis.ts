import type { Address } from "../../../protocol/address.ts";
import { StackError } from "../../../protocol/errors.ts";
import {
  parseGenesis as parseChainGenesis,
  type ChainGenesis,
  type GenesisAccount,
} from "../../../protocol/genesis.ts";
import { bigIntToBytes, toHex, type Hex } from "../hex.ts";
import type { AccountState } from "./accountState.ts";
import { keccak256, KECCAK256_EMPTY } from "./keccak256.ts";
import type { ChangeSet } from "./stateReader.ts";

/** I-EXECUTION-04: only an account that can never be created anew may have storage. */
export type GenesisStateError = { code: "GENESIS_STORAGE_WITHOUT_CODE"; address: Hex };

/** The first block and state of a chain: with the protocol, all of its rules. */
export interface Genesis extends ChainGenesis {
  /** The allocation as one system operation. */
  readonly state: ChangeSet;
}

/** @throws StackError what protocol/genesis.ts throws, GENESIS_STORAGE_WITHOUT_CODE */
export function parseGenesis(file: unknown): Genesis {
  const genesis = parseChainGenesis(file);
  return { ...genesis, state: allocate(genesis.alloc) };
}

function allocate(alloc: readonly GenesisAccount[]): ChangeSet {
  const accounts = new Map<Hex, AccountState>();
  const storage = new Map<Hex, Map<Hex, Uint8Array>>();
  const codes = new Map<Hex, Uint8Array>();
  for (const { address, balance, nonce, code, storage: slots } of alloc) {
    const codeHash = code.length > 0 ? keccak256(code) : KECCAK256_EMPTY;
    accounts.set(address, { nonce, balance, codeHash, codeSize: code.length });
    if (code.length > 0) codes.set(toHex(codeHash), code);
    const written = slots.filter(({ value }) => value > 0n);
    if (written.length === 0) continue;
    if (nonce === 0n && code.length === 0) failStorage(address);
    storage.set(
      address,
      new Map(written.map(({ slot, value }) => [toHex(bigIntToBytes(slot, 32)), minimal(value)])),
    );
  }
  return { accounts, storage, codes };
}

/** Big endian without leading zeros. */
const minimal = (value: bigint): Uint8Array => bigIntToBytes(value, Math.ceil(value.toString(16).length / 2));

function failStorage(address: Address): never {
  throw new StackError<GenesisStateError>({ code: "GENESIS_STORAGE_WITHOUT_CODE", address }, "fatal");
}
