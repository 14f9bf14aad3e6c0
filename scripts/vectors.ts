/**
 * Writes test/vectors/*.json: examples of every hash and encoding of the protocol, for TypeScript, Solidity and circuits.
 * Field elements and bytes are `0x` hexadecimal (elements of 64 digits), other integers decimal strings.
 * Usage: node scripts/vectors.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { bytesToAddress } from "../protocol/address.ts";
import { encodeBatch } from "../protocol/batch.ts";
import type { BlockData } from "../protocol/block.ts";
import { blockHash, dataHashOf, encodeBlock, genesisParentHash, nextBaseFee } from "../protocol/block.ts";
import { concatBytes } from "../protocol/bytes.ts";
import { GENESIS_BASE_FEE } from "../protocol/constants.ts";
import { Domain } from "../protocol/domains.ts";
import type { Field } from "../protocol/field.ts";
import { FIELD_MODULUS, fieldToHex, mod } from "../protocol/field.ts";
import { hash, hashBytes } from "../protocol/hash.ts";
import { messageCommitment } from "../protocol/evm/message.ts";
import type { EpochCommitment } from "../protocol/inscription/commitment.ts";
import { contextOf, encodeBody, encodeCommitment } from "../protocol/inscription/commitment.ts";
import { encodeLeafScript, INSCRIPTION_CONTENT_TYPE } from "../protocol/inscription/envelope.ts";
import { encodePointer, localPointer } from "../protocol/inscription/pointer.ts";
import { permute } from "../protocol/poseidon2/permute.ts";
import {
  EMPTY_SETTLEMENT,
  EPOCH_INPUTS,
  EPOCH_NODE_INPUTS,
  epochNodeToFields,
  epochToFields,
  settle,
  STATEMENT_INPUTS,
  statementHash,
  statementToFields,
} from "../protocol/publicInputs.ts";
import { accountValueHash, EMPTY_ACCOUNT, storageValueHash } from "../protocol/state/account.ts";
import { codeIdentity } from "../protocol/state/code.ts";
import { EMPTY_SUBTREES, IndexedTree } from "../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../protocol/state/keys.ts";
import { leafHash } from "../protocol/state/leaf.ts";
import { proveInsert, proveUpdate } from "../protocol/state/proofs.ts";
import { commitLog, logsHead, nextReceiptsHead, NO_RECEIPTS } from "../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../protocol/state/treeStore.ts";

const MAX = FIELD_MODULUS - 1n;
const WORD_MAX = 2n ** 256n - 1n;

/** Bytes that look random and never change: keccak256 of a label and a counter. */
function bytes(label: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    keccak_256(utf8ToBytes(`${label}/${i}`)),
  );
  return concatBytes(blocks).slice(0, length);
}
const word = (label: string): bigint => BigInt(`0x${bytesToHex(bytes(label, 32))}`);
const field = (label: string): Field => mod(word(label));
const address = (label: string) => bytesToAddress(bytes(label, 20));
const list = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** File name to contents; bigints in field positions are already text. */
export function buildVectors(): Record<string, object> {
  return {
    "hash.json": hashVectors(),
    "message.json": messageVectors(),
    "state.json": stateVectors(),
    "tree.json": treeVectors(),
    "receipts.json": receiptVectors(),
    "blocks.json": blockVectors(),
    "publicInputs.json": publicInputVectors(),
    "inscription.json": inscriptionVectors(),
  };
}

function hashVectors(): object {
  const states = [
    list(4, () => 0n),
    list(4, () => MAX),
    [0n, 1n, 2n, 3n],
    list(4, (i) => field(`permute${i}`)),
  ];
  const inputs = [[], [0n], [MAX], ...list(7, (n) => list(n + 1, (i) => field(`hash${n}/${i}`)))];
  const data = [0, 1, 30, 31, 32, 61, 62, 63, 93, 94, 300].map((length) => bytes(`data${length}`, length));
  return {
    permute: states.map((state) => ({
      input: state.map(fieldToHex),
      output: permute(state as [Field, Field, Field, Field]).map(fieldToHex),
    })),
    hash: Object.entries(Domain).flatMap(([name, domain], i) =>
      [inputs[i % inputs.length] as Field[], inputs[(i + 5) % inputs.length] as Field[]].map((items) => ({
        ...{ name, domain },
        inputs: items.map(fieldToHex),
        hash: fieldToHex(hash(domain, items)),
      })),
    ),
    hashBytes: data.map((item) => ({ data: hex(item), hash: fieldToHex(hashBytes(item)) })),
  };
}

