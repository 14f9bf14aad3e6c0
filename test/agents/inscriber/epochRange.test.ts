import { expect } from "chai";
import { epochRange, type SealedChain } from "../../../agents/inscriber/epochRange.ts";
import { splitBlocks } from "../../../agents/inscriber/epochData.ts";
import type { BlockData } from "../../../protocol/block.ts";

/** A chain whose block `n` has timestamp `times[n]`. */
const chainOf = (times: readonly number[]): SealedChain => ({
  head: async () => ({ number: times.length - 1, timestamp: times.at(-1)! }),
  timestamp: async (block) => times[block]!,
});

describe("epochRange", () => {
  it("takes a number of blocks once the last of them is sealed", async () => {
    const chain = chainOf([0, 1, 2, 3, 4]);
    expect(await epochRange(chain, 1, { blocks: 4 })).to.deep.equal({ firstBlock: 1, lastBlock: 4 });
    expect(await epochRange(chain, 1, { blocks: 5 })).to.equal(undefined);
    expect(await epochRange(chain, 4, { blocks: 1 })).to.deep.equal({ firstBlock: 4, lastBlock: 4 });
    expect(await epochRange(chain, 5, { blocks: 1 })).to.equal(undefined);
  });

  it("takes the blocks of a time, and the same ones however late it is asked", async () => {
    const times = [0, 10, 11, 15, 19, 20, 21, 300];
    const expected = { firstBlock: 1, lastBlock: 4 };
    for (let known = 6; known <= times.length; known++)
      expect(await epochRange(chainOf(times.slice(0, known)), 1, { seconds: 10 })).to.deep.equal(expected);
    expect(await epochRange(chainOf(times.slice(0, 5)), 1, { seconds: 10 })).to.equal(undefined);
    expect(await epochRange(chainOf(times), 5, { seconds: 10 })).to.deep.equal({
      firstBlock: 5,
      lastBlock: 6,
    });
    expect(await epochRange(chainOf(times), 7, { seconds: 10 })).to.equal(undefined);
  });

  it("has at least one block, however long the chain was silent", async () => {
    expect(await epochRange(chainOf([0, 1, 1000]), 1, { seconds: 5 })).to.deep.equal({
      firstBlock: 1,
      lastBlock: 1,
    });
  });
});

describe("splitBlocks", () => {
  const block = (number: bigint, bytes: number): BlockData => ({
    number,
    timestamp: number,
    feeRecipient: `0x${"00".repeat(20)}`,
    gasLimit: 1n,
    baseFeePerGas: 1n,
    transactions: [new Uint8Array(bytes).fill(1)],
  });

  it("fills blobs in order and gives a block too large for any its own", () => {
    const blocks = [block(1n, 100), block(2n, 100), block(3n, 100), block(4n, 5000), block(5n, 1)];
    const numbers = splitBlocks(blocks, 400).map((batch) => batch.map(({ number }) => Number(number)));
    expect(numbers).to.deep.equal([[1, 2], [3], [4], [5]]);
    expect(splitBlocks([])).to.deep.equal([]);
  });
});
