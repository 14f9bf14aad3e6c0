/** Executes blocks natively on a whole state, and gives what a proof of them takes and what it must come to. */
import { Wallet } from "ethers";
import { fromHex, type Hex } from "../../../../agents/kit/hex.ts";
import { type Address, parseAddress } from "../../../../protocol/address.ts";
import { type BlockData, encodeBlock, genesisParentHash } from "../../../../protocol/block.ts";
import { GENESIS_BASE_FEE } from "../../../../protocol/constants.ts";
import { executeBlock } from "../../../../protocol/evm/machine/executeBlock.ts";
import { stateChangesOf } from "../../../../protocol/evm/machine/stateChanges.ts";
import type { StateReader } from "../../../../protocol/evm/machine/stateReader.ts";
import type { BlockTrace } from "../../../../protocol/evm/machine/trace.ts";
import { addressText } from "../../../../protocol/evm/machine/transactionError.ts";
import type { AncestorHash, ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { hashBytes } from "../../../../protocol/hash.ts";
import { EMPTY_ACCOUNT } from "../../../../protocol/state/account.ts";
import {
  accountChange,
  changeState,
  type StateChange,
  storageChange,
} from "../../../../protocol/state/changes.ts";
import { IndexedTree } from "../../../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../../../protocol/state/keys.ts";
import { commitLog, NO_RECEIPTS, nextReceiptsHead } from "../../../../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../../../../protocol/state/treeStore.ts";
import { collectWitness } from "../../../../protocol/state/treeWitness.ts";
import { baseFeeAfter, type ChainTip, tipAfter } from "../../../../protocol/tip.ts";
import { type Allocation, MemoryState } from "../../../protocol/evm/machine/memoryState.ts";
import type { FuzzBlock, FuzzContract, FuzzTransaction } from "./fuzzCase.ts";

export const CHAIN_ID = 901n;
export const GAS_LIMIT = 30_000_000n;
export const WALLETS = 5;
const RICH = 10n ** 24n;

const wallet = (i: number): Wallet => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`);
export const walletAddress = (i: number): Address => parseAddress(wallet(i).address);

export interface Executed {
  readonly input: ChunkInput;
  readonly traces: readonly BlockTrace[];
  /** Its state root commits to the receipts too. */
  readonly next: ChainTip;
}

export class FuzzChain {
  readonly #state: MemoryState;
  readonly #hashes = new Map<bigint, bigint>();
  /** All changes since the genesis, and the tree with all of them. */
  readonly #changes: StateChange[][] = [];
  readonly #tree = new IndexedTree(new MemoryTreeStore());
  readonly #nonces = new Map<number, bigint>();
  readonly #ancestors: AncestorHash[] = [];
  #receiptsHead = NO_RECEIPTS;
  #tip: ChainTip;

  constructor(contracts: readonly FuzzContract[]) {
    const allocation = new Map<bigint, Allocation>();
    for (let i = 0; i < WALLETS; i++) allocation.set(BigInt(walletAddress(i)), { balance: RICH });
    for (const { address, code, balance, nonce, storage } of contracts)
      allocation.set(BigInt(address), { balance, nonce, code: fromHex(code), storage: new Map(storage) });
    this.#state = new MemoryState(allocation, (number) => this.#hashes.get(number) ?? 0n);
    const genesis = [...this.#state.accounts].map(([address, account]) =>
      accountChange(addressText(address), account),
    );
    for (const [address, slots] of this.#state.slots)
      for (const [slot, value] of slots) genesis.push(storageChange(addressText(address), slot, value));
    this.#change([genesis]);
    const stateRoot = this.#tree.stateRoot(NO_RECEIPTS);
    const dataHash = genesisParentHash(CHAIN_ID, stateRoot);
    this.#tip = { stateRoot, dataHash, blockNumber: 0n, timestamp: 1_700_000_000n, baseFee: GENESIS_BASE_FEE, gasUsed: 0n }; // prettier-ignore
    this.#hashes.set(0n, dataHash);
  }

  /** Throws what `executeBlock` throws. */
  async execute(blocks: readonly FuzzBlock[]): Promise<Executed> {
    const previous = this.#tip;
    const before = {
      accounts: new Map(this.#state.accounts),
      slots: structuredClone(this.#state.slots),
      changes: this.#changes.length,
      ancestors: this.#ancestors.toReversed(),
      receiptsHead: this.#receiptsHead,
    };
    const seen = new RecordingReader(this.#state);
    const made: BlockData[] = [];
    const traces: BlockTrace[] = [];
    for (const block of blocks) {
      const data = await this.#seal(block);
      made.push(data);
      traces.push(this.#executeBlock(data, seen));
    }
    const tree = this.#treeAfter(before.changes);
    const isPresent = (key: bigint): boolean => tree.locate(key).present;
    const accounts = [...seen.accounts].map((address) => ({ address: addressText(address), account: before.accounts.get(address) ?? EMPTY_ACCOUNT })); // prettier-ignore
    const slots = [...seen.slots].flatMap(
      ([address, some]) =>
      [...some].map((slot) => ({ address: addressText(address), slot, value: before.slots.get(address)?.get(slot) ?? 0n })), // prettier-ignore
    );
    const keys = [...accounts.map(({ address }) => accountKey(address)), ...slots.map(({ address, slot }) => storageKey(address, slot))]; // prettier-ignore
    const hashes = new Set(accounts.map(({ account }) => account.codeHash));
    const input: ChunkInput = {
      chainId: CHAIN_ID,
      gasLimit: GAS_LIMIT,
      previous,
      blocks: made,
      ancestors: before.ancestors,
      state: {
        tree: collectWitness(tree, before.receiptsHead, keys),
        accounts: accounts.filter(({ address }) => isPresent(accountKey(address))),
        slots: slots.filter(({ address, slot }) => isPresent(storageKey(address, slot))),
        codes: [...seen.codes].flatMap(([hash, code]) => (hashes.has(hash) ? [code] : [])),
      },
    };
    return { input, traces, next: this.#tip };
  }

  #executeBlock(block: BlockData, seen: RecordingReader): BlockTrace {
    const trace = executeBlock({ chainId: CHAIN_ID, block }, seen);
    seen.account(BigInt(block.feeRecipient));
    for (const { effects, status, gasUsed, logs } of trace.transactions) {
      this.#state.apply(effects);
      this.#change([stateChangesOf(effects)]);
      for (const address of effects.accounts.keys()) seen.account(address);
      for (const [address, slots] of effects.slots)
        for (const slot of slots.keys()) seen.storage(address, slot);
      const committed = logs.map(({ address, topics, data }) => commitLog({ address: addressText(address), topics }, data)); // prettier-ignore
      this.#receiptsHead = nextReceiptsHead(this.#receiptsHead, block.number, { status, gasUsed, logs: committed }); // prettier-ignore
    }
    this.#ancestors.push({ parentHash: this.#tip.dataHash, digest: hashBytes(encodeBlock(block)) });
    const stateRoot = this.#tree.stateRoot(this.#receiptsHead);
    this.#tip = tipAfter(this.#tip, block, { stateRoot, gasUsed: trace.gasUsed });
    this.#hashes.set(block.number, this.#tip.dataHash);
    return trace;
  }

  #change(transactions: Iterable<StateChange>[]): void {
    const lists = transactions.map((changes) => [...changes]);
    this.#changes.push(...lists);
    changeState(this.#tree, lists);
  }

  /** After the first `count` lists of changes. */
  #treeAfter(count: number): IndexedTree {
    const tree = new IndexedTree(new MemoryTreeStore());
    for (const changes of this.#changes.slice(0, count)) changeState(tree, [changes]);
    tree.stateRoot(NO_RECEIPTS);
    return tree;
  }

  async #seal({ seconds, feeRecipient, transactions }: FuzzBlock): Promise<BlockData> {
    const baseFeePerGas = baseFeeAfter(this.#tip, GAS_LIMIT);
    const raws: Uint8Array[] = [];
    for (const transaction of transactions) raws.push(await this.#sign(transaction, baseFeePerGas));
    return {
      number: this.#tip.blockNumber + 1n,
      timestamp: this.#tip.timestamp + seconds,
      feeRecipient: parseAddress(feeRecipient),
      gasLimit: GAS_LIMIT,
      baseFeePerGas,
      transactions: raws,
    };
  }

  async #sign({ from, type, accessList, ...fields }: FuzzTransaction, baseFee: bigint): Promise<Uint8Array> {
    const nonce = this.#nonces.get(from) ?? 0n;
    this.#nonces.set(from, nonce + 1n);
    const fees =
      type === 2 ? { maxFeePerGas: 2n * baseFee, maxPriorityFeePerGas: 3n } : { gasPrice: baseFee + 7n };
    const list = type === 0 ? {} : { accessList: accessList.map((entry) => ({ ...entry, storageKeys: [...entry.storageKeys] })) }; // prettier-ignore
    const raw = await wallet(from).signTransaction({ type, chainId: CHAIN_ID, nonce: Number(nonce), ...fields, ...fees, ...list }); // prettier-ignore
    return fromHex(raw as Hex);
  }
}

/** What the blocks ask of the state. */
class RecordingReader implements StateReader {
  readonly accounts = new Set<bigint>();
  readonly slots = new Map<bigint, Set<bigint>>();
  readonly codes = new Map<bigint, Uint8Array>();
  readonly #state: StateReader;

  constructor(state: StateReader) {
    this.#state = state;
  }

  account(address: bigint) {
    this.accounts.add(address);
    return this.#state.account(address);
  }

  storage(address: bigint, slot: bigint): bigint {
    this.account(address);
    this.slots.set(address, (this.slots.get(address) ?? new Set<bigint>()).add(slot));
    return this.#state.storage(address, slot);
  }

  code(codeHash: bigint): Uint8Array {
    const code = this.#state.code(codeHash);
    this.codes.set(codeHash, code);
    return code;
  }

  blockHash(number: bigint): bigint {
    return this.#state.blockHash(number);
  }
}
