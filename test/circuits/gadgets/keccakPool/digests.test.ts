import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { type UsageException, lintUsage } from "../../../../circuits/builder/usageLint.ts";
import {
  EMPTY_MESSAGE,
  FIRST_JOB,
  type KeccakUse,
  keccakUse,
  planKeccakJobs,
} from "../../../../protocol/evm/keccakUse.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { Random } from "../../../protocol/random.ts";
import { expectSound } from "../../builder/expectBroken.ts";
import { expectSnapshot } from "../../builder/expectSnapshot.ts";
import { buildPool, keccakWord, poolOf } from "./poolOf.ts";

const random = new Random();
const LENGTHS = [0, 1, 31, 32, 33, 64, 100, 135, 136, 137, 200, 271, 272, 273, 500];

describe(`keccak pool (seed ${random.seed})`, () => {
  it("gives Keccak-256 of every length, in a pool of its own that it fills", () => {
    for (const length of LENGTHS) {
      const message = random.bytes(length);
      const built = poolOf([message]);
      expectSound(built);
      expect(built.out.map(built.word), `${length} bytes`).to.deep.equal([keccakWord(message)]);
    }
  });

  it("gives it of every length at the ends of a lane, a word and a block", () => {
    const edges = [7, 8, 9, 63, 65, 127, 128, 129, 134, 160, 407, 408, 409, 543, 544, 545, 680];
    const messages = edges.map((length) => random.bytes(length));
    const built = poolOf(messages);
    expectSound(built);
    expect(built.out.map(built.word)).to.deep.equal(messages.map(keccakWord));
  });

  for (const spare of [{}, { jobs: 1 }, { words: 2 }, { blocks: 1 }, { jobs: 3, words: 7, blocks: 2 }])
    it(`serves several messages, with ${JSON.stringify(spare)} to spare`, () => {
      const messages = [...LENGTHS, ...LENGTHS].map((length) => random.bytes(length));
      const built = poolOf(messages, { spare });
      expectSound(built);
      expect(built.out.map(built.word)).to.deep.equal(messages.map(keccakWord));
    });

  it("tells messages apart that differ in zeros at the end", () => {
    const messages = [1, 31, 32, 33, 135, 136, 137].map((length) => new Uint8Array(length));
    const built = poolOf(messages);
    expectSound(built);
    expect(built.out.map(built.word)).to.deep.equal(messages.map(keccakWord));
  });

  it("knows nothing and the empty message without any job", () => {
    const built = poolOf([new Uint8Array()], {
      shape: { jobs: 0, words: 0, blocks: 0 },
      claims: [0n, messageCommitment(new Uint8Array())],
    });
    expectSound(built);
    expect(built.out.map(built.word)).to.deep.equal([0n, keccakWord(new Uint8Array())]);
  });

  it("gives 0 for nothing in an idle job too", () => {
    const built = poolOf([random.bytes(40)], { spare: { jobs: 1 }, claims: [0n], entries: [FIRST_JOB + 1] });
    expectSound(built);
    expect(built.out.map(built.word)).to.deep.equal([0n]);
  });

  it("breaks a lookup, and throws nothing, when messages do not fit", () => {
    const messages = [random.bytes(40), random.bytes(200)];
    const lookup = (shape: KeccakUse): string[] => {
      const { circuit, witness } = poolOf(messages, { shape });
      return check(circuit, witness, 100).broken.map(({ name }) => name);
    };
    expect(lookup({ jobs: 1, words: 9, blocks: 3 })).to.deep.equal([
      "get[1].commitment",
      "get[1].hi",
      "get[1].lo",
    ]);
    expect(lookup({ jobs: 2, words: 8, blocks: 3 })).to.include("pool.digest[1].commitment");
    expect(lookup({ jobs: 2, words: 9, blocks: 2 })).to.deep.equal([
      "pool.digest[1].half[0]",
      "pool.digest[1].half[1]",
    ]);
  });
});

describe(`plan of keccak jobs (seed ${random.seed})`, () => {
  it("has one job for each distinct message that is not empty", () => {
    const [x, y] = [random.bytes(137), random.bytes(32)];
    const { messages, entryOf, use } = planKeccakJobs([x, new Uint8Array(), y, x.slice(), new Uint8Array()]);
    expect(messages).to.deep.equal([x, y]);
    const entries = [x, y, new Uint8Array()].map((message) => entryOf.get(messageCommitment(message)));
    expect(entries).to.deep.equal([FIRST_JOB, FIRST_JOB + 1, EMPTY_MESSAGE]);
    expect(use).to.deep.equal({ jobs: 2, words: 6, blocks: 3 });
  });

  it("counts the blocks of Keccak's padding", () => {
    const counted = [0, 1, 32, 33, 135, 136, 271, 272].map((length) => keccakUse(length));
    expect(counted.map(({ words }) => words)).to.deep.equal([0, 1, 1, 2, 5, 5, 9, 9]);
    expect(counted.map(({ blocks }) => blocks)).to.deep.equal([0, 1, 1, 1, 1, 2, 2, 3]);
  });
});

/** Wires that one constraint mentions, besides their range. */
const USED_ONCE: readonly UsageException[] = [
  {
    name: /^pool\.(job\[\]\.start|word\[\]\.step)\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  {
    name: /^pool\.block\[\]\.permutation\[\]$/,
    because: "a digest is four lanes of 25; the others go into the next block, if there is one",
  },
  { name: /^pool\.(word|block)\[\]\.nextJob$/, because: "of the last row: nothing follows" },
  { name: /^pool\.padding\[\]\.tail\.shifted$/, because: "one line defines it and its range is the claim" },
  { name: /^claim\[\]$/, because: "what the test looks up" },
  { name: /^get\[\]\.(hi|lo)$/, because: "what the test reads" },
];

describe("circuit of a keccak pool", () => {
  const shape = { jobs: 2, words: 5, blocks: 3 };
  const messages = [new Uint8Array(40).fill(1), new Uint8Array(136).fill(2)];
  const made = (use: KeccakUse, lookups = 0) => {
    const b = new Builder("shape");
    buildPool(b, [], { shape: use, claims: new Array<bigint>(lookups).fill(0n) });
    return b.finish().circuit;
  };

  it("does not depend on the witness", () => {
    const proved = poolOf(messages, { shape, claims: [0n] });
    expect(circuitDigest(proved.circuit)).to.equal(circuitDigest(made(shape, 1)));
    expect(circuitDigest(poolOf([], { shape, claims: [0n] }).circuit)).to.equal(
      circuitDigest(made(shape, 1)),
    );
  });

  it("passes the lints", () => {
    const circuit = made(shape, 1);
    expect(lintBounds(circuit).faults).to.deep.equal([]);
    expect(lintUsage(circuit, USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] });
  });

  it("has the sizes of its snapshot", () => {
    expectSnapshot("keccakPool", { "2 jobs, 5 words, 3 blocks": made(shape, 1) });
  });

  it("costs 18,340 gates for one more message of 64 bytes, its lookup included", () => {
    const gates = (jobs: number): number =>
      estimateGates(made({ jobs, words: 2 * jobs, blocks: jobs }, jobs)).total;
    expect((gates(20) - gates(10)) / 10).to.be.within(18_300, 18_340);
  });
});
