/** A chain that executes natively, block by block, and gives the input of a proof of any of its chunks. */
import { type TransactionLike, Wallet } from "ethers";
import { type Address, parseAddress } from "../../protocol/address.ts";
import { type BlockData, genesisParentHash } from "../../protocol/block.ts";
import { GENESIS_BASE_FEE } from "../../protocol/constants.ts";
import type { StateReader } from "../../protocol/evm/machine/stateReader.ts";
import { addressText } from "../../protocol/evm/machine/transactionError.ts";
import type { AncestorHash, ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../protocol/evm/plan/chunkTraces.ts";
import { executeBlock } from "../../protocol/evm/machine/executeBlock.ts";
import { stateChangesOf } from "../../protocol/evm/machine/stateChanges.ts";
import { EMPTY_ACCOUNT } from "../../protocol/state/account.ts";
import { accountChange, changeState, storageChange } from "../../protocol/state/changes.ts";
import { IndexedTree } from "../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../protocol/state/keys.ts";
import { NO_RECEIPTS } from "../../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../../protocol/state/treeStore.ts";
import { collectWitness } from "../../protocol/state/treeWitness.ts";
import { baseFeeAfter, type ChainTip } from "../../protocol/tip.ts";
import { type Allocation, MemoryState } from "../protocol/evm/machine/memoryState.ts";

export const CHAIN_ID = 901n;
export const GAS_LIMIT = 30_000_000n;
export const FEE_RECIPIENT: Address = "0x00000000000000000000000000000000000fee00";
const RICH = 10n ** 24n;

export const wallet = (i: number): Wallet => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`);
export const addressOf = (i: number): Address => parseAddress(wallet(i).address);

export interface Call extends Omit<TransactionLike, "from"> {
  /** Number of the wallet. */
  readonly from: number;
}

/** What a block asked of the state. */
class RecordingReader implements StateReader {
  readonly accounts = new Set<bigint>();
  readonly slots = new Map<string, { readonly address: bigint; readonly slot: bigint }>();
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
    this.slots.set(`${address} ${slot}`, { address, slot });
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

export class EvmChain {
  readonly state: MemoryState;
  readonly #tree = new IndexedTree(new MemoryTreeStore());
  readonly #nonces = new Map<number, bigint>();
  readonly #hashes = new Map<bigint, bigint>();
  tip: ChainTip;
  #receiptsHead = NO_RECEIPTS;

  /** Wallets 0 to `wallets` - 1 are rich. */
  constructor(wallets = 4, allocation: ReadonlyMap<bigint, Allocation> = new Map()) {
    const all = new Map(allocation);
    for (let i = 0; i < wallets; i++) all.set(BigInt(addressOf(i)), { balance: RICH });
    this.state = new MemoryState(all, (number) => this.#hashes.get(number) ?? 0n);
    changeState(this.#tree, [
      [
        ...[...this.state.accounts].map(([address, account]) => accountChange(addressText(address), account)),
        ...[...this.state.slots].flatMap(([address, slots]) =>
          [...slots].map(([slot, value]) => storageChange(addressText(address), slot, value)),
        ),
      ],
    ]);
    const stateRoot = this.#tree.stateRoot(NO_RECEIPTS);
    const dataHash = genesisParentHash(CHAIN_ID, stateRoot);
    this.tip = { stateRoot, dataHash, blockNumber: 0n, timestamp: 1_700_000_000n, baseFee: GENESIS_BASE_FEE, gasUsed: 0n }; // prettier-ignore
    this.#hashes.set(0n, dataHash);
  }

  /** Executes blocks of calls; what proves them. */
  async chunk(
    blocks: readonly (readonly Call[])[],
    ancestors: readonly AncestorHash[] = [],
  ): Promise<ChunkInput> {
    const recorder = new RecordingReader(this.state);
    const before = { accounts: new Map(this.state.accounts), slots: structuredClone(this.state.slots) };
    const previous = this.tip;
    const made: BlockData[] = [];
    const effects = [];
    // The tips between the blocks need the state only at the end: base fees follow from gas alone.
    let { blockNumber, timestamp, baseFee, gasUsed } = previous;
    for (const calls of blocks) {
      baseFee = baseFeeAfter({ ...previous, baseFee, gasUsed }, GAS_LIMIT);
      const transactions: Uint8Array[] = [];
      for (const call of calls) transactions.push(await this.#sign(call, baseFee));
      const block: BlockData = { number: ++blockNumber, timestamp: ++timestamp, feeRecipient: FEE_RECIPIENT, gasLimit: GAS_LIMIT, baseFeePerGas: baseFee, transactions }; // prettier-ignore
      const trace = executeBlock({ chainId: CHAIN_ID, block }, recorder);
      recorder.account(BigInt(FEE_RECIPIENT));
      for (const { effects: changed } of trace.transactions) {
        this.state.apply(changed);
        effects.push(changed);
        for (const address of changed.accounts.keys()) recorder.accounts.add(address);
      }
      gasUsed = trace.gasUsed;
      made.push(block);
    }
    const input = this.#input(previous, made, recorder, before, ancestors);
    const { next, receiptsHead } = traceChunk(input);
    changeState(this.#tree, effects.map(stateChangesOf)); // prettier-ignore
    this.#receiptsHead = receiptsHead;
    this.tip = next;
    this.#hashes.set(next.blockNumber, next.dataHash);
    return input;
  }

  #input(
    previous: ChainTip,
    blocks: BlockData[],
    { accounts, slots, codes }: RecordingReader,
    before: { accounts: Map<bigint, typeof EMPTY_ACCOUNT>; slots: Map<bigint, Map<bigint, bigint>> },
    ancestors: readonly AncestorHash[],
  ): ChunkInput {
    const touched = [...accounts].map((address) => ({ address, account: before.accounts.get(address) }));
    const keys = [
      ...touched.map(({ address }) => accountKey(addressText(address))),
      ...[...slots.values()].map(({ address, slot }) => storageKey(addressText(address), slot)),
    ];
    const present = (key: bigint): boolean => this.#tree.locate(key).present;
    return {
      chainId: CHAIN_ID,
      gasLimit: GAS_LIMIT,
      previous,
      blocks,
      ancestors,
      state: {
        tree: collectWitness(this.#tree, this.#receiptsHead, keys),
        accounts: touched.flatMap(({ address, account }) =>
          present(accountKey(addressText(address)))
            ? [{ address: addressText(address), account: account ?? EMPTY_ACCOUNT }]
            : [],
        ),
        slots: [...slots.values()].flatMap(({ address, slot }) =>
          present(storageKey(addressText(address), slot))
            ? [{ address: addressText(address), slot, value: before.slots.get(address)?.get(slot) ?? 0n }]
            : [],
        ),
        // Codes that the chunk itself creates are not of the state before.
        codes: [...codes].flatMap(([hash, code]) =>
          touched.some(({ account }) => account?.codeHash === hash) ? [code] : [],
        ),
      },
    };
  }

  async #sign({ from, ...fields }: Call, baseFee: bigint): Promise<Uint8Array> {
    const nonce = this.#nonces.get(from) ?? 0n;
    this.#nonces.set(from, nonce + 1n);
    const type = fields.type ?? 2;
    const fees =
      type === 2 ? { maxFeePerGas: 2n * baseFee, maxPriorityFeePerGas: 3n } : { gasPrice: baseFee + 7n };
    const extra = type === 0 ? {} : { accessList: [] };
    const raw = await wallet(from).signTransaction({ type, chainId: CHAIN_ID, nonce: Number(nonce), gasLimit: 500_000n, value: 0n, ...fees, ...extra, ...fields }); // prettier-ignore
    return Uint8Array.from(Buffer.from(raw.slice(2), "hex"));
  }
}
