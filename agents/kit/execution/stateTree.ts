import { StackError } from "../../../protocol/errors.ts";
import type { Field } from "../../../protocol/field.ts";
import {
  accountValueHash,
  EMPTY_ACCOUNT as NO_ACCOUNT,
  storageValueHash,
  type AccountState as CommittedAccount,
} from "../../../protocol/state/account.ts";
import { changeState, type StateChange } from "../../../protocol/state/changes.ts";
import { codeCommitment } from "../../../protocol/state/code.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../../protocol/state/keys.ts";
import { proveKey, type KeyProof } from "../../../protocol/state/proofs.ts";
import { NO_RECEIPTS } from "../../../protocol/state/receipts.ts";
import { collectWitness } from "../../../protocol/state/treeWitness.ts";
import { encodeWitnessValues } from "../../../protocol/state/witness.ts";
import { bytesToBigInt, toHex, type Hex } from "../hex.ts";
import type { Store } from "../lmdb.ts";
import type { Accesses } from "./accessRecorder.ts";
import type { AccountState } from "./accountState.ts";
import type { StoredWitness } from "./sealedBlock.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import { TreeTables, type TreeDraft } from "./treeTables.ts";

/** What the state roots before and after a block commit to beside the tree (protocol/state/receipts.ts). */
export interface ReceiptsHeads {
  readonly before: Field;
  readonly after: Field;
}

/** The tree after a block, not yet on the disk, and what proves the way to it. */
export interface TreeStep {
  readonly stateRoot: Field;
  readonly witness: StoredWitness;
  readonly draft: TreeDraft;
}

/** Against the root of the tree; with `leafCount` and the block's receipts' head it makes the state root. */
export interface TreeProofs {
  readonly treeRoot: Field;
  readonly leafCount: number;
  readonly account: KeyProof & { key: Field };
  readonly slots: readonly (KeyProof & { key: Field })[];
}

type CodeOf = (codeHash: Uint8Array) => Uint8Array;

/** Keys of the tree while one block is hashed: the fee recipient's is asked for with every transaction. */
class KeyCache {
  readonly #keys = new Map<string, Field>();

  account = (address: Hex): Field => this.#get(address, () => accountKey(address));
  slot = (address: Hex, slot: Hex): Field =>
    this.#get(address + slot, () => storageKey(address, BigInt(slot)));

  #get(text: string, compute: () => Field): Field {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const key = compute();
    this.#keys.set(text, key);
    return key;
  }
}

const NO_ACCESSES: Accesses = { accounts: new Set(), slots: new Map(), codes: new Set() };

/** The indexed Merkle tree beside the flat state: computed when a block is sealed, never while a transaction waits. */
export class StateTree {
  readonly #tables: TreeTables;
  /** By code hash. Computing one takes 5 ms at most, once per contract and process. */
  readonly #commitments = new Map<Hex, Field>();

  constructor(store: Store) {
    this.#tables = new TreeTables(store);
  }

  /** The tree of the genesis allocation: one system operation. */
  genesis(changes: ChangeSet): TreeStep {
    const none: StateReader = {
      account: () => undefined,
      storage: () => new Uint8Array(),
      code: () => new Uint8Array(),
    };
    const heads = { before: NO_RECEIPTS, after: NO_RECEIPTS };
    return this.#step(this.#tables.draft(undefined), none, NO_ACCESSES, [changes], heads);
  }

  /**
   * The tree after the block that follows `parent`, the last one on the disk. `state` is the state before it; `accesses` what the
   * block asked of that state; `changeSets` its transactions' changes in order.
   */
  next(
    parent: bigint,
    state: StateReader,
    accesses: Accesses,
    changeSets: readonly ChangeSet[],
    heads: ReceiptsHeads,
  ): TreeStep {
    return this.#step(this.#tables.draft(parent), state, accesses, changeSets, heads);
  }

