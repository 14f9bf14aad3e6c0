/**
 * From the blocks' canonical bytes to decoded, authenticated transactions: the first half of the program `evm`.
 *
 * Proves: `dataHash` is the hash of the last active block; the active places are the transactions of the active blocks, in order,
 *   canonical, for this chain, each signed by its `sender`; what a place and the lists say of them is so. Every transaction covers
 *   its intrinsic gas and the block's base fee.
 * Assumes: `chain` comes from `witnessChain`; `digests` proves what it gives; the caller calls `assertGasUsed` and `assertSignatures`.
 *   What needs the state is the executor's: nonce, balance, a sender without code (EIP-3607).
 */
import type { Builder, Term } from "../../../builder/builder.ts";
import { fieldRom } from "../../../builder/rom.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import { legacySuffix } from "../../../gadgets/legacySuffix.ts";
import { RlpIntegers } from "../../../gadgets/rlpInteger.ts";
import { segmentHashes } from "../../../gadgets/segmentHashes.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";
import { ZeroCounts } from "../../../gadgets/zeroCounts.ts";
import type { ChainWires } from "../chainStatement.ts";
import { type BlockHashes, chainHashes } from "../blocks/blockHashes.ts";
import type { Blocks } from "../blocks/blocks.ts";
import { type AccessEntries, accessEntries } from "./accessEntries.ts";
import { type DataWords, dataWords } from "./dataWords.ts";
import { intrinsicGas } from "./intrinsicGas.ts";
import { blockTables } from "./ownBlock.ts";
import type { TransactionsParameters } from "../../../../protocol/evm/transactionsUse.ts";
import type { TransactionsPlan } from "./plan.ts";
import { type RawTransaction, readRawTransaction, type Source } from "./rawTransaction.ts";
import { type Digests, readSigner, type Signer } from "./signers.ts";
import { signingPayloads } from "./signingPayloads.ts";
import { type TransactionStream, transactionStream } from "./transactionStream.ts";

export interface TransactionPlace extends RawTransaction, Signer {
  readonly intrinsicGas: Wire;
  /** The gas limit less the intrinsic gas. */
  readonly executionGas: U64;
  /** Row of the call data's first word in `dataWords.list`, and how many words the data has. */
  readonly dataWordBase: Wire;
  readonly dataWordCount: Wire;
  /** Row of the access list's first entry in `accessEntries.list`, and how many it has. */
  readonly accessBase: Wire;
  readonly accessCount: Wire;
}

export interface Transactions {
  readonly places: readonly TransactionPlace[];
  readonly dataWords: DataWords;
  readonly accessEntries: AccessEntries;
  readonly blockHashes: BlockHashes;
  /** The bytes of all transactions. */
  readonly stream: SuffixStream;
}

type Given = () => TransactionsPlan;

export function readTransactions(
  b: Builder,
  parameters: TransactionsParameters,
  chain: ChainWires,
  blocks: Blocks,
  given: Given,
  digests: Digests,
): Transactions {
  const bytes = transactionStream(b, parameters, () => given().stream);
  const source: Source = {
    chain,
    blocks: blockTables(b, blocks),
    bytes,
    integers: new RlpIntegers(b, bytes.stream, "integers"),
  };
  const { raws, positions } = readRaws(b, parameters, source, blocks, given);
  const blockHashes = hashBlocks(b, parameters, { chain, blocks, bytes, positions }, given);
  const words = dataWords(b, bytes, raws, parameters.dataWords);
  const access = accessEntries(b, bytes, raws, parameters.accessEntries);
  const zeros = new ZeroCounts(b, bytes.stream, "zeros");
  const suffix = legacySuffix(b, chain.chainId, "legacySuffix");
  const payloads = signingPayloads(b, bytes, suffix, raws, parameters.payloadWords);
  const places = raws.map((raw, i) =>
    b.scope(`transaction[${i}]`, (): TransactionPlace => {
      const gas = intrinsicGas(b, {
        gasLimit: raw.gasLimit,
        isCreation: raw.isCreation,
        bytes: raw.data.length,
        zeros: zeros.between(b, raw.data.start, raw.data.end, "data.zeros"),
        words: words.counts[i]!,
        entries: access.counts[i]!,
        keys: access.keys[i]!,
      });
      const requests = {
        payload: (commitment: Wire) => digests(commitment, 2 * i),
        key: (commitment: Wire) => digests(commitment, 2 * i + 1),
      };
      return {
        ...raw,
        ...readSigner(b, raw, payloads[i]!, requests, () => given().transactions[i]),
        intrinsicGas: gas.intrinsic,
        executionGas: gas.left,
        dataWordBase: words.bases[i]!,
        dataWordCount: words.counts[i]!,
        accessBase: access.bases[i]!,
        accessCount: access.counts[i]!,
      };
    }),
  );
  return { places, dataWords: words, accessEntries: access, blockHashes, stream: bytes.stream };
}

/** The transactions of all places and where each begins; as many are active as the blocks count. */
function readRaws(
  b: Builder,
  parameters: TransactionsParameters,
  source: Source,
  blocks: Blocks,
  given: Given,
): { raws: RawTransaction[]; positions: Wire[] } {
  const raws: RawTransaction[] = [];
  const positions: Wire[] = [b.zero];
  let before: Bool = b.one;
  for (let i = 0; i < parameters.transactions; i++) {
    const start = { position: positions[i]!, before };
    const raw = b.scope(`transaction[${i}]`, () =>
      readRawTransaction(b, source, i, start, () => given().transactions[i]),
    );
    raws.push(raw);
    positions.push(raw.next);
    before = raw.active;
  }
  const count = raws.map(({ active }): Term => [1n, active]);
  const wanted = blocks.firstTransactions.at(-1)!;
  b.assertZero([], [...count, [-1n, wanted]], 0n, "transactions.asBlocksCount");
  return { raws, positions };
}

type Hashed = { chain: ChainWires; blocks: Blocks; bytes: TransactionStream; positions: readonly Wire[] };

/** A block's transactions are the bytes between its first one and the next block's. */
function hashBlocks(
  b: Builder,
  parameters: TransactionsParameters,
  { chain, blocks, bytes, positions }: Hashed,
  given: Given,
): BlockHashes {
  const table = fieldRom(b, positions, "positions");
  const cuts = blocks.firstTransactions.map((first, i) => table.read(b, first, `block.position[${i}]`));
  const heads = blocks.list.map(({ head }) => head);
  const segments = { stream: bytes.stream, heads, positions: cuts, count: blocks.count };
  const shape = { rows: parameters.hashRows, positionBits: bytes.positionBits };
  const digests = segmentHashes(b, segments, shape, () => given().digests, "blockBytes");
  const ancestors = { capacity: parameters.ancestors, hint: (k: number) => given().ancestors[k] };
  return chainHashes(b, chain, blocks.list, digests, ancestors);
}
