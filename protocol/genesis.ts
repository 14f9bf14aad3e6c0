/** How a chain begins. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Address } from "./address.ts";
import { genesisParentHash, blockHash } from "./block.ts";
import type { BlockData } from "./block.ts";
import { GENESIS_BASE_FEE, MAX_CODE_BYTES, MAX_PROVABLE_GAS_LIMIT, MIN_GAS_LIMIT } from "./constants.ts";
import { StackError } from "./errors.ts";
import type { Field } from "./field.ts";
import { JsonReader } from "./jsonReader.ts";
import type { AccountState } from "./state/account.ts";
import { isEmptyAccount } from "./state/account.ts";
import type { StateChange } from "./state/changes.ts";
import { accountChange, changeState, storageChange } from "./state/changes.ts";
import { codeIdentity } from "./state/code.ts";
import { IndexedTree } from "./state/indexedTree.ts";
import { NO_RECEIPTS } from "./state/receipts.ts";
import { MemoryTreeStore } from "./state/treeStore.ts";
import type { ChainTip } from "./tip.ts";

/** What proves a chain: its execution in zero knowledge, or nothing (whoever needs its state re-executes it). */
export const PROGRAMS = ["evm", "none"] as const;
export type Program = (typeof PROGRAMS)[number];

export type GenesisAccount = {
  readonly address: Address;
  /** Wei. */
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
  readonly storage: readonly { readonly slot: bigint; readonly value: bigint }[];
};

export type ChainGenesis = {
  readonly name: string;
  readonly chainId: bigint;
  readonly program: Program;
  /** Seconds. */
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly feeRecipient: Address;
  readonly alloc: readonly GenesisAccount[];
};

/** Decimal or `0x`, or a safe number. */
export type JsonInteger = string | number;

/** A genesis as JSON. */
export type GenesisFile = {
  readonly name: string;
  readonly chainId: JsonInteger;
  readonly program: Program;
  /** Seconds. */
  readonly timestamp: JsonInteger;
  readonly gasLimit: JsonInteger;
  readonly feeRecipient: string;
  readonly alloc: readonly {
    readonly address: string;
    /** Wei. */
    readonly balance: JsonInteger;
    readonly nonce?: JsonInteger;
    /** `0x` and hex digits. */
    readonly code?: string;
    /** Slot -> value. */
    readonly storage?: Readonly<Record<string, JsonInteger>>;
  }[];
};

export type GenesisError =
  | { code: "GENESIS_GAS_LIMIT"; gasLimit: bigint; minimum: bigint }
  | { code: "GENESIS_GAS_LIMIT_UNPROVABLE"; gasLimit: bigint; maximum: bigint }
  | { code: "GENESIS_CHAIN_ID"; chainId: bigint }
  | { code: "GENESIS_ACCOUNT_TWICE"; address: Address }
  | { code: "GENESIS_ACCOUNT_EMPTY"; address: Address }
  | { code: "GENESIS_CODE_TOO_LARGE"; address: Address; bytes: number; limit: number }
  | { code: "GENESIS_SLOT_TWICE"; address: Address; slot: bigint };

const fail = (type: GenesisError): never => {
  throw new StackError(type, "fatal");
};

/** Of a `GenesisFile`, strictly: every field present and none besides. Throws `JSON_*` (jsonReader.ts) and any `GenesisError`. */
export function parseGenesis(json: unknown): ChainGenesis {
  const object = new JsonReader("genesis", json).object([
    "name",
    "chainId",
    "program",
    "timestamp",
    "gasLimit",
    "feeRecipient",
    "alloc",
  ]);
  const genesis = {
    name: object.field("name").matching(/^[a-z][a-z0-9-]{0,31}$/),
    chainId: object.field("chainId").uint(53),
    program: object.field("program").oneOf(PROGRAMS),
    timestamp: object.field("timestamp").uint(64),
    gasLimit: object.field("gasLimit").uint(64),
    feeRecipient: object.field("feeRecipient").address(),
    alloc: object.field("alloc").items().map(parseAccount),
  };
  assertGenesis(genesis);
  return genesis;
}