  #step(
    draft: TreeDraft,
    state: StateReader,
    accesses: Accesses,
    changeSets: readonly ChangeSet[],
    heads: ReceiptsHeads,
  ): TreeStep {
    const tree = new IndexedTree(draft);
    const keys = new KeyCache();
    const witness = this.#witness(tree, heads.before, state, accesses, keys);
    const codes = new Map(changeSets.flatMap((changes) => [...changes.codes]));
    const codeOf = (codeHash: Uint8Array): Uint8Array => codes.get(toHex(codeHash)) ?? state.code(codeHash);
    changeState(
      tree,
      changeSets.map((changes) => this.#changes(changes, keys, codeOf)),
    );
    return { stateRoot: tree.stateRoot(heads.after), witness, draft };
  }

  /** Inside `Store.commit`. */
  write(block: bigint, step: TreeStep): void {
    this.#tables.write(block, step.draft);
  }

  /** Inside `Store.commit`. */
  undo(block: bigint): void {
    this.#tables.undo(block);
  }

  /** Proofs against the state root of a sealed block. */
  prove(block: bigint, address: Hex, slots: readonly Hex[]): TreeProofs {
    const tree = new IndexedTree(this.#tables.at(block));
    const prove = (key: Field): KeyProof & { key: Field } => ({ ...proveKey(tree, key), key });
    return {
      treeRoot: tree.root(),
      leafCount: tree.leafCount,
      account: prove(accountKey(address)),
      slots: slots.map((slot) => prove(storageKey(address, BigInt(slot)))),
    };
  }

  /** Values are hashed when they are asked for: of a key that many transactions change, only the last one is. */
  *#changes(changes: ChangeSet, keys: KeyCache, codeOf: CodeOf): Generator<StateChange> {
    const committed = (account: AccountState | undefined): CommittedAccount =>
      this.#committed(account, codeOf);
    for (const [address, account] of changes.accounts)
      yield {
        key: keys.account(address),
        isEmpty: account === undefined,
        get valueHash() {
          return accountValueHash(committed(account));
        },
      };
    for (const [address, slots] of changes.storage)
      for (const [slot, value] of slots)
        yield {
          key: keys.slot(address, slot),
          isEmpty: value.length === 0,
          get valueHash() {
            return storageValueHash(bytesToBigInt(value));
          },
        };
  }

  /** A leaf that is in the tree needs its value: of an account that is gone, the empty one; of a cleared slot, zero. */
  #witness(
    tree: IndexedTree,
    receiptsHead: Field,
    state: StateReader,
    { accounts, slots, codes }: Accesses,
    keys: KeyCache,
  ): StoredWitness {
    const codeOf = (codeHash: Uint8Array): Uint8Array => state.code(codeHash);
    const slotList = [...slots].flatMap(([address, of]) =>
      [...of].map((slot) => ({ address, slot, key: keys.slot(address, slot) })),
    );
    const accountList = [...accounts].map((address) => ({ address, key: keys.account(address) }));
    const present = <T extends { key: Field }>(items: T[]): T[] =>
      items.filter(({ key }) => tree.locate(key).present);
    const values = encodeWitnessValues({
      tree: collectWitness(
        tree,
        receiptsHead,
        [...accountList, ...slotList].map(({ key }) => key),
      ),
      accounts: present(accountList).map(({ address }) => ({
        address,
        account: this.#committed(state.account(address), codeOf),
      })),
      slots: present(slotList).map(({ address, slot }) => ({
        address,
        slot: BigInt(slot),
        value: bytesToBigInt(state.storage(address, slot)),
      })),
    });
    return { values, codeHashes: [...codes] };
  }

  #committed(account: AccountState | undefined, codeOf: CodeOf): CommittedAccount {
    if (!account) return NO_ACCOUNT;
    const { nonce, balance, codeHash, codeSize } = account;
    if (codeSize === 0) return { ...NO_ACCOUNT, nonce, balance };
    return {
      nonce,
      balance,
      codeHash: bytesToBigInt(codeHash),
      codeSize: BigInt(codeSize),
      codeCommitment: this.#commitment(codeHash, codeSize, codeOf),
    };
  }

  #commitment(codeHash: Uint8Array, codeSize: number, codeOf: CodeOf): Field {
    const known = this.#commitments.get(toHex(codeHash));
    if (known !== undefined) return known;
    const code = codeOf(codeHash);
    // A wrong commitment would be a state root that nobody else reaches.
    if (code.length !== codeSize)
      throw new StackError(
        { code: "CODE_MISSING", codeHash: toHex(codeHash), expected: codeSize, actual: code.length },
        "fatal",
      );
    const commitment = codeCommitment(code);
    this.#commitments.set(toHex(codeHash), commitment);
    return commitment;
  }
}
