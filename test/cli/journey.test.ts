import { expect } from "chai";
import type { ChainEntry } from "../../cli/network/networkFile.ts";
import { composeJourney, type JourneySources } from "../../cli/view/journey.ts";
import { DEFAULT_PACE, measurePace, secondsLeft } from "../../cli/view/pace.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const l3: ChainEntry = {
  name: "demo",
  chainId: 2,
  program: "evm",
  rpc: "",
  rollup: "0x",
  batcher: "http://batcher",
};
const supersonic: ChainEntry = { name: "supersonic", chainId: 1, program: "none", rpc: "" };
const sources: JourneySources = {
  batches: [
    {
      batchIndex: 1,
      firstBlock: 1,
      lastBlock: 9,
      publishedAt: at(10),
      provenAt: at(40),
      settledAt: at(42),
      settledInBlock: 55,
    },
    {
      batchIndex: 2,
      firstBlock: 10,
      lastBlock: 19,
      publishedAt: at(50),
      provenAt: null,
      settledAt: null,
      settledInBlock: null,
    },
  ],
  epochs: [{ epoch: 3, firstBlock: 50, lastBlock: 60, publishedAt: at(60), inscribedAt: at(70) }],
  verified: [{ epoch: 3, verifiedAt: at(72) }],
};

describe("a transaction's journey", () => {
  it("follows an L3 transaction through its batch and the epoch its batch settled in", () => {
    const status = { softAt: at(1), sealedAt: at(2), blockNumber: 9 };
    const journey = composeJourney("0xaa", l3, status, sources);
    expect(journey).to.deep.equal({
      hash: "0xaa",
      chain: "demo",
      stage: "verified",
      stages: {
        soft: at(1),
        sealed: at(2),
        published: at(10),
        proven: at(40),
        settled: at(42),
        inscribed: at(70),
        verified: at(72),
      },
    });
  });

  it("is inscribed no later than the light node has verified it, whenever the inscriber looks", () => {
    const late = { ...sources, epochs: [{ ...sources.epochs[0]!, inscribedAt: null }] };
    const journey = composeJourney("0xaa", l3, { softAt: at(1), sealedAt: at(2), blockNumber: 9 }, late);
    expect(journey.stages).to.include({ inscribed: at(72), verified: at(72) });
  });

  it("stops at the last stage its batch has reached", () => {
    const journey = composeJourney("0xaa", l3, { softAt: at(1), sealedAt: at(2), blockNumber: 10 }, sources);
    expect(journey.stage).to.equal("published");
    expect(journey.stages).to.not.have.property("inscribed");
  });

  it("is soft only while its block is open", () => {
    const journey = composeJourney("0xaa", l3, { softAt: at(1), sealedAt: null, blockNumber: null }, sources);
    expect(journey.stages).to.deep.equal({ soft: at(1) });
  });

  it("takes Supersonic's own transactions from their block to its epoch, without a batch", () => {
    const journey = composeJourney(
      "0xbb",
      supersonic,
      { softAt: at(1), sealedAt: at(2), blockNumber: 50 },
      sources,
    );
    expect(journey.stages).to.deep.equal({
      soft: at(1),
      sealed: at(2),
      published: at(60),
      inscribed: at(70),
      verified: at(72),
    });
  });
});

describe("the time left", () => {
  it("uses the network's own medians where it has a history", () => {
    const pace = measurePace(sources.batches, sources.epochs, sources.verified);
    expect(pace).to.deep.equal({ ...DEFAULT_PACE, proven: 30, settled: 2, inscribed: 28, verified: 2 });
  });

  it("sums the stages ahead and counts what the running stage has already taken", () => {
    const left = secondsLeft({ soft: at(0), sealed: at(1) }, DEFAULT_PACE, new Date(at(5)), true);
    const { published, proven, settled, inscribed, verified } = DEFAULT_PACE;
    expect(left).to.equal(published + proven + settled + inscribed + verified - 4);
  });

  it("never promises less than a second for a stage that runs late", () => {
    const times = {
      soft: at(0),
      sealed: at(1),
      published: at(2),
      proven: at(3),
      settled: at(4),
      inscribed: at(5),
    };
    expect(secondsLeft(times, DEFAULT_PACE, new Date(at(500)), true)).to.equal(1);
  });

  it("is zero once the goal is reached", () => {
    expect(secondsLeft({ soft: at(0) }, DEFAULT_PACE, new Date(at(9)), true, "soft")).to.equal(0);
  });
});