/** Every edge of a word, and zeros at an end that only the length tells apart. */
function messageVectors(): object {
  const edges = [0, 1, 31, 32, 33, 64, 100, 135, 136, 137].map((n) => bytes(`message${n}`, n));
  const messages = [...edges, new Uint8Array(1), new Uint8Array(32), new Uint8Array(33)];
  return {
    messages: messages.map((item) => ({ data: hex(item), commitment: fieldToHex(messageCommitment(item)) })),
  };
}

function stateVectors(): object {
  const addresses = [
    address("alice"),
    address("bob"),
    `0x${"00".repeat(20)}`,
    `0x${"ff".repeat(20)}`,
  ] as const;
  const codes = [
    [],
    [0x60],
    [0x7f, 1, 2],
    [0x5b, 0x61, 0x5b, 0x5b, 0x5b],
    bytes("code", 28),
    bytes("code", 300),
  ];
  const accounts = [
    EMPTY_ACCOUNT,
    { ...EMPTY_ACCOUNT, nonce: 1n, balance: 10n ** 18n },
    {
      nonce: 2n ** 64n - 1n,
      balance: WORD_MAX,
      codeHash: WORD_MAX,
      codeSize: 2n ** 32n - 1n,
      codeCommitment: MAX,
    },
    { nonce: 1n, balance: 0n, ...codeIdentity(bytes("code", 300)) },
  ];
  return {
    accountKeys: addresses.map((item) => ({ address: item, key: fieldToHex(accountKey(item)) })),
    storageKeys: addresses.flatMap((item) =>
      [0n, 1n, word("slot"), WORD_MAX].map((slot) => ({
        address: item,
        slot: wordHex(slot),
        key: fieldToHex(storageKey(item, slot)),
      })),
    ),
    code: codes.map((code) => ({
      code: hex(Uint8Array.from(code)),
      ...codeText(codeIdentity(Uint8Array.from(code))),
    })),
    accounts: accounts.map((account) => ({
      nonce: account.nonce.toString(),
      balance: wordHex(account.balance),
      ...codeText(account),
      valueHash: fieldToHex(accountValueHash(account)),
    })),
    storageValues: [0n, 1n, word("value"), WORD_MAX].map((value) => ({
      value: wordHex(value),
      valueHash: fieldToHex(storageValueHash(value)),
    })),
  };
}

function codeText(code: { codeHash: bigint; codeSize: bigint; codeCommitment: Field }): object {
  return {
    codeHash: wordHex(code.codeHash),
    codeSize: code.codeSize.toString(),
    codeCommitment: fieldToHex(code.codeCommitment),
  };
}

/** Insertions at both ends and in the middle of the list, and updates of old and new leaves, one after another. */
function treeVectors(): object {
  const tree = new IndexedTree(new MemoryTreeStore());
  const leafText = ({ key, nextKey, nextIndex, valueHash }: ReturnType<IndexedTree["leafAt"]>) => ({
    ...{ key: fieldToHex(key), nextKey: fieldToHex(nextKey), nextIndex, valueHash: fieldToHex(valueHash) },
  });
  const state = (receiptsHead = NO_RECEIPTS) => ({
    root: fieldToHex(tree.root()),
    leafCount: tree.leafCount,
    receiptsHead: fieldToHex(receiptsHead),
    stateRoot: fieldToHex(tree.stateRoot(receiptsHead)),
  });
  const initial = state();
  const insert = (key: Field, valueHash: Field) => {
    const { low, index, leaf, siblings } = proveInsert(tree, key, valueHash);
    const lowText = { index: low.index, leaf: leafText(low.leaf), siblings: low.siblings.map(fieldToHex) };
    return {
      operation: "insert",
      low: lowText,
      index,
      leaf: leafText(leaf),
      siblings: siblings.map(fieldToHex),
      ...state(field(`receipts${index}`)),
    };
  };
  const update = (key: Field, valueHash: Field) => {
    const { index, leaf, siblings } = proveUpdate(tree, key, valueHash);
    const before = { index, leaf: leafText(leaf), siblings: siblings.map(fieldToHex) };
    return {
      operation: "update",
      ...before,
      valueHash: fieldToHex(valueHash),
      ...state(field(`receipts${index}`)),
    };
  };
  const [a, b] = [accountKey(address("alice")), accountKey(address("bob"))];
  const steps = [
    insert(a, accountValueHash({ ...EMPTY_ACCOUNT, balance: 10n ** 18n })),
    insert(b, accountValueHash({ ...EMPTY_ACCOUNT, balance: 1n })),
    update(a, accountValueHash({ ...EMPTY_ACCOUNT, nonce: 1n, balance: 10n ** 17n })),
    insert(1n, field("least")),
    insert(MAX, field("greatest")),
    ...list(4, (i) => insert(storageKey(address("contract"), BigInt(i)), storageValueHash(word(`slot${i}`)))),
    update(MAX, 0n),
    update(1n, field("last")),
  ];
  const leaves = list(tree.leafCount, (index) => {
    const leaf = tree.leafAt(index);
    return { index, ...leafText(leaf), hash: fieldToHex(leafHash(leaf)) };
  });
  return { emptySubtrees: EMPTY_SUBTREES.map(fieldToHex), initial, steps, leaves };
}

