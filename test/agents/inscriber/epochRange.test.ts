import { expect } from "chai";
import { epochRange, type SealedChain } from "../../../agents/inscriber/epochRange.ts";
import { splitBlocks } from "../../../agents/inscriber/epochData.ts";
import type { BlockData } from "../../../protocol/block.ts";

/** A chain whose block `n` has timestamp `times[n]`, with transactions in the blocks of `busy`. */
const chainOf = (times: readonly number[], busy: readonly number[] = []): SealedChain => ({
  head: async () => ({ number: times.length - 1, timestamp: times.at(-1)! }),
  timestamp: async (block) => times[block]!,
  hasTransactions: async (first, last) => busy.some((block) => first <= block && block <= last),
});

describe("epochRange", () => {
  it("takes a number of blocks once the last of them is sealed", async () => {
    const chain = chainOf([0, 1, 2, 3, 4]);
    expect(await epochRange(chain, 1, { blocks: 4 })).to.deep.equal({ firstBlock: 1, lastBlock: 4 });
    expect(await epochRange(chain, 1, { blocks: 5 })).to.equal(undefined);
    expect(await epochRange(chain, 4, { blocks: 1 })).to.deep.equal({ firstBlock: 4, lastBlock: 4 });
    expect(await epochRange(chain, 5, { blocks: 1 })).to.equal(undefined);
  });

  const times = [0, 10, 11, 15, 19, 20, 21, 300];
  const upTo = (known: number, busy: readonly number[] = []): SealedChain =>
    chainOf(times.slice(0, known), busy);

  it("takes every block there is once the time is over", async () => {
    expect(await epochRange(upTo(5), 1, { seconds: 10 })).to.equal(undefined);
    expect(await epochRange(upTo(6), 1, { seconds: 10 })).to.deep.equal({ firstBlock: 1, lastBlock: 5 });
    expect(await epochRange(upTo(8), 1, { seconds: 10 })).to.deep.equal({ firstBlock: 1, lastBlock: 7 });
    expect(await epochRange(upTo(8), 7, { seconds: 10 })).to.equal(undefined);
    expect(await epochRange(upTo(8), 8, { seconds: 10 })).to.equal(undefined);
  });

  it("lets blocks without transactions wait for the idle time", async () => {
    const length = { seconds: 10, idleSeconds: 100 };
    expect(await epochRange(upTo(7), 1, length)).to.equal(undefined);
    expect(await epochRange(upTo(7, [3]), 1, length)).to.deep.equal({ firstBlock: 1, lastBlock: 6 });
    expect(await epochRange(upTo(7, [3]), 4, length)).to.equal(undefined);
    expect(await epochRange(upTo(8), 1, length)).to.deep.equal({ firstBlock: 1, lastBlock: 7 });
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
