/**
 * What a prover needs of the state to replay a range of blocks: the tree's part, and the accounts and slots behind its
 * value hashes.
 *
 * Layout, big endian; a field element or word takes 32 bytes:
 *   version u8 = 1
 *   | leafCount - 1 u32
 *   | count u32, times (index u32 | key | nextKey | nextIndex u32 | valueHash)            leaves
 *   | count u32, times node
 *   | count u32, times (address 20 | nonce u64 | balance | codeHash | codeSize u32 | codeCommitment)
 *   | count u32, times (address 20 | slot | value)
 */
import type { Address } from "../address.ts";
import { ADDRESS_BYTES, addressToBytes, bytesToAddress } from "../address.ts";
import { ByteReader, ByteWriter } from "../bytes.ts";
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { bytesToField, FIELD_BYTES, fieldToBytes } from "../field.ts";
import type { AccountState } from "./account.ts";
import { accountValueHash, EMPTY_ACCOUNT, storageValueHash } from "./account.ts";
import type { IndexedTree } from "./indexedTree.ts";
import { accountKey, storageKey } from "./keys.ts";
import { encodeLeaf, readLeaf } from "./leaf.ts";
import type { TreeWitness } from "./treeWitness.ts";
import { openWitness } from "./treeWitness.ts";

export type AccountEntry = { readonly address: Address; readonly account: AccountState };
export type SlotEntry = { readonly address: Address; readonly slot: bigint; readonly value: bigint };

export type StateWitness = {
  readonly tree: TreeWitness;
  /** Accounts present in the tree; one that is absent needs no entry. */
  readonly accounts: readonly AccountEntry[];
  readonly slots: readonly SlotEntry[];
};

export type StateWitnessError =
  | { code: "WITNESS_VERSION"; expected: number; actual: number }
  | { code: "WITNESS_COUNT"; count: number; available: number }
  | { code: "WITNESS_VALUE_MISMATCH"; key: Field; expected: Field; actual: Field }
  | { code: "WITNESS_VALUE_UNKNOWN"; key: Field };

const fail = (type: StateWitnessError): never => {
  throw new StackError(type, "fatal");
};

const VERSION = 1;

/** A tree part together with the values it commits to: every value read from it is authenticated. */
export class WitnessState {
  readonly tree: IndexedTree;
  readonly #accounts = new Map<Field, AccountState>();
  readonly #slots = new Map<Field, bigint>();

  /** Throws what `openWitness` throws, and `WITNESS_VALUE_MISMATCH`. */
  constructor(witness: StateWitness, stateRoot: Field) {
    this.tree = openWitness(witness.tree, stateRoot);
    for (const { address, account } of witness.accounts)
      this.#accounts.set(this.#authenticate(accountKey(address), accountValueHash(account)), account);
    for (const { address, slot, value } of witness.slots)
      this.#slots.set(this.#authenticate(storageKey(address, slot), storageValueHash(value)), value);
  }

  /** The account before any replay. Throws `WITNESS_VALUE_UNKNOWN`, `TREE_LOW_LEAF_UNKNOWN`. */
  account(address: Address): AccountState {
    const key = accountKey(address);
    if (!this.tree.locate(key).present) return EMPTY_ACCOUNT;
    return this.#accounts.get(key) ?? fail({ code: "WITNESS_VALUE_UNKNOWN", key });
  }

  /** The slot before any replay. Throws `WITNESS_VALUE_UNKNOWN`, `TREE_LOW_LEAF_UNKNOWN`. */
  slot(address: Address, slot: bigint): bigint {
    const key = storageKey(address, slot);
    if (!this.tree.locate(key).present) return 0n;
    return this.#slots.get(key) ?? fail({ code: "WITNESS_VALUE_UNKNOWN", key });
  }

  #authenticate(key: Field, actual: Field): Field {
    const { present, leaf } = this.tree.locate(key);
    if (!present || leaf.valueHash !== actual)
      fail({ code: "WITNESS_VALUE_MISMATCH", key, expected: present ? leaf.valueHash : 0n, actual });
    return key;
  }
}

/** Throws `INTEGER_OUT_OF_RANGE`, `FIELD_OUT_OF_RANGE`, `ADDRESS_INVALID`. */
export function encodeWitness({ tree, accounts, slots }: StateWitness): Uint8Array {
  const writer = new ByteWriter().u8(VERSION).u32(tree.leafCount - 1);
  writer.u32(tree.leaves.length);
  for (const { index, leaf } of tree.leaves) writer.u32(index).bytes(encodeLeaf(leaf));
  writer.u32(tree.nodes.length);
  for (const node of tree.nodes) writer.bytes(fieldToBytes(node));
  writer.u32(accounts.length);
  for (const { address, account } of accounts) {
    writer
      .bytes(addressToBytes(address))
      .u64(account.nonce)
      .uint(account.balance, 32)
      .uint(account.codeHash, 32);
    writer.uint(account.codeSize, 4).bytes(fieldToBytes(account.codeCommitment));
  }
  writer.u32(slots.length);
  for (const { address, slot, value } of slots)
    writer.bytes(addressToBytes(address)).uint(slot, 32).uint(value, 32);
  return writer.finish();
}

/** Strict. Throws `WITNESS_VERSION`, `WITNESS_COUNT`, `BYTES_TRUNCATED`, `BYTES_TRAILING`, `FIELD_OUT_OF_RANGE`. */
export function decodeWitness(bytes: Uint8Array): StateWitness {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  if (version !== VERSION) fail({ code: "WITNESS_VERSION", expected: VERSION, actual: version });
  const leafCount = reader.u32() + 1;
  const leaves = readList(reader, 104, () => ({ index: reader.u32(), leaf: readLeaf(reader) }));
  const nodes = readList(reader, FIELD_BYTES, () => bytesToField(reader.bytes(FIELD_BYTES)));
  const accounts = readList(reader, 128, () => readAccount(reader));
  const slots = readList(reader, 84, () => ({
    address: bytesToAddress(reader.bytes(ADDRESS_BYTES)),
    slot: reader.uint(32),
    value: reader.uint(32),
  }));
  reader.end();
  return { tree: { leafCount, leaves, nodes }, accounts, slots };
}

const readAccount = (reader: ByteReader): AccountEntry => ({
  address: bytesToAddress(reader.bytes(ADDRESS_BYTES)),
  account: {
    nonce: reader.u64(),
    balance: reader.uint(32),
    codeHash: reader.uint(32),
    codeSize: reader.uint(4),
    codeCommitment: bytesToField(reader.bytes(FIELD_BYTES)),
  },
});

function readList<T>(reader: ByteReader, itemBytes: number, read: () => T): T[] {
  const count = reader.u32();
  if (count * itemBytes > reader.available)
    fail({ code: "WITNESS_COUNT", count, available: reader.available });
  return Array.from({ length: count }, read);
}
