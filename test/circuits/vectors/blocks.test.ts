import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { gasTarget, nextBaseFeeOf } from "../../../circuits/gadgets/baseFee.ts";
import { segmentHashes } from "../../../circuits/gadgets/segmentHashes.ts";
import { HEAD_BYTES } from "../../../circuits/gadgets/segmentRow.ts";
import { chainHashes } from "../../../circuits/programs/evm/blocks/blockHashes.ts";
import { type BlockWires, chainBlocks } from "../../../circuits/programs/evm/blocks/blocks.ts";
import { witnessChain } from "../../../circuits/programs/evm/chainStatement.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import { expectOnlyBroken } from "../builder/expectBroken.ts";
import { buildGadget, input, streamOf, unhex } from "../gadgets/buildGadget.ts";
import { expectComputes, readVectors } from "./expectComputes.ts";

type BlockText = {
  number: string;
  timestamp: string;
  feeRecipient: string;
  gasLimit: string;
  baseFeePerGas: string;
  transactions: string[];
  encoded: string;
  parentHash: string;
  hash: string;
};
type BlockVectors = {
  blocks: BlockText[];
  batch: { previousDataHash: string; dataHash: string };
  baseFees: { baseFee: string; gasUsed: string; gasLimit: string; next: string }[];
};

const { blocks, batch, baseFees } = readVectors<BlockVectors>("blocks");

const EMPTY_TIP = { stateRoot: 0n, dataHash: 0n, blockNumber: 0n, timestamp: 0n, baseFee: 0n, gasUsed: 0n };

/**
 * A block in wires, its head derived by the program's own rules from a parent one second and one number before it. That
 * parent used half its gas, so the base fee stays: the vectors' fees do not follow from one another.
 */
function blockOf(b: Builder, text: BlockText): BlockWires {
  const gasLimit = BigInt(text.gasLimit);
  const timestamp = BigInt(text.timestamp);
  const previous = {
    ...{ ...EMPTY_TIP, gasUsed: gasLimit / 2n, baseFee: BigInt(text.baseFeePerGas) },
    ...{ blockNumber: BigInt(text.number) - 1n, timestamp: timestamp - 1n },
  };
  const transactions = BigInt(text.transactions.length);
  const hint = { timestamp, feeRecipient: BigInt(text.feeRecipient), transactions, gasUsed: 0n };
  const chain = witnessChain(b, () => ({ chainId: 1n, gasLimit, previous }));
  return chainBlocks(b, chain, 1, () => hint).list[0]!;
}

/** The hash of the last of `texts` from its fields and its bytes after the head. */
function hashChain(b: Builder, parentHash: bigint, texts: readonly BlockText[]): Wire {
  const made = texts.map((text, i) => b.scope(`of[${i}]`, () => blockOf(b, text)));
  const encoded = texts.map((text) => unhex(text.encoded));
  const bodies = encoded.map((bytes) => bytes.slice(HEAD_BYTES));
  const starts = [0];
  for (const body of bodies) starts.push(starts.at(-1)! + body.length);
  const segments = {
    stream: streamOf(b, concatBytes(bodies)),
    heads: made.map(({ head }) => head),
    positions: starts.map((at, i) => input(b, `position[${i}]`, 12, BigInt(at))),
    count: input(b, "count", 8, BigInt(texts.length)),
  };
  const shape = { rows: 12, positionBits: 13 };
  const digests = segmentHashes(b, segments, shape, () => encoded.map(hashBytes), "bytes");
  const previous = { ...EMPTY_TIP, dataHash: parentHash };
  const chain = b.scope("chain", () => witnessChain(b, () => ({ chainId: 1n, gasLimit: 0n, previous })));
  return chainHashes(b, chain, made, digests, { capacity: 0, hint: () => undefined }).dataHash;
}

describe("vectors through circuits: blocks.json", () => {
  it("the hash of each block, from its fields and its transactions' bytes", () => {
    for (const block of blocks)
      expectComputes(
        (b) => [hashChain(b, BigInt(block.parentHash), [block])],
        [BigInt(block.hash)],
        () => "blockHashes.tip[0]",
      );
  });

  it("the data hash of the batch", () => {
    expectComputes(
      (b) => [hashChain(b, BigInt(batch.previousDataHash), blocks)],
      [BigInt(batch.dataHash)],
      () => "blockHashes.tip[2]",
    );
  });

  it("no hash for bytes or fields that are not the block's", () => {
    const last = blocks.at(-1)!;
    const rows = Math.ceil(unhex(last.encoded).length / 93);
    const altered: Partial<BlockText>[] = [
      { feeRecipient: `0x${"11".repeat(20)}` },
      { transactions: last.transactions.slice(1) },
      { baseFeePerGas: "1000000001" },
    ];
    for (const change of altered) {
      // The bytes claimed by the prover's digest are the vector's, the head is another.
      const built = buildGadget((b) => hashChain(b, BigInt(last.parentHash), [{ ...last, ...change }]));
      expectOnlyBroken(built, {}, [`bytes.row[${rows - 1}].digest`]);
    }
  });

  it("base fees", () => {
    expect(baseFees).to.have.length(56);
    for (const { baseFee, gasUsed, gasLimit, next } of baseFees)
      expectComputes(
        (b) => {
          const target = gasTarget(b, input(b, "gasLimit", 64, BigInt(gasLimit)), "target");
          const parent = { baseFee: BigInt(baseFee), gasUsed: BigInt(gasUsed) };
          const wire = (name: keyof typeof parent) => input(b, name, 64, parent[name]);
          return [nextBaseFeeOf(b, { baseFee: wire("baseFee"), gasUsed: wire("gasUsed"), target }, "next")];
        },
        [BigInt(next)],
        () => "next.result",
      );
  });
});