/** Logs of one transaction with 0 to 4 topics, and receipts that have the first few of them. */
function receiptVectors(): object {
  const sizes = [0, 1, 32, 33, 100];
  const logs = sizes.map((size, count) =>
    commitLog(
      { address: address(`emitter${count}`), topics: list(count, (i) => word(`topic${count}/${i}`)) },
      bytes(`log${count}`, size),
    ),
  );
  const receipts = [
    { blockNumber: 1n, status: 1, gasUsed: 21_000n, logs: 0 },
    { blockNumber: 1n, status: 0, gasUsed: 30_000_000n, logs: 0 },
    { blockNumber: 2n, status: 1, gasUsed: 60_000n, logs: 1 },
    { blockNumber: 2n ** 64n - 1n, status: 1, gasUsed: 2n ** 64n - 1n, logs: 5 },
  ] as const;
  let head = NO_RECEIPTS;
  return {
    logs: logs.map(({ address: emitter, topics, dataCommitment }, i) => ({
      address: emitter,
      topics: topics.map(wordHex),
      data: hex(bytes(`log${i}`, sizes[i]!)),
      dataCommitment: fieldToHex(dataCommitment),
      logsHead: fieldToHex(logsHead(logs.slice(0, i + 1))),
    })),
    receipts: receipts.map(({ blockNumber, status, gasUsed, logs: count }) => {
      const own = logs.slice(0, count);
      head = nextReceiptsHead(head, blockNumber, { status, gasUsed, logs: own });
      return {
        blockNumber: blockNumber.toString(),
        status,
        gasUsed: gasUsed.toString(),
        logs: count,
        logsHead: fieldToHex(logsHead(own)),
        receiptsHead: fieldToHex(head),
      };
    }),
  };
}

function exampleBlocks(): BlockData[] {
  const sizes = [[], [1], [110, 31, 200]];
  return sizes.map((lengths, i) => ({
    number: BigInt(i + 7),
    timestamp: 1_800_000_000n + BigInt(i),
    feeRecipient: address("sequencer"),
    gasLimit: 30_000_000n,
    baseFeePerGas: GENESIS_BASE_FEE - BigInt(i),
    transactions: lengths.map((length, j) => bytes(`transaction${i}/${j}`, length)),
  }));
}

