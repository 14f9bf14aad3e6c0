import { readFileSync } from "node:fs";
import { expect } from "chai";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { Address } from "../../protocol/address.ts";
import { decodeBatch, encodeBatch } from "../../protocol/batch.ts";
import {
  blockHash,
  dataHashOf,
  decodeBlock,
  encodeBlock,
  genesisParentHash,
  nextBaseFee,
} from "../../protocol/block.ts";
import type { Domain } from "../../protocol/domains.ts";
import { hash, hashBytes } from "../../protocol/hash.ts";
import {
  contextOf,
  decodeBody,
  decodeCommitment,
  encodeBody,
} from "../../protocol/inscription/commitment.ts";
import { parseLeafScript } from "../../protocol/inscription/envelope.ts";
import { decodePointer, isContentOf } from "../../protocol/inscription/pointer.ts";
import { permute } from "../../protocol/poseidon2/permute.ts";
import {
  settle,
  statementFromFields,
  statementHash,
  statementToFields,
} from "../../protocol/publicInputs.ts";
import { accountValueHash, storageValueHash } from "../../protocol/state/account.ts";
import { codeIdentity } from "../../protocol/state/code.ts";
import { IndexedTree, stateRootOf } from "../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../protocol/state/keys.ts";
import { leafHash } from "../../protocol/state/leaf.ts";
import { isInsertProof, isUpdateProof } from "../../protocol/state/proofs.ts";
import {
  commitLog,
  logsHead,
  nextLogsHead,
  nextReceiptsHead,
  NO_RECEIPTS,
} from "../../protocol/state/receipts.ts";
import { MemoryTreeStore } from "../../protocol/state/treeStore.ts";
import { buildVectors, renderVectors } from "../../scripts/vectors.ts";

