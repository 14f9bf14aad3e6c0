/** A small chain of transfers, executed natively here and nowhere else: what the circuit is compared with. */
import { Wallet, type TransactionLike } from "ethers";
import { type Address, parseAddress } from "../../../protocol/address.ts";
import type { BlockData } from "../../../protocol/block.ts";
import { genesisParentHash } from "../../../protocol/block.ts";
import { GENESIS_BASE_FEE } from "../../../protocol/constants.ts";
import { type AccountState, EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { accountChange, changeState } from "../../../protocol/state/changes.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import { accountKey } from "../../../protocol/state/keys.ts";
import { NO_RECEIPTS, receiptsHeadAfter } from "../../../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { collectWitness } from "../../../protocol/state/treeWitness.ts";
import type { StateWitness } from "../../../protocol/state/witness.ts";
import { baseFeeAfter, type ChainTip, tipAfter } from "../../../protocol/tip.ts";
import type { ProvenBlock, TransfersInput } from "../../../circuits/programs/transfers/plan.ts";

export const CHAIN_ID = 901n;
export const GAS_LIMIT = 30_000_000n;
export const MINER: Address = "0x00000000000000000000000000000000000fee00";

export const wallet = (i: number): Wallet => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`);
export const addressOf = (i: number): Address => parseAddress(wallet(i).address);

export type DemoTransfer = Omit<Partial<TransactionLike>, "from" | "to" | "value"> & {
  readonly from: number;
  readonly to: string;
  readonly value: bigint;
};
export type DemoBlock = {
  readonly transfers: readonly DemoTransfer[];
  readonly seconds?: bigint;
  readonly feeRecipient?: Address;
};

/** The chain's state, and its tip; `seal` makes the next block of transfers that are valid. */
export class DemoChain {
  readonly tree = new IndexedTree(new MemoryTreeStore());
  readonly accounts = new Map<Address, AccountState>();
  receiptsHead = NO_RECEIPTS;
  readonly gasLimit: bigint;
  readonly chainId: bigint;
  tip: ChainTip;

  constructor(rich = 6, { chainId = CHAIN_ID, gasLimit = GAS_LIMIT } = {}) {
    this.chainId = chainId;
    this.gasLimit = gasLimit;
    for (let i = 0; i < rich; i++) this.accounts.set(addressOf(i), { ...EMPTY_ACCOUNT, balance: 10n ** 20n });
    changeState(this.tree, [[...this.accounts].map(([address, account]) => accountChange(address, account))]);
    const stateRoot = this.stateRoot();
    this.tip = {
      stateRoot,
      dataHash: genesisParentHash(chainId, stateRoot),
      blockNumber: 0n,
      timestamp: 1_700_000_000n,
      baseFee: GENESIS_BASE_FEE,
      gasUsed: 0n,
    };
  }

  stateRoot = (): bigint => this.tree.stateRoot(this.receiptsHead);
  account = (address: Address): AccountState => this.accounts.get(address) ?? EMPTY_ACCOUNT;

  /** Signs; fields not given are those of a sensible wallet. */
  async sign(transfer: DemoTransfer, nonce: bigint, baseFee: bigint): Promise<Uint8Array> {
    const { from, ...fields } = transfer;
    const type = fields.type ?? 2;
    const fees =
      type === 2 ? { maxFeePerGas: 2n * baseFee, maxPriorityFeePerGas: 3n } : { gasPrice: baseFee + 7n };
    const common = { type, chainId: this.chainId, nonce: Number(nonce), gasLimit: 21_000n };
    const extra = type === 0 ? {} : { accessList: [] };
    const raw = await wallet(from).signTransaction({ ...common, ...fees, ...extra, ...fields });
    return Uint8Array.from(Buffer.from(raw.slice(2), "hex"));
  }

  /** Executes and appends a block; gives what the prover gets. */
  async seal({ transfers, seconds = 1n, feeRecipient = MINER }: DemoBlock): Promise<ProvenBlock> {
    const baseFeePerGas = baseFeeAfter(this.tip, this.gasLimit);
    // All accounts, so that a lying planner finds whatever it lies about.
    const touched = new Set<Address>([feeRecipient, ...this.accounts.keys()]);
    for (const { from, to } of transfers) touched.add(addressOf(from)).add(parseAddress(to));
    const state = this.witness([...touched]);
    const raws: Uint8Array[] = [];
    const changes = [];
    for (const transfer of transfers) {
      const raw = await this.sign(transfer, this.account(addressOf(transfer.from)).nonce, baseFeePerGas);
      raws.push(raw);
      changes.push(this.#execute(transfer, feeRecipient, baseFeePerGas));
    }
    changeState(this.tree, changes);
    const number = this.tip.blockNumber + 1n;
    const receipts = transfers.map(() => ({ status: 1, gasUsed: 21_000n, logs: [] }) as const);
    this.receiptsHead = receiptsHeadAfter(this.receiptsHead, number, receipts);
    const data: BlockData = {
      number,
      timestamp: this.tip.timestamp + seconds,
      feeRecipient,
      gasLimit: this.gasLimit,
      baseFeePerGas,
      transactions: raws,
    };
    const gasUsed = 21_000n * BigInt(raws.length);
    this.tip = tipAfter(this.tip, data, { stateRoot: this.stateRoot(), gasUsed });
    return { data, state };
  }

  async input(blocks: readonly DemoBlock[]): Promise<TransfersInput> {
    const previous = this.tip;
    const sealed: ProvenBlock[] = [];
    for (const block of blocks) sealed.push(await this.seal(block));
    return { chainId: this.chainId, gasLimit: this.gasLimit, previous, blocks: sealed };
  }

  witness(addresses: readonly Address[]): StateWitness {
    const present = addresses.filter((address) => this.accounts.has(address));
    return {
      tree: collectWitness(this.tree, this.receiptsHead, addresses.map(accountKey)),
      accounts: present.map((address) => ({ address, account: this.account(address) })),
      slots: [],
      codes: [],
    };
  }

  #execute({ from, to, value, ...fields }: DemoTransfer, miner: Address, baseFee: bigint) {
    const type = fields.type ?? 2;
    const price = BigInt(fields.gasPrice ?? baseFee + 7n);
    const maxFee = type === 2 ? BigInt(fields.maxFeePerGas ?? 2n * baseFee) : price;
    const wanted = type === 2 ? BigInt(fields.maxPriorityFeePerGas ?? 3n) : price;
    const tip = wanted < maxFee - baseFee ? wanted : maxFee - baseFee;
    const touched = [addressOf(from), parseAddress(to), miner];
    this.#change(addressOf(from), -value - 21_000n * (baseFee + tip), 1n);
    this.#change(parseAddress(to), value);
    this.#change(miner, 21_000n * tip);
    return touched
      .filter((address) => this.accounts.has(address))
      .map((address) => accountChange(address, this.account(address)));
  }

  #change(address: Address, amount: bigint, nonce = 0n): void {
    const before = this.account(address);
    if (amount === 0n && nonce === 0n) return;
    this.accounts.set(address, {
      ...before,
      // An invalid transfer makes no state: what follows from it must only have an encoding.
      balance: BigInt.asUintN(256, before.balance + amount),
      nonce: before.nonce + nonce,
    });
  }
}