function parseAccount(item: JsonReader): GenesisAccount {
  const object = item.object(["address", "balance"], ["nonce", "code", "storage"]);
  const storage = object.optional("storage")?.entries() ?? [];
  return {
    address: object.field("address").address(),
    balance: object.field("balance").uint(256),
    nonce: object.optional("nonce")?.uint(64) ?? 0n,
    code: object.optional("code")?.bytes() ?? new Uint8Array(0),
    storage: storage.map(([slot, value]) => ({ slot: slot.uint(256), value: value.uint(256) })),
  };
}

function assertGenesis({ gasLimit, chainId, program, alloc }: ChainGenesis): void {
  if (gasLimit < MIN_GAS_LIMIT) fail({ code: "GENESIS_GAS_LIMIT", gasLimit, minimum: MIN_GAS_LIMIT });
  if (program !== "none" && gasLimit > MAX_PROVABLE_GAS_LIMIT)
    fail({ code: "GENESIS_GAS_LIMIT_UNPROVABLE", gasLimit, maximum: MAX_PROVABLE_GAS_LIMIT });
  if (chainId === 0n) fail({ code: "GENESIS_CHAIN_ID", chainId });
  const addresses = new Set<Address>();
  for (const entry of alloc) {
    const { address, code, storage } = entry;
    if (addresses.has(address)) fail({ code: "GENESIS_ACCOUNT_TWICE", address });
    addresses.add(address);
    if (isEmptyAccount(genesisAccountState(entry))) fail({ code: "GENESIS_ACCOUNT_EMPTY", address });
    if (code.length > MAX_CODE_BYTES)
      fail({ code: "GENESIS_CODE_TOO_LARGE", address, bytes: code.length, limit: MAX_CODE_BYTES });
    const slots = new Set<bigint>();
    for (const { slot } of storage) {
      if (slots.has(slot)) fail({ code: "GENESIS_SLOT_TWICE", address, slot });
      slots.add(slot);
    }
  }
}

/** The JSON that `parseGenesis` reads back to the same genesis. */
export function genesisToJson(genesis: ChainGenesis): GenesisFile {
  const quantity = (value: bigint): string => `0x${value.toString(16)}`;
  return {
    name: genesis.name,
    chainId: Number(genesis.chainId),
    program: genesis.program,
    timestamp: genesis.timestamp.toString(),
    gasLimit: genesis.gasLimit.toString(),
    feeRecipient: genesis.feeRecipient,
    alloc: genesis.alloc.map(({ address, balance, nonce, code, storage }) => ({
      address,
      balance: balance.toString(),
      nonce: nonce.toString(),
      code: `0x${bytesToHex(code)}`,
      storage: Object.fromEntries(storage.map(({ slot, value }) => [quantity(slot), quantity(value)])),
    })),
  };
}

export const genesisAccountState = ({ balance, nonce, code }: GenesisAccount): AccountState => ({
  nonce,
  balance,
  ...codeIdentity(code),
});

/** The allocation as one system operation. */
export const genesisChanges = ({ alloc }: ChainGenesis): StateChange[] =>
  alloc.flatMap((entry) => [
    accountChange(entry.address, genesisAccountState(entry)),
    ...entry.storage.map(({ slot, value }) => storageChange(entry.address, slot, value)),
  ]);

/** Block 0: no transactions. */
export const genesisBlock = ({ timestamp, feeRecipient, gasLimit }: ChainGenesis): BlockData => ({
  number: 0n,
  timestamp,
  feeRecipient,
  gasLimit,
  baseFeePerGas: GENESIS_BASE_FEE,
  transactions: [],
});

/** The state root of the allocation. */
export function genesisStateRoot(genesis: ChainGenesis): Field {
  const tree = new IndexedTree(new MemoryTreeStore());
  changeState(tree, [genesisChanges(genesis)]);
  return tree.stateRoot(NO_RECEIPTS);
}

/** The tip that the first block follows; its data hash identifies the chain. */
export function genesisTip(genesis: ChainGenesis, stateRoot = genesisStateRoot(genesis)): ChainTip {
  return {
    stateRoot,
    dataHash: blockHash(genesisParentHash(genesis.chainId, stateRoot), genesisBlock(genesis)),
    blockNumber: 0n,
    timestamp: genesis.timestamp,
    baseFee: GENESIS_BASE_FEE,
    gasUsed: 0n,
  };
}