function blockVectors(): object {
  const blocks = exampleBlocks();
  const genesisParent = genesisParentHash(4242n, field("genesis state"));
  const parents = [genesisParent, 0n, field("parent")];
  const limit = 30_000_000n;
  const used = [0n, 1n, limit / 2n - 1n, limit / 2n, limit / 2n + 1n, limit - 1n, limit];
  const fees = [7n, 8n, 9n, 63n, 64n, GENESIS_BASE_FEE, 123_456_789_012n];
  return {
    genesisParentHash: {
      chainId: "4242",
      stateRoot: fieldToHex(field("genesis state")),
      hash: fieldToHex(genesisParent),
    },
    blocks: blocks.map((block, i) => ({
      number: block.number.toString(),
      timestamp: block.timestamp.toString(),
      feeRecipient: block.feeRecipient,
      gasLimit: block.gasLimit.toString(),
      baseFeePerGas: block.baseFeePerGas.toString(),
      transactions: block.transactions.map(hex),
      encoded: hex(encodeBlock(block)),
      parentHash: fieldToHex(parents[i] as Field),
      hash: fieldToHex(blockHash(parents[i] as Field, block)),
    })),
    batch: {
      encoded: hex(encodeBatch(blocks)),
      previousDataHash: fieldToHex(genesisParent),
      dataHash: fieldToHex(dataHashOf(genesisParent, blocks)),
    },
    baseFees: fees.flatMap((baseFee) =>
      [...used.map((gasUsed) => ({ gasUsed, gasLimit: limit })), { gasUsed: 3n, gasLimit: 5001n }].map(
        (gas) => ({
          baseFee: baseFee.toString(),
          gasUsed: gas.gasUsed.toString(),
          gasLimit: gas.gasLimit.toString(),
          next: nextBaseFee({ baseFee, ...gas }).toString(),
        }),
      ),
    ),
  };
}

function publicInputVectors(): object {
  const tip = (label: string, n: bigint) => ({
    stateRoot: field(`${label} state`),
    dataHash: field(`${label} data`),
    blockNumber: n,
    timestamp: 1_800_000_000n + n,
    baseFee: GENESIS_BASE_FEE - n,
    gasUsed: 21_000n * n,
  });
  const statements = list(3, (i) => ({
    chainId: 4242n + BigInt(i),
    prev: tip(`prev${i}`, BigInt(i * 10)),
    next: tip(`next${i}`, BigInt(i * 10 + 3)),
    gasLimit: 30_000_000n,
    selfKeyHash: i === 2 ? field("merge key") : 0n,
  }));
  const settlements = statements.reduce<Field[]>(
    (chain, statement) => [...chain, settle(chain.at(-1) as Field, statementHash(statement))],
    [EMPTY_SETTLEMENT],
  );
  const [settlementIn, settlementOut] = [settlements[0], settlements.at(-1)] as [Field, Field];
  const node = { settlementIn, settlementOut, batchCount: 3n, selfKeyHash: field("epoch merge key") };
  const epoch = { context: field("context"), settlementIn, settlementOut, batchCount: 3n };
  return {
    names: { statement: STATEMENT_INPUTS, epochNode: EPOCH_NODE_INPUTS, epoch: EPOCH_INPUTS },
    statements: statements.map((statement) => ({
      fields: statementToFields(statement).map(fieldToHex),
      hash: fieldToHex(statementHash(statement)),
    })),
    settlements: settlements.map(fieldToHex),
    epochNode: epochNodeToFields(node).map(fieldToHex),
    epoch: epochToFields(epoch).map(fieldToHex),
  };
}

function inscriptionVectors(): object {
  const data = bytes("published", 100);
  const commitment: EpochCommitment = {
    ...{ chainId: 4242n, epoch: 3n, firstBlock: 20n, lastBlock: 300n },
    previousStateRoot: field("previous state"),
    stateRoot: field("state"),
    previousDataHash: field("previous data"),
    dataHash: field("data"),
    pointers: [localPointer(data)],
    settlementIn: 0n,
    settlementOut: field("settlement"),
    batchCount: 2n,
    epochKeyHash: field("epoch key"),
  };
  const proof = bytes("proof", 600);
  const leaf = {
    publicKey: bytes("key", 32),
    contentType: INSCRIPTION_CONTENT_TYPE,
    parents: [{ txid: bytes("parent", 32), index: 0 }],
    body: encodeBody({ commitment, proof }),
  };
  return {
    published: hex(data),
    pointer: hex(encodePointer(localPointer(data))),
    commitment: hex(encodeCommitment(commitment)),
    context: fieldToHex(contextOf(commitment)),
    proof: hex(proof),
    body: hex(leaf.body),
    publicKey: hex(leaf.publicKey),
    parentTxid: hex(bytes("parent", 32)),
    leafScript: hex(encodeLeafScript(leaf)),
  };
}

const hex = (data: Uint8Array): string => `0x${bytesToHex(data)}`;
const wordHex = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;

/** The text of a vector file. */
export const renderVectors = (contents: object): string => `${JSON.stringify(contents, null, 1)}\n`;

if (import.meta.main) {
  const folder = new URL("../test/vectors/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(buildVectors()))
    writeFileSync(new URL(name, folder), renderVectors(contents));
}
