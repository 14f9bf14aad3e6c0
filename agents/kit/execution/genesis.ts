import { ZERO_ADDRESS, type Address } from "../../../protocol/address.ts";
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

type Amount = string | number;

/**
 * A genesis in short: as protocol/genesis.ts has it, but with the allocation by address, and with name, fee recipient and the
 * nonce of contracts (1, EIP-161) left out where they do not matter. The long form is accepted as well.
 */
export interface GenesisFile {
  readonly name?: string;
  readonly chainId: Amount;
  readonly program: ChainGenesis["program"];
  /** Seconds since the Unix epoch. */
  readonly timestamp: Amount;
  readonly gasLimit: Amount;
  readonly feeRecipient?: string;
  readonly alloc: Readonly<
    Record<
      string,
      { balance?: Amount; nonce?: Amount; code?: string; storage?: Readonly<Record<string, string>> }
    >
  >;
}

/** The first block and state of a chain: with the protocol, all of its rules. */
export interface Genesis extends ChainGenesis {
  /** The allocation as one system operation. */
  readonly state: ChangeSet;
}

/** @throws StackError what protocol/genesis.ts throws, GENESIS_STORAGE_WITHOUT_CODE */
export function parseGenesis(file: unknown): Genesis {
  const genesis = parseChainGenesis(isShort(file) ? inFull(file) : file);
  return { ...genesis, state: allocate(genesis.alloc) };
}

const isShort = (file: unknown): file is GenesisFile =>
  typeof file === "object" && file !== null && "alloc" in file && !Array.isArray(file.alloc);

function inFull({ name, feeRecipient, alloc, ...rest }: GenesisFile): object {
  return {
    ...rest,
    name: name ?? `chain-${rest.chainId}`,
    feeRecipient: feeRecipient ?? ZERO_ADDRESS,
    alloc: Object.entries(alloc).map(([address, { balance = 0, code, nonce, ...account }]) => ({
      ...account,
      address,
      balance,
      ...(code === undefined ? {} : { code }),
      nonce: nonce ?? (code === undefined ? 0 : 1),
    })),
  };
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
