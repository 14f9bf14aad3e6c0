/**
 * What a prover needs of the state to replay a range of blocks: the tree's part, the accounts and slots behind its value
 * hashes, and the codes that were asked for. Hashes of ancestors (BLOCKHASH) are not in it: they follow from the blocks.
 *
 * Layout, big endian; a field element or word takes 32 bytes:
 *   version u8 = 2
 *   | leafCount - 1 u32 | receiptsHead
 *   | count u32, times (index u32 | key | nextKey | nextIndex u32 | valueHash)            leaves
 *   | count u32, times node
 *   | count u32, times (address 20 | nonce u64 | balance | codeHash | codeSize u32 | codeCommitment)
 *   | count u32, times (address 20 | slot | value)
 *   | count u32, times (length u32 | bytes)                                               codes
 */
import type { Address } from "../address.ts";
import { ADDRESS_BYTES, addressToBytes, bytesToAddress } from "../address.ts";
import { ByteReader, ByteWriter, concatBytes } from "../bytes.ts";
import { MAX_CODE_BYTES, MAX_WITNESS_BYTES } from "../constants.ts";
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { bytesToField, FIELD_BYTES, fieldToBytes } from "../field.ts";
import type { AccountState } from "./account.ts";
import { accountValueHash, EMPTY_ACCOUNT, storageValueHash } from "./account.ts";
import type { CodeIdentity } from "./code.ts";
import { codeIdentity, EMPTY_CODE_HASH } from "./code.ts";
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
  /** Of accounts of this witness, each code once. */
  readonly codes: readonly Uint8Array[];
};

export type StateWitnessError =
  | { code: "WITNESS_TOO_LARGE"; bytes: number; limit: number }
  | { code: "WITNESS_VERSION"; expected: number; actual: number }
  | { code: "WITNESS_COUNT"; count: number; available: number }
  | { code: "WITNESS_VALUE_MISMATCH"; key: Field; expected: Field; actual: Field }
  | { code: "WITNESS_VALUE_UNKNOWN"; key: Field }
  | { code: "WITNESS_CODE_SIZE"; bytes: number; limit: number }
  | { code: "WITNESS_CODE_TWICE"; codeHash: bigint }
  /** No account of the witness has it. */
  | { code: "WITNESS_CODE_UNUSED"; codeHash: bigint }
  /** An account has this hash beside another size or commitment. */
  | {
      code: "WITNESS_CODE_MISMATCH";
      address: Address;
      codeHash: bigint;
      codeSize: bigint;
      codeCommitment: Field;
    }
  | { code: "WITNESS_CODE_UNKNOWN"; codeHash: bigint };

const fail = (type: StateWitnessError): never => {
  throw new StackError(type, "fatal");
};

const VERSION = 2;

/** A tree part together with the values it commits to: every value read from it is authenticated. */
export class WitnessState {
  readonly tree: IndexedTree;
  /** Before the block. */
  readonly receiptsHead: Field;
  readonly #accounts = new Map<Field, AccountState>();
  readonly #slots = new Map<Field, bigint>();
  readonly #codes: ReadonlyMap<bigint, Uint8Array>;

  /** Throws what `openWitness` throws, `WITNESS_VALUE_MISMATCH`, `WITNESS_CODE_*`. */
  constructor(witness: StateWitness, stateRoot: Field) {
    this.tree = openWitness(witness.tree, stateRoot);
    this.receiptsHead = witness.tree.receiptsHead;
    for (const { address, account } of witness.accounts)
      this.#accounts.set(this.#authenticate(accountKey(address), accountValueHash(account)), account);
    for (const { address, slot, value } of witness.slots)
      this.#slots.set(this.#authenticate(storageKey(address, slot), storageValueHash(value)), value);
    this.#codes = authenticateCodes(witness);
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

  /** The code that accounts of this hash have before any replay. Throws `WITNESS_CODE_UNKNOWN`. */
  code(codeHash: bigint): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return new Uint8Array();
    return this.#codes.get(codeHash) ?? fail({ code: "WITNESS_CODE_UNKNOWN", codeHash });
  }

