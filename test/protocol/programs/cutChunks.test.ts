import { expect } from "chai";
import { PROGRAMS } from "../../../protocol/genesis.ts";
import {
  addUse,
  cheapestProfile,
  type ProofProfiles,
  shortageOf,
  type Use,
} from "../../../protocol/programs/capacity.ts";
import { cutChunks, mostBlocks } from "../../../protocol/programs/cutChunks.ts";
import {
  DEFAULT_PROGRAM,
  findProvenProgram,
  provenProgramNames,
} from "../../../protocol/programs/provenPrograms.ts";
import { expectError } from "../expectError.ts";
import { Random } from "../random.ts";

/** Invented: one circuit for many small blocks, one for heavy hashing, one that holds more of everything and costs more. */
const program: ProofProfiles = {
  profiles: [
    { name: "large", gates: 400, capacities: { blocks: 8, rows: 100, hashes: 4, ancestors: 10 } },
    { name: "small", gates: 100, capacities: { blocks: 8, rows: 20, hashes: 1, ancestors: 2 } },
    { name: "hashing", gates: 100, capacities: { blocks: 4, rows: 20, hashes: 12, ancestors: 2 } },
  ],
  greatest: ["ancestors"],
  emptyBlock: { blocks: 1 },
  leastTransaction: { rows: 3 },
};
const block = (rows: number, more: Use = {}): Use => ({ blocks: 1, rows, ...more });
const cut = (...uses: Use[]): [string, number][] =>
  cutChunks(program, uses).map(({ circuit, blocks }) => [circuit, blocks]);

const random = new Random();

describe(`cutting blocks into chunks (seed ${random.seed})`, () => {
  it("takes as many blocks as one circuit holds, and of those circuits the cheapest", () => {
    expect(cut()).to.deep.equal([]);
    expect(cut(block(10), block(10))).to.deep.equal([["small", 2]]);
    expect(cut(block(10), block(11))).to.deep.equal([["large", 2]]);
    expect(cut(block(60), block(60), block(0))).to.deep.equal([
      ["large", 1],
      ["large", 2],
    ]);
    expect(cut(block(5, { hashes: 12 }))).to.deep.equal([["hashing", 1]]);
    expect(cut(block(5, { hashes: 12 }), block(5, { hashes: 1 }))).to.deep.equal([
      ["hashing", 1],
      ["small", 1],
    ]);
  });

  it("takes the first of equally cheap circuits", () =>
    expect(cut(block(1, { hashes: 1 }))).to.deep.equal([["small", 1]]));

  it("adds what blocks use, but for the capacities they share", () => {
    expect(addUse({ a: 1, b: 2 }, { b: 3, c: 4 }, ["b"])).to.deep.equal({ a: 1, b: 3, c: 4 });
    expect(cut(...Array<Use>(3).fill(block(1, { ancestors: 2 })))).to.deep.equal([["small", 3]]);
    expect(cut(block(1, { ancestors: 2 }), block(1, { ancestors: 3 }))).to.deep.equal([["large", 2]]);
  });

  it("says of a chunk that it is full when no block with a transaction fits beside it", () => {
    const fullness = (...uses: Use[]): boolean[] => cutChunks(program, uses).map(({ isFull }) => isFull);
    expect(fullness(block(97))).to.deep.equal([false]);
    expect(fullness(block(98))).to.deep.equal([true]);
    expect(fullness(...Array<Use>(8).fill(block(0)))).to.deep.equal([true]);
    expect(fullness(...Array<Use>(7).fill(block(0)))).to.deep.equal([false]);
  });

  it("refuses a block that no circuit holds, by what the one that comes closest lacks", () => {
    expectError(() => cut(block(1), block(101)), {
      ...{ code: "BLOCK_EXCEEDS_CAPACITY", index: 1, capacity: "rows", needed: 101, available: 100 },
    });
    expectError(() => cut(block(19, { hashes: 13 })), { capacity: "hashes", needed: 13, available: 4, code: "BLOCK_EXCEEDS_CAPACITY" }); // prettier-ignore
    expectError(() => cut(block(1, { unheard: 1 })), {
      ...{ code: "BLOCK_EXCEEDS_CAPACITY", index: 0, capacity: "unheard", needed: 1, available: 0 },
    });
    expect(shortageOf(program, block(20))).to.equal(undefined);
  });

  it("knows how many blocks a chunk may have at most", () => {
    expect(mostBlocks(program)).to.equal(8);
    expect(mostBlocks({ ...program, emptyBlock: { blocks: 1, rows: 50 } })).to.equal(2);
  });

  it("loses no block, and every chunk fits the circuit it names; none could have taken the next block", () => {
    for (let round = 0; round < 50; round++) {
      const uses = Array.from({ length: random.below(40) }, () =>
        block(random.below(101), { hashes: random.below(5), ancestors: random.below(11) }),
      );
      let at = 0;
      for (const { circuit, blocks } of cutChunks(program, uses)) {
        const sum = uses.slice(at, at + blocks).reduce((a, b) => addUse(a, b, program.greatest));
        expect(cheapestProfile(program, sum)?.name).to.equal(circuit);
        at += blocks;
        const next = uses[at];
        if (next) expect(cheapestProfile(program, addUse(sum, next, program.greatest))).to.equal(undefined);
      }
      expect(at).to.equal(uses.length);
    }
  });
});

describe("the programs that chains are proven by", () => {
  it("each hold an empty block, and one with the least transaction, in every circuit", () => {
    for (const name of provenProgramNames()) {
      const { profiles, emptyBlock, leastTransaction, greatest } = findProvenProgram(name)!;
      for (const profile of profiles) {
        const alone = { profiles: [profile] };
        for (const use of [emptyBlock, addUse(emptyBlock, leastTransaction, greatest)])
          expect(shortageOf({ ...alone, emptyBlock, leastTransaction, greatest }, use)).to.equal(undefined);
      }
    }
  });

  it("do not contain `none`, nor names that are no program's", () => {
    expect(provenProgramNames()).to.include(DEFAULT_PROGRAM).and.not.include("none");
    expect(PROGRAMS).to.include.members(provenProgramNames());
    for (const name of ["none", "", "toString"]) expect(findProvenProgram(name), name).to.equal(undefined);
  });
});
