/** A chain of ordinary transactions on which chunks are planned and proven; executed by the native machine. */
import { getCreateAddress, type TransactionLike, Wallet } from "ethers";
import { type Address, parseAddress } from "../../../../protocol/address.ts";
import { type BlockData, genesisParentHash } from "../../../../protocol/block.ts";
import { GENESIS_BASE_FEE } from "../../../../protocol/constants.ts";
import { Domain } from "../../../../protocol/domains.ts";
import { hash } from "../../../../protocol/hash.ts";
import {
  type Capacities,
  type Capacity,
  CHIP_FACTS,
  type Profile,
  TABLES,
} from "../../../../protocol/evm/capacities.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { AncestorHash, ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../../../protocol/evm/plan/chunkTraces.ts";
import { type AccountState, EMPTY_ACCOUNT } from "../../../../protocol/state/account.ts";
import { accountChange, changeState, storageChange } from "../../../../protocol/state/changes.ts";
import { codeIdentity } from "../../../../protocol/state/code.ts";
import { IndexedTree } from "../../../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../../../protocol/state/keys.ts";
import { NO_RECEIPTS } from "../../../../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../../../../protocol/state/treeStore.ts";
import { collectWitness } from "../../../../protocol/state/treeWitness.ts";
import { baseFeeAfter, type ChainTip } from "../../../../protocol/tip.ts";

export const CHAIN_ID = 901n;
export const GAS_LIMIT = 30_000_000n;
export const MINER: Address = "0x00000000000000000000000000000000000fee00";