  #authenticate(key: Field, actual: Field): Field {
    const { present, leaf } = this.tree.locate(key);
    if (!present || leaf.valueHash !== actual)
      fail({ code: "WITNESS_VALUE_MISMATCH", key, expected: present ? leaf.valueHash : 0n, actual });
    return key;
  }
}

/** By hash. Assumes that `accounts` are the tree's: a code is the one whose size and commitment they have as well. */
function authenticateCodes({ accounts, codes }: StateWitness): Map<bigint, Uint8Array> {
  const given = new Map<bigint, Uint8Array>();
  const unused = new Map<bigint, CodeIdentity>();
  for (const code of codes) {
    const identity = codeIdentity(code);
    const { codeHash } = identity;
    if (given.has(codeHash)) fail({ code: "WITNESS_CODE_TWICE", codeHash });
    given.set(codeHash, code);
    unused.set(codeHash, identity);
  }
  const identities = new Map(unused);
  for (const { address, account } of accounts) {
    const { codeHash, codeSize, codeCommitment } = account;
    const actual = identities.get(codeHash);
    if (!actual) continue;
    unused.delete(codeHash);
    if (actual.codeSize !== codeSize || actual.codeCommitment !== codeCommitment)
      fail({ code: "WITNESS_CODE_MISMATCH", address, codeHash, codeSize, codeCommitment });
  }
  for (const codeHash of unused.keys()) fail({ code: "WITNESS_CODE_UNUSED", codeHash });
  return given;
}

/** Throws `INTEGER_OUT_OF_RANGE`, `FIELD_OUT_OF_RANGE`, `ADDRESS_INVALID`. */
export const encodeWitness = (witness: StateWitness): Uint8Array =>
  concatBytes([encodeWitnessValues(witness), encodeWitnessCodes(witness.codes)]);

/** All of a witness but its last list: whoever keeps many need not keep a code with each of them. */
export function encodeWitnessValues({ tree, accounts, slots }: Omit<StateWitness, "codes">): Uint8Array {
  const writer = new ByteWriter()
    .u8(VERSION)
    .u32(tree.leafCount - 1)
    .bytes(fieldToBytes(tree.receiptsHead));
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

/** The last list of a witness. */
export function encodeWitnessCodes(codes: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter().u32(codes.length);
  for (const code of codes) writer.u32(code.length).bytes(code);
  return writer.finish();
}

/**
 * Strict. Throws `WITNESS_TOO_LARGE`, `WITNESS_VERSION`, `WITNESS_COUNT`, `WITNESS_CODE_SIZE`, `BYTES_TRUNCATED`,
 * `BYTES_TRAILING`, `FIELD_OUT_OF_RANGE`.
 */
export function decodeWitness(bytes: Uint8Array): StateWitness {
  if (bytes.length > MAX_WITNESS_BYTES)
    fail({ code: "WITNESS_TOO_LARGE", bytes: bytes.length, limit: MAX_WITNESS_BYTES });
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  if (version !== VERSION) fail({ code: "WITNESS_VERSION", expected: VERSION, actual: version });
  const leafCount = reader.u32() + 1;
  const receiptsHead = bytesToField(reader.bytes(FIELD_BYTES));
  const leaves = readList(reader, 104, () => ({ index: reader.u32(), leaf: readLeaf(reader) }));
  const nodes = readList(reader, FIELD_BYTES, () => bytesToField(reader.bytes(FIELD_BYTES)));
  const accounts = readList(reader, 128, () => readAccount(reader));
  const slots = readList(reader, 84, () => ({
    address: bytesToAddress(reader.bytes(ADDRESS_BYTES)),
    slot: reader.uint(32),
    value: reader.uint(32),
  }));
  const codes = readList(reader, 5, () => readCode(reader));
  reader.end();
  return { tree: { leafCount, receiptsHead, leaves, nodes }, accounts, slots, codes };
}

function readCode(reader: ByteReader): Uint8Array {
  const bytes = reader.u32();
  if (bytes === 0 || bytes > MAX_CODE_BYTES)
    fail({ code: "WITNESS_CODE_SIZE", bytes, limit: MAX_CODE_BYTES });
  return reader.bytes(bytes);
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
