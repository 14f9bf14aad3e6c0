/** Blocks of transactions of every kind, and the circuit that reads them, alone: executor and Keccak pool are the test's. */
import { type TransactionLike, Wallet } from "ethers";
import { type BlockData, nextBaseFee } from "../../../../protocol/block.ts";
import { Domain } from "../../../../protocol/domains.ts";
import { hash } from "../../../../protocol/hash.ts";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { witnessU64 } from "../../../../circuits/builder/ranges.ts";
import type { U64, Wire, Word } from "../../../../circuits/builder/wire.ts";
import { assertGasUsed } from "../../../../circuits/programs/evm/blocks/blockGas.ts";
import { type Blocks, chainBlocks } from "../../../../circuits/programs/evm/blocks/blocks.ts";
import type { TransactionsParameters } from "../../../../protocol/evm/transactionsUse.ts";
import {
  type ExecutedBlock,
  planTransactions,
  type TransactionsPlan,
} from "../../../../circuits/programs/evm/transactions/plan.ts";
import { assertSignatures } from "../../../../circuits/programs/evm/signatures.ts";
import {
  readTransactions,
  type Transactions,
} from "../../../../circuits/programs/evm/transactions/transactions.ts";
import {
  type ChainValues,
  publishStatement,
  witnessChain,
} from "../../../../circuits/programs/evm/chainStatement.ts";
import { unhex } from "../../gadgets/buildGadget.ts";
import { type Lie, LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { exposeAll } from "./exposed.ts";
import { oracle } from "./oracle.ts";

export const CHAIN_ID = 901n;
export const PARAMETERS: TransactionsParameters = {
  blocks: 3,
  ancestors: 2,
  transactions: 4,
  streamBytes: 1_600,
  hashRows: 24,
  dataWords: 12,
  payloadWords: 44,
  accessEntries: 10,
};
export const MINER = `0x${"fe".repeat(20)}` as const;
const GAS_LIMIT = 30_000_000n;

/** An ancestor of the previous block, then it: what their hashes are made of. */
export const ANCESTORS = { oldest: 77n, digests: [5n, 6n, 7n] };

export const previousHashes = (): readonly bigint[] => {
  const hashes = [ANCESTORS.oldest];
  for (const digest of ANCESTORS.digests) hashes.push(hash(Domain.BLOCK, [hashes.at(-1)!, digest]));
  return hashes;
};

export const chainValues = (): ChainValues => ({
  chainId: CHAIN_ID,
  gasLimit: GAS_LIMIT,
  previous: {
    stateRoot: 1n,
    dataHash: previousHashes().at(-1)!,
    blockNumber: 41n,
    timestamp: 1_000n,
    baseFee: 1_000_000_000n,
    gasUsed: 15_000_000n,
  },
});

export const wallet = (i: number): Wallet => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`);

const PLAIN = { chainId: CHAIN_ID, nonce: 3, gasLimit: 200_000, to: `0x${"ab".repeat(20)}`, value: 5n };
const FEES = {
  0: { gasPrice: 3_000_000_000n },
  1: { gasPrice: 3_000_000_000n, accessList: [] },
  2: { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 2_000_000n, accessList: [] },
};

export const sign = async (type: 0 | 1 | 2, fields: TransactionLike = {}, from = 0): Promise<Uint8Array> =>
  unhex(await wallet(from).signTransaction({ type, ...PLAIN, ...FEES[type], ...fields }));

/** Gas that the test's executor says each transaction used. */
export const gasOf = (i: number): bigint => 50_000n + BigInt(i);

/** Blocks with these transactions, following `chainValues()`. */
export function sampleBlocks(transactions: readonly (readonly Uint8Array[])[]): ExecutedBlock[] {
  const { gasLimit, previous } = chainValues();
  let parent = { ...previous, gasLimit };
  let place = 0;
  return transactions.map((raws) => {
    const data: BlockData = {
      number: parent.blockNumber + 1n,
      timestamp: parent.timestamp + 2n,
      feeRecipient: MINER,
      gasLimit,
      baseFeePerGas: nextBaseFee(parent),
      transactions: raws,
    };
    const gasUsed = raws.reduce((sum) => sum + gasOf(place++), 0n);
    parent = {
      ...parent,
      blockNumber: data.number,
      timestamp: data.timestamp,
      baseFee: data.baseFeePerGas,
      gasUsed,
    };
    return { data, gasUsed };
  });
}

export interface Sample extends Built {
  readonly blocks: Blocks;
  readonly transactions: Transactions;
  readonly value: (wire: Wire) => bigint;
  readonly word: (word: Word) => bigint;
  readonly broken: (limit?: number) => string[];
}

export interface SampleOptions {
  readonly parameters?: TransactionsParameters;
  readonly lies?: Readonly<Record<string, Lie>>;
  readonly plan?: (honest: TransactionsPlan) => TransactionsPlan;
  readonly chain?: (honest: ChainValues) => ChainValues;
  /** Keccak-256: a claim by default. */
  readonly digests?: typeof oracle;
  readonly signers?: boolean;
  readonly exposed?: boolean;
}

export const samplePlan = (transactions: readonly (readonly Uint8Array[])[]): TransactionsPlan => {
  const [oldest, middle] = [previousHashes()[2]!, previousHashes()[1]!];
  const ancestors = [
    { parentHash: oldest, digest: ANCESTORS.digests[2]! },
    { parentHash: middle, digest: ANCESTORS.digests[1]! },
  ];
  return planTransactions(sampleBlocks(transactions), ancestors);
};

/** The circuit of the first half of `evm`, with a plan or in mode `shape`. */
export function buildSample(plan: TransactionsPlan | null, options: SampleOptions = {}): Sample {
  const { parameters = PARAMETERS, lies = {}, digests = oracle, signers = true, exposed = false } = options;
  const b = plan === null ? new Builder("shape") : new LyingBuilder(lies);
  const given = (): TransactionsPlan => (options.plan ?? ((honest) => honest))(plan!);
  const values = (): ChainValues => (options.chain ?? ((honest) => honest))(chainValues());
  const chain = witnessChain(b, values);
  const blocks = chainBlocks(b, chain, parameters.blocks, (i) => given().blocks[i]);
  const transactions = readTransactions(b, parameters, chain, blocks, given, digests(b, given));
  const gasUsed = transactions.places.map((_, i): U64 =>
    witnessU64(b, `executor.gasUsed[${i}]`, () => gasOf(i)),
  );
  assertGasUsed(b, chain.gasLimit, blocks, transactions.places, gasUsed);
  const claims = { signers: transactions.places, recovered: [] };
  if (signers) assertSignatures(b, chain, transactions.blockHashes.dataHash, claims);
  const { dataHash } = transactions.blockHashes;
  publishStatement(b, chain, { ...blocks.last, dataHash, stateRoot: chain.previous.stateRoot });
  if (exposed) exposeAll(b, blocks, transactions);
  const built = b.finish();
  const value = (wire: Wire): bigint => built.witness[wire.index]!;
  const word = ({ hi, lo }: Word): bigint => (value(hi) << 128n) + value(lo);
  const broken = (limit = 1_000): string[] =>
    check(built.circuit, built.witness, limit).broken.map(({ name }) => name);
  return { ...built, blocks, transactions, value, word, broken };
}