export const wallet = (i: number): Wallet => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`);
export const addressOf = (i: number): Address => parseAddress(wallet(i).address);
/** An address with nothing there. */
export const nobody = (i: number): Address =>
  parseAddress(`0x${(0xdead00 + i).toString(16).padStart(40, "0")}`);

export interface DemoTransaction extends Omit<TransactionLike, "from" | "value"> {
  /** Number of the wallet. */
  readonly from: number;
  readonly value?: bigint;
}

export interface DemoBlock {
  readonly transactions: readonly DemoTransaction[];
  readonly seconds?: bigint;
  readonly feeRecipient?: Address;
}

/** The account that a wallet's transaction with this nonce makes. */
export const createdBy = (i: number, nonce: number): Address =>
  parseAddress(getCreateAddress({ from: wallet(i).address, nonce }));

/** Opcodes by name, numbers as they are. */
export const assemble = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts, (part) => (typeof part === "number" ? part : OPCODE[part]!));

export interface Genesis {
  readonly contracts?: Readonly<Record<Address, Uint8Array>>;
  readonly slots?: readonly { readonly address: Address; readonly slot: bigint; readonly value: bigint }[];
  readonly balances?: Readonly<Record<Address, bigint>>;
  /** Blocks before the previous one whose hashes may be asked for. */
  readonly ancestors?: number;
}

/** Ancestors, the previous block first: each hash is made of the one before. */
function ancestorsOf(oldest: bigint, count: number): { hash: bigint; ancestors: AncestorHash[] } {
  const ancestors: AncestorHash[] = [];
  let parentHash = oldest;
  for (let i = 0; i < count; i++) {
    ancestors.unshift({ parentHash, digest: BigInt(100 + i) });
    parentHash = hash(Domain.BLOCK, [parentHash, BigInt(100 + i)]);
  }
  return { hash: parentHash, ancestors };
}

/** Wallets 0 to 3 are rich; the previous tip is block 7. */
export async function chunkOf(blocks: readonly DemoBlock[], genesis: Genesis = {}): Promise<ChunkInput> {
  const accounts = new Map<Address, AccountState>();
  for (let i = 0; i < 4; i++) accounts.set(addressOf(i), { ...EMPTY_ACCOUNT, balance: 10n ** 20n });
  for (const [address, balance] of Object.entries(genesis.balances ?? {}))
    accounts.set(address as Address, { ...EMPTY_ACCOUNT, balance });
  const codes = Object.values(genesis.contracts ?? {});
  for (const [address, code] of Object.entries(genesis.contracts ?? {}))
    accounts.set(address as Address, { ...EMPTY_ACCOUNT, nonce: 1n, balance: 1_000n, ...codeIdentity(code) });
  const slots = genesis.slots ?? [];
  const tree = new IndexedTree(new MemoryTreeStore());
  changeState(tree, [[...[...accounts].map(([address, account]) => accountChange(address, account)), ...slots.map(({ address, slot, value }) => storageChange(address, slot, value))]]); // prettier-ignore
  const stateRoot = tree.stateRoot(NO_RECEIPTS);
  const { hash: dataHash, ancestors } = ancestorsOf(
    genesisParentHash(CHAIN_ID, stateRoot),
    genesis.ancestors ?? 0,
  );
  const previous: ChainTip = {
    stateRoot,
    dataHash,
    blockNumber: 7n,
    timestamp: 1_700_000_000n,
    baseFee: GENESIS_BASE_FEE,
    gasUsed: 0n,
  };
  const keys = keysOf(blocks, [...accounts.keys()], slots);
  const state = {
    tree: collectWitness(tree, NO_RECEIPTS, keys),
    accounts: [...accounts].map(([address, account]) => ({ address, account })),
    slots,
    codes,
  };
  const base = { chainId: CHAIN_ID, gasLimit: GAS_LIMIT, previous, state, ancestors };
  return { ...base, blocks: await sealed(base, blocks, accounts) };
}

/** Every key that the blocks may touch. */
function keysOf(
  blocks: readonly DemoBlock[],
  known: readonly Address[],
  slots: NonNullable<Genesis["slots"]>,
): bigint[] {
  const addresses = new Set<Address>([...known, MINER]);
  for (let i = 1; i < 10; i++) addresses.add(parseAddress(`0x${i.toString(16).padStart(40, "0")}`));
  const created = [0, 1].flatMap((i) => [0, 1].map((nonce) => createdBy(i, nonce)));
  for (const address of [...created, ...[0, 1, 2, 3].map(nobody)]) addresses.add(address);
  const keys = new Set<bigint>();
  for (const { address, slot } of slots) keys.add(storageKey(address, slot));
  for (const { transactions, feeRecipient } of blocks) {
    if (feeRecipient !== undefined) addresses.add(feeRecipient);
    for (const { to, accessList } of transactions) {
      if (to) addresses.add(parseAddress(String(to)));
      for (const { address, storageKeys } of (accessList ?? []) as {
        address: string;
        storageKeys: string[];
      }[]) {
        addresses.add(parseAddress(address));
        for (const slot of storageKeys) keys.add(storageKey(parseAddress(address), BigInt(slot)));
      }
    }
    for (const address of [...known, ...created])
      for (let slot = 0n; slot < 4n; slot++) keys.add(storageKey(address, slot));
  }
  for (const address of addresses) keys.add(accountKey(address));
  return [...keys];
}

async function sealed(
  base: Omit<ChunkInput, "blocks">,
  blocks: readonly DemoBlock[],
  accounts: ReadonlyMap<Address, AccountState>,
): Promise<BlockData[]> {
  const nonces = new Map<number, bigint>();
  const made: BlockData[] = [];
  let tip = base.previous;
  for (const { transactions, seconds = 1n, feeRecipient = MINER } of blocks) {
    const baseFeePerGas = baseFeeAfter(tip, base.gasLimit);
    const raws: Uint8Array[] = [];
    for (const transaction of transactions) {
      const nonce = nonces.get(transaction.from) ?? accounts.get(addressOf(transaction.from))?.nonce ?? 0n;
      nonces.set(transaction.from, nonce + 1n);
      raws.push(await sign(transaction, nonce, baseFeePerGas));
    }
    made.push({ number: tip.blockNumber + 1n, timestamp: tip.timestamp + seconds, feeRecipient, gasLimit: base.gasLimit, baseFeePerGas, transactions: raws }); // prettier-ignore
    tip = traceChunk({ ...base, blocks: made }).next;
  }
  return made;
}

async function sign(
  { from, ...fields }: DemoTransaction,
  nonce: bigint,
  baseFee: bigint,
): Promise<Uint8Array> {
  const type = fields.type ?? 2;
  const fees =
    type === 2 ? { maxFeePerGas: 2n * baseFee, maxPriorityFeePerGas: 3n } : { gasPrice: baseFee + 7n };
  const extra = type === 0 ? {} : { accessList: [] };
  const raw = await wallet(from).signTransaction({ type, chainId: CHAIN_ID, nonce: Number(nonce), gasLimit: 21_000n, value: 0n, ...fees, ...extra, ...fields }); // prettier-ignore
  return Uint8Array.from(Buffer.from(raw.slice(2), "hex"));
}

const SMALL: Partial<Record<Capacity, number>> = {
  rows: 40,
  stack: 64,
  blocks: 2,
  ancestors: 1,
  transactions: 2,
  streamBytes: 420,
  hashRows: 10,
  payloadWords: 14,
  dataWords: 2,
  accessEntries: 4,
  literals: 48,
  pushes: 6,
  codeRows: 4,
  codes: 2,
  frames: 2,
  environment: 16,
  answers: 4,
  accountOps: 5,
  storageOps: 2,
  memoryCells: 16,
  memoryAccesses: 2,
  copies: 1,
  keccaks: 1,
  logs: 1,
  joins: 1,
  merges: 1,
  memoryOps: 1,
  copyWords: 1,
  messages: 1,
  messageWords: 1,
  keccakJobs: 4,
  keccakWords: 20,
  keccakBlocks: 5,
  accounts: 9,
  slots: 4,
  stateAccesses: 70,
  treeReads: 4,
  treeWrites: 10,
  treeInsertions: 4,
  treeAbsences: 6,
};

export const profileOf = (own: Partial<Record<Capacity, number>> = {}): Profile => {
  const all = [...(Object.keys(CHIP_FACTS) as Capacity[]), ...TABLES];
  const capacities = Object.fromEntries(
    all.map((name) => [name, own[name] ?? SMALL[name] ?? 0]),
  ) as Capacities;
  return { name: "test", treeHeight: 5, capacities };
};
