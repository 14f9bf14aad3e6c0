/** A part of the state on which accounts are changed, each change written down as the circuit proves it. */
import type { Address } from "../../../protocol/address.ts";
import { type AccountState, accountValueHash } from "../../../protocol/state/account.ts";
import { accountKey } from "../../../protocol/state/keys.ts";
import { type Leaf, leafHash } from "../../../protocol/state/leaf.ts";
import { proveInsert, proveKey, proveUpdate } from "../../../protocol/state/proofs.ts";
import { nextReceiptsHead, type ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import { type StateWitness, WitnessState } from "../../../protocol/state/witness.ts";
import type { CreditHint } from "../../gadgets/creditAccount.ts";
import type { DebitHint } from "../../gadgets/debitAccount.ts";
import type { Replacement } from "../../gadgets/leafReplacements.ts";

const NO_LOW_LEAF = { isAbsent: false, lowKey: 0n, lowValueHash: 0n };

export class StateReplay {
  readonly replacements: Replacement[] = [];
  receiptsHead: bigint;
  readonly #state: WitnessState;
  readonly #accounts = new Map<Address, AccountState>();

  /** Throws what `WitnessState` throws. */
  constructor(witness: StateWitness, stateRoot: bigint) {
    this.#state = new WitnessState(witness, stateRoot);
    this.receiptsHead = this.#state.receiptsHead;
  }

  get leafCount(): number {
    return this.#state.tree.leafCount;
  }

  root = (): bigint => this.#state.tree.root();
  stateRoot = (): bigint => this.#state.tree.stateRoot(this.receiptsHead);

  account = (address: Address): AccountState => this.#accounts.get(address) ?? this.#state.account(address);

  /** The receipt of a transfer in block `blockNumber`. */
  addReceipt(blockNumber: bigint, receipt: ReceiptCommitment): void {
    this.receiptsHead = nextReceiptsHead(this.receiptsHead, blockNumber, receipt);
  }

  /** Throws `TREE_KEY_ABSENT`. */
  debit(address: Address, change: (account: AccountState) => AccountState): DebitHint {
    const before = this.account(address);
    const leaf = this.update(address, change(before));
    return { balance: before.balance, nextKey: leaf.nextKey, nextIndex: BigInt(leaf.nextIndex) };
  }

  credit(address: Address, amount: bigint): CreditHint {
    const before = this.account(address);
    const after = { ...before, balance: before.balance + amount };
    const { nonce, balance } = before;
    if (!this.#state.tree.locate(accountKey(address)).present)
      return amount === 0n ? this.absence(address) : this.insert(address, after);
    const { nextKey, nextIndex } = this.update(address, after);
    return { ...NO_LOW_LEAF, nextKey, nextIndex: BigInt(nextIndex), nonce, balance };
  }

  /** Returns the leaf before. */
  update(address: Address, after: AccountState): Leaf {
    const { index, leaf, siblings, valueHash } = proveUpdate(
      this.#state.tree,
      accountKey(address),
      accountValueHash(wrapped(after)),
    );
    this.#accounts.set(address, after);
    this.#replace(index, leaf, { ...leaf, valueHash }, siblings);
    return leaf;
  }

  insert(address: Address, account: AccountState): CreditHint {
    const key = accountKey(address);
    const { low, index, leaf, siblings } = proveInsert(
      this.#state.tree,
      key,
      accountValueHash(wrapped(account)),
    );
    this.#accounts.set(address, account);
    this.#replace(low.index, low.leaf, { ...low.leaf, nextKey: key, nextIndex: index }, low.siblings);
    this.#replace(index, undefined, leaf, siblings);
    return absentAfter(low.leaf);
  }

  /** The low leaf replaced by itself: the account is not there and is not made. */
  absence(address: Address): CreditHint {
    const { index, leaf, siblings } = proveKey(this.#state.tree, accountKey(address));
    this.#replace(index, leaf, leaf, siblings);
    return absentAfter(leaf);
  }

  #replace(index: number, before: Leaf | undefined, after: Leaf, siblings: readonly bigint[]): void {
    const oldLeaf = before === undefined ? 0n : leafHash(before);
    this.replacements.push({ index: BigInt(index), oldLeaf, newLeaf: leafHash(after), siblings });
  }
}

const absentAfter = ({ key, valueHash, nextKey, nextIndex }: Leaf): CreditHint => ({
  isAbsent: true,
  lowKey: key,
  lowValueHash: valueHash,
  nextKey,
  nextIndex: BigInt(nextIndex),
  nonce: 0n,
  balance: 0n,
});

/** A balance below 0 or above its word is the circuit's to refuse: here it must only have a hash. */
const wrapped = (account: AccountState): AccountState => ({
  ...account,
  balance: BigInt.asUintN(256, account.balance),
  nonce: BigInt.asUintN(64, account.nonce),
});