/** A file under test/vectors; its shape is what scripts/vectors.ts writes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const vectors = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const bytes = (text: string): Uint8Array => hexToBytes(text.slice(2));
const fields = (texts: string[]): bigint[] => texts.map(BigInt);

type LeafText = { key: string; nextKey: string; nextIndex: number; valueHash: string };
const leafOf = ({ key, nextKey, nextIndex, valueHash }: LeafText) => ({
  ...{ key: BigInt(key), nextKey: BigInt(nextKey), nextIndex, valueHash: BigInt(valueHash) },
});

describe("test/vectors", () => {
  for (const [name, contents] of Object.entries(buildVectors()))
    it(`${name} is what scripts/vectors.ts writes`, () => {
      const committed = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
      expect(
        renderVectors(contents) === committed,
        "run node scripts/vectors.ts and look at the difference",
      ).to.equal(true);
    });

  it("hash.json", () => {
    const { permute: states, hash: lists, hashBytes: data } = vectors("hash.json");
    for (const { input, output } of states) {
      const [a, b, c, d] = fields(input) as [bigint, bigint, bigint, bigint];
      expect(permute([a, b, c, d])).to.deep.equal(fields(output));
    }
    for (const item of lists)
      expect(hash(item.domain as Domain, fields(item.inputs))).to.equal(BigInt(item.hash));
    for (const item of data) expect(hashBytes(bytes(item.data))).to.equal(BigInt(item.hash));
  });

  it("state.json", () => {
    const state = vectors("state.json");
    for (const { address, key } of state.accountKeys)
      expect(accountKey(address as Address)).to.equal(BigInt(key));
    for (const { address, slot, key } of state.storageKeys)
      expect(storageKey(address as Address, BigInt(slot))).to.equal(BigInt(key));
    for (const { code, codeHash, codeSize, codeCommitment } of state.code)
      expect(codeIdentity(bytes(code))).to.deep.equal({
        codeHash: BigInt(codeHash),
        codeSize: BigInt(codeSize),
        codeCommitment: BigInt(codeCommitment),
      });
    for (const { valueHash, ...account } of state.accounts) {
      const { nonce, balance, codeHash, codeSize, codeCommitment } = account;
      const code = {
        codeHash: BigInt(codeHash),
        codeSize: BigInt(codeSize),
        codeCommitment: BigInt(codeCommitment),
      };
      expect(accountValueHash({ nonce: BigInt(nonce), balance: BigInt(balance), ...code })).to.equal(
        BigInt(valueHash),
      );
    }
    for (const { value, valueHash } of state.storageValues)
      expect(storageValueHash(BigInt(value))).to.equal(BigInt(valueHash));
  });

  it("tree.json", () => {
    const { initial, steps, leaves } = vectors("tree.json");
    const tree = new IndexedTree(new MemoryTreeStore());
    let root = tree.root();
    expect(root).to.equal(BigInt(initial.root));
    for (const step of steps) {
      const isInsert = step.operation === "insert";
      const leaf = leafOf(step.leaf);
      const valueHash = isInsert ? leaf.valueHash : BigInt(step.valueHash);
      if (isInsert) tree.insert(leaf.key, valueHash);
      else tree.update(leaf.key, valueHash);
      const rootAfter = BigInt(step.root);
      expect([tree.root(), tree.stateRoot(BigInt(step.receiptsHead))]).to.deep.equal([
        rootAfter,
        BigInt(step.stateRoot),
      ]);
      expect(stateRootOf(rootAfter, step.leafCount, BigInt(step.receiptsHead))).to.equal(
        BigInt(step.stateRoot),
      );
      const common = {
        index: step.index,
        leaf,
        siblings: fields(step.siblings),
        rootBefore: root,
        rootAfter,
      };
      if (!isInsert) expect(isUpdateProof({ ...common, valueHash })).to.equal(true);
      else {
        const low = {
          index: step.low.index,
          leaf: leafOf(step.low.leaf),
          siblings: fields(step.low.siblings),
        };
        const linked = { ...low.leaf, nextKey: leaf.key, nextIndex: step.index };
        const rootLinked = rootAbove(linked, low);
        expect(isInsertProof(leaf.key, valueHash, { ...common, low, rootLinked })).to.equal(true);
      }
      root = rootAfter;
    }
    for (const item of leaves) {
      expect(tree.leafAt(item.index)).to.deep.equal(leafOf(item));
      expect(leafHash(leafOf(item))).to.equal(BigInt(item.hash));
    }
  });

  it("receipts.json", () => {
    const { logs, receipts } = vectors("receipts.json");
    let logsBefore = 0n;
    for (const { address, topics, data, dataCommitment, logsHead: after } of logs) {
      const log = commitLog({ address, topics: topics.map(BigInt) }, bytes(data));
      expect(log.dataCommitment).to.equal(BigInt(dataCommitment));
      logsBefore = nextLogsHead(logsBefore, log);
      expect(logsBefore).to.equal(BigInt(after));
    }
    let head = NO_RECEIPTS;
    for (const { blockNumber, status, gasUsed, logs: count, logsHead: ofLogs, receiptsHead } of receipts) {
      const committed = (logs as { address: Address; topics: string[]; dataCommitment: string }[])
        .slice(0, count as number)
        .map((log) => ({
          address: log.address,
          topics: log.topics.map(BigInt),
          dataCommitment: BigInt(log.dataCommitment),
        }));
      expect(logsHead(committed)).to.equal(BigInt(ofLogs));
      head = nextReceiptsHead(head, BigInt(blockNumber), {
        status,
        gasUsed: BigInt(gasUsed),
        logs: committed,
      });
      expect(head).to.equal(BigInt(receiptsHead));
    }
  });

  it("blocks.json", () => {
    const { genesisParentHash: genesis, blocks, batch, baseFees } = vectors("blocks.json");
    expect(genesisParentHash(BigInt(genesis.chainId), BigInt(genesis.stateRoot))).to.equal(
      BigInt(genesis.hash),
    );
    for (const item of blocks) {
      const block = decodeBlock(bytes(item.encoded));
      expect(encodeBlock(block)).to.deep.equal(bytes(item.encoded));
      expect(block).to.deep.equal({
        number: BigInt(item.number),
        timestamp: BigInt(item.timestamp),
        feeRecipient: item.feeRecipient,
        gasLimit: BigInt(item.gasLimit),
        baseFeePerGas: BigInt(item.baseFeePerGas),
        transactions: item.transactions.map(bytes),
      });
      expect(blockHash(BigInt(item.parentHash), block)).to.equal(BigInt(item.hash));
    }
    const decoded = decodeBatch(bytes(batch.encoded));
    expect(encodeBatch(decoded)).to.deep.equal(bytes(batch.encoded));
    expect(dataHashOf(BigInt(batch.previousDataHash), decoded)).to.equal(BigInt(batch.dataHash));
    for (const { baseFee, gasUsed, gasLimit, next } of baseFees)
      expect(
        nextBaseFee({ baseFee: BigInt(baseFee), gasUsed: BigInt(gasUsed), gasLimit: BigInt(gasLimit) }),
      ).to.equal(BigInt(next));
  });

  it("publicInputs.json", () => {
    const { statements, settlements, names } = vectors("publicInputs.json");
    expect(names.statement).to.have.length(15);
    let settlement = BigInt(settlements[0]);
    statements.forEach((item: { fields: string[]; hash: string }, i: number) => {
      const statement = statementFromFields(fields(item.fields));
      expect(statementToFields(statement)).to.deep.equal(fields(item.fields));
      expect(statementHash(statement)).to.equal(BigInt(item.hash));
      settlement = settle(settlement, statementHash(statement));
      expect(settlement).to.equal(BigInt(settlements[i + 1]));
    });
  });

  it("inscription.json", () => {
    const item = vectors("inscription.json");
    const body = decodeBody(bytes(item.body));
    expect(encodeBody(body)).to.deep.equal(bytes(item.body));
    expect(body).to.deep.equal({
      commitment: decodeCommitment(bytes(item.commitment)),
      proof: bytes(item.proof),
    });
    expect(contextOf(body.commitment)).to.equal(BigInt(item.context));
    expect(isContentOf(decodePointer(bytes(item.pointer)), bytes(item.published))).to.equal(true);
    const leaf = parseLeafScript(bytes(item.leafScript));
    expect(leaf.publicKey).to.deep.equal(bytes(item.publicKey));
    expect(leaf.parents).to.deep.equal([{ txid: bytes(item.parentTxid), index: 0 }]);
    expect(leaf.body).to.deep.equal(bytes(item.body));
  });
});

/** The root with `leaf` in the place of the proof's. */
function rootAbove(leaf: ReturnType<typeof leafOf>, proof: { index: number; siblings: bigint[] }): bigint {
  return proof.siblings.reduce(
    (node, sibling, level) =>
      hash(2, Math.floor(proof.index / 2 ** level) % 2 === 1 ? [sibling, node] : [node, sibling]),
    leafHash(leaf),
  );
}
