import { expect } from "chai";
import { TRANSFERS_PARAMETERS } from "../../../circuits/programs/transfers/parameters.ts";
import { planTransfers, type ProvenBlock } from "../../../circuits/programs/transfers/plan.ts";
import { cutChunks } from "../../../protocol/programs/cutChunks.ts";
import {
  MAX_BLOCKS_PER_CHUNK,
  TRANSFERS_PROFILES,
  transfersUse,
} from "../../../protocol/programs/transfersChunks.ts";
import { Random } from "../../protocol/random.ts";
import { expectCode } from "../builder/expectCode.ts";
import { addressOf, DemoChain } from "./demoChain.ts";

const random = new Random();

const sizesOf = (uses: ReturnType<typeof transfersUse>[]): number[] =>
  cutChunks(TRANSFERS_PROFILES, uses).map(({ blocks }) => blocks);

describe(`chunks of transfers (seed ${random.seed})`, function () {
  this.timeout(60_000);
  const empty = transfersUse(0, 0);

  it("fills chunks by blocks, by transfers and by new accounts", () => {
    expect(sizesOf([])).to.deep.equal([]);
    expect(sizesOf(Array(MAX_BLOCKS_PER_CHUNK + 1).fill(empty))).to.deep.equal([MAX_BLOCKS_PER_CHUNK, 1]);
    expect(sizesOf([6, 4, 1].map((transfers) => transfersUse(transfers, 0)))).to.deep.equal([2, 1]);
    expect(sizesOf(Array(10).fill(transfersUse(1, 2)))).to.deep.equal([8, 2]);
    expect(sizesOf([transfersUse(10, 11), empty])).to.deep.equal([2]);
  });

  it("refuses a block that no proof holds", () =>
    expectCode(() => sizesOf([empty, transfersUse(11, 0)]), {
      ...{ code: "BLOCK_EXCEEDS_CAPACITY", index: 1, capacity: "transfers" },
      ...{ needed: 11, available: 10 },
    }));

  it("makes chunks that can all be planned", async () => {
    const chain = new DemoChain(6);
    const any = (): `0x${string}` => `0x${Buffer.from(random.bytes(20)).toString("hex")}`;
    let tip = chain.tip;
    const blocks: ProvenBlock[] = [];
    const tips = [tip];
    for (let i = 0; i < 40; i++) {
      const transfers = Array.from({ length: random.below(5) }, () => ({
        from: random.below(6),
        to: random.pick([any(), addressOf(random.below(6))]),
        value: random.bits(20),
      }));
      blocks.push(await chain.seal({ transfers, feeRecipient: random.pick([any(), addressOf(0)]) }));
      tip = chain.tip;
      tips.push(tip);
    }
    const leafCounts = [...blocks.map(({ state }) => state.tree.leafCount), Infinity];
    const sizes = sizesOf(
      blocks.map(({ data: { transactions } }, i) =>
        transfersUse(
          transactions.length,
          Math.min(leafCounts[i + 1]! - leafCounts[i]!, transactions.length + 1),
        ),
      ),
    );
    let at = 0;
    for (const size of sizes) {
      const input = {
        chainId: chain.chainId,
        gasLimit: chain.gasLimit,
        previous: tips[at]!,
        blocks: blocks.slice(at, at + size),
      };
      const { next } = planTransfers(TRANSFERS_PARAMETERS, input);
      expect(next).to.deep.equal(tips[at + size]);
      at += size;
    }
    expect(at).to.equal(blocks.length);
  });
});
