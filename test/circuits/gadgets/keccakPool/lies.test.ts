/** Every freedom a lying prover of a pool might look for, and the constraint that refuses it. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { FIRST_JOB } from "../../../../protocol/evm/keccakUse.ts";
import {
  messageCommitment,
  messageStart,
  messageStep,
  messageWords,
} from "../../../../protocol/evm/message.ts";
import { type PoolOptions, poolOf } from "./poolOf.ts";

const message = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => ((i * 37 + seed * 101) % 255) + 1);

/** Exactly these constraints are broken when everything else is filled from the lie. */
function expectRefused(
  messages: readonly Uint8Array[],
  options: PoolOptions,
  broken: readonly string[],
): void {
  const { circuit, witness } = poolOf(messages, options);
  const names = check(circuit, witness, 100).broken.map(({ name }) => name);
  expect([...new Set(names)]).to.deep.equal(broken);
}

/** The commitment of words that are said to be `length` bytes. */
const chain = (length: number, words: Uint8Array): bigint =>
  messageWords(words).reduce(messageStep, messageStart(length));

describe("a lying prover of a keccak pool", () => {
  describe("about a length", () => {
    it("cannot hash a message without its last zero, or with one more, under its commitment", () => {
      const long = new Uint8Array(64).fill(5, 0, 63);
      const claims = [messageCommitment(long)];
      const entries = [FIRST_JOB];
      expectRefused([long], { pooled: [long.slice(0, 63)], claims, entries }, ["get[0].commitment"]);
      const short = long.slice(0, 63);
      expectRefused([short], { pooled: [long], claims: [messageCommitment(short)], entries }, [
        "get[0].commitment",
      ]);
    });

    it("cannot take part of a word for the message", () => {
      // 63 of 64 bytes: what follows in the lane, in the word.
      const m = message(64);
      const byte = { "pool.job[0].lane": 7n, "pool.job[0].byte": 7n, "pool.padded[0]": 1n << 56n };
      expectRefused([m], { lies: byte, claims: [chain(63, m)], entries: [FIRST_JOB] }, [
        "pool.padding[0].tail.isShort",
        "pool.padding[0].padded",
      ]);
      const lane = {
        "pool.job[0].lane": 7n,
        "pool.job[0].emptyLanes[0]": 1n,
      };
      expectRefused([m], { lies: lane, claims: [chain(56, m)], entries: [FIRST_JOB] }, [
        "pool.padding[0].empty[0]",
      ]);
    });

    it("cannot leave bytes after the end, in the lane of the end or in the others of its word", () => {
      const m = message(33);
      for (const [at, broken] of [
        [1, "tail.isShort"],
        [7, "tail.isShort"],
        [8, "empty[2]"],
        [15, "empty[2]"],
        [16, "empty[1]"],
        [24, "empty[0]"],
        [31, "empty[0]"],
      ] as const) {
        const padded = new Uint8Array(64);
        padded.set(m);
        padded[32 + at] = 9;
        const lies = { [`pool.word[1].byte[${at}]`]: 9n };
        const { circuit, witness } = poolOf([m], { lies, claims: [chain(33, padded)], entries: [FIRST_JOB] });
        const names = check(circuit, witness, 10).broken.map(({ name }) => name);
        expect(names, `byte ${at}`).to.include(`pool.padding[0].${broken}`);
        expect(names.every((name) => name.startsWith("pool.padding[0]."))).to.equal(true);
      }
    });

    it("cannot call another lane of the last word empty than the last ones", () => {
      for (const [empty, follows] of [
        [1, "emptyLanes[1].follows"],
        [2, "emptyLanes[2].follows"],
      ] as const) {
        // 3 lanes of data in the last word, of which one is zero, and bytes in the fourth.
        const m = message(56).fill(0, 56 - 8 * empty, 64 - 8 * empty);
        const padded = new Uint8Array(64);
        padded.set(m);
        padded[63] = 9;
        const lies = {
          "pool.word[1].byte[31]": 9n,
          "pool.job[0].emptyLanes[0]": 0n,
          [`pool.job[0].emptyLanes[${empty}]`]: 1n,
        };
        const dishonest = { lies, claims: [chain(56, padded)], entries: [FIRST_JOB] };
        expectRefused([m], dishonest, [`pool.job[0].${follows}`]);
      }
    });

    it("cannot divide it in another way", () => {
      const m = message(200);
      const lie = (lies: Record<string, bigint>, broken: readonly string[]): void => {
        const { circuit, witness } = poolOf([m], { lies });
        const names = check(circuit, witness, 100).broken.map(({ name }) => name);
        expect(names).to.include.members([...broken]);
      };
      // All 25 lanes in one block; -9 lanes in a third; 16 bytes in the lane before; fewer and more words.
      lie({ "pool.job[0].fullBlocks": 0n, "pool.job[0].lane": 25n }, ["pool.job[0].laneMask"]);
      lie({ "pool.job[0].fullBlocks": 2n, "pool.job[0].lane": -9n }, ["pool.job[0].lane"]);
      lie({ "pool.job[0].lane": 7n, "pool.job[0].byte": 8n }, ["pool.job[0].padding"]);
      lie({ "pool.job[0].words": 6n }, ["pool.job[0].words.holdLanes"]);
      lie({ "pool.job[0].words": 8n }, ["pool.job[0].words.holdLanes"]);
      lie({ "pool.job[0].words": 0n }, ["pool.job[0].words.holdLanes"]);
    });

    it("cannot begin the padding with data, or take data for padding", () => {
      const m = message(33);
      expectRefused([m], { lies: { "pool.padded[0]": (v) => v + 1n } }, ["pool.padding[0].padded"]);
      expectRefused([m], { lies: { "pool.padding[0].shift": 0n } }, ["pool.padding[0].shift"]);
      expectRefused([m], { lies: { "pool.padding[0].tail.lane": 0n, "pool.padded[0]": 256n } }, [
        "pool.padding[0].tail.lane",
      ]);
      expectRefused(
        [m],
        { lies: { "pool.job[0].byte.isZero": 1n, "pool.job[0].words": 1n, "pool.job[0].emptyLanes[0]": 0n } },
        [
          "pool.job[0].byte.isZero.one",
          "pool.job[0].byte.isZero.zero",
          "pool.job[0].emptyLanes[1].follows",
          "pool.job[0].words.holdLanes",
          "pool.padding[0].padded",
          "pool.padding[0].empty[1]",
          "pool.padding[0].empty[2]",
          "get[0].commitment",
        ],
      );
    });
  });

  describe("about where a message stands", () => {
    const messages = [message(40), message(200, 2), message(33, 3)];

    it("cannot begin a commitment in the middle, go on where it ends, or skip a message", () => {
      const lie = (lies: Record<string, bigint>, broken: string): void => {
        const { circuit, witness } = poolOf(messages, { lies });
        expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.include(broken);
      };
      // Words 0, 1 are of job 0, words 2..8 of job 1.
      lie({ "pool.word[3].ends": 1n }, "pool.word[3].ends.zero");
      lie({ "pool.word[1].ends": 0n }, "pool.word[1].ends.one");
      lie({ "pool.word[4].from": 5n }, "pool.word[4].from");
      lie({ "pool.word[2].start": messageStart(33) }, "pool.word[2].start");
      lie({ "pool.word[1].nextJob": 2n }, "pool.word[1].nextJob");
    });

    it("cannot end a message after another block, skip one, or carry a state over", () => {
      const lie = (lies: Record<string, bigint>, broken: string): void => {
        const { circuit, witness } = poolOf(messages, { lies });
        expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.include(broken);
      };
      // Block 0 is of job 0, blocks 1 and 2 of job 1, block 3 of job 2.
      lie({ "pool.block[1].ends": 1n }, "pool.block[1].ends.zero");
      lie({ "pool.block[2].ends": 0n }, "pool.block[2].ends.one");
      lie({ "pool.block[0].nextJob": 2n }, "pool.block[0].nextJob");
      lie({ "pool.block[1].goesOn": 1n }, "pool.block[1].goesOn");
      lie({ "pool.block[2].goesOn": 0n }, "pool.block[2].goesOn");
      lie({ "pool.block[2].origin": 0n }, "pool.block[2].origin");
      lie({ "pool.block[2].offset": 6n }, "pool.block[2].offset");
      lie({ "pool.block[2].lane[3].at": 6n }, "pool.block[2].lane[3].at");
      lie({ "pool.block[0].lastLane": 0n }, "pool.block[0].lastLane");
      lie({ "pool.digest[1].lastBlock": 2n }, "pool.digest[1].lastBlock");
      lie({ "pool.digest[1].lastWord": 3n }, "pool.digest[1].lastWord");
    });

    it("cannot let a block take lanes that are not its message's", () => {
      const lie = (lies: Record<string, bigint>, broken: readonly string[]): void =>
        expectRefused([message(40)], { lies }, broken);
      // 5 lanes of 40 bytes are full: one fewer, one more, a hole.
      lie({ "pool.block[0].full[4]": 0n }, ["pool.block[0].full.sum"]);
      lie({ "pool.block[0].full[5]": 1n }, ["pool.block[0].full.sum"]);
      lie({ "pool.block[0].full[2]": 0n }, ["pool.block[0].full.sum"]);
      lie({ "pool.block[0].mask": 15n }, ["pool.block[0].mask"]);
    });

    it("cannot split a message into two jobs, or join two", () => {
      const whole = message(200);
      const parts = [whole.slice(0, 136), whole.slice(136)];
      const claims = [messageCommitment(whole)];
      const entries = [FIRST_JOB];
      const shape = { jobs: 2, words: 8, blocks: 3 };
      expectRefused([whole], { shape, pooled: parts, claims, entries }, ["get[0].commitment"]);
      expectRefused([whole], { shape, pooled: parts, claims, entries: [FIRST_JOB + 1] }, [
        "get[0].commitment",
      ]);
      const joined = { pooled: [whole], shape, claims: [messageCommitment(parts[0]!)], entries };
      expectRefused([], joined, ["get[0].commitment"]);
    });

    it("cannot use words or blocks that are not there", () => {
      const shape = { jobs: 1, words: 6, blocks: 2 };
      const m = message(200);
      const { circuit, witness } = poolOf([m], { shape });
      expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.include(
        "pool.digest[0].commitment",
      );
      expectRefused([m], { shape: { ...shape, words: 7, blocks: 1 } }, [
        "pool.digest[0].half[0]",
        "pool.digest[0].half[1]",
      ]);
    });
  });

  describe("about what is no message", () => {
    it("cannot make a job of the empty message, nor go on after it", () => {
      const shape = { jobs: 2, words: 3, blocks: 2 };
      const empty = new Uint8Array();
      // A job of length 0 is idle: it has no words that a commitment could begin with.
      const behind = { shape, pooled: [empty, message(40)], claims: [0n] };
      const { circuit, witness } = poolOf([], behind);
      expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.deep.equal([
        "pool.job[1].active.follows",
      ]);
      const awake = { shape, pooled: [empty], claims: [0n], lies: { "pool.job[0].idle": 0n } };
      expectRefused([], awake, ["pool.job[0].idle.one"]);
    });

    it("cannot give an active job the digest of nothing", () => {
      const lies = { "pool.job[0].idle": 1n };
      const { circuit, witness } = poolOf([message(40)], { lies, claims: [0n], entries: [FIRST_JOB] });
      const names = check(circuit, witness, 100).broken.map(({ name }) => name);
      expect(names).to.include.members(["pool.job[0].idle.zero"]);
    });

    it("cannot look a commitment up in another entry, in none, or read another digest", () => {
      const messages = [message(40), message(64)];
      for (const entry of [0, 1, FIRST_JOB + 1, FIRST_JOB + 2, 16383])
        expectRefused([message(40), message(64)], { entries: [entry, FIRST_JOB + 1] }, [
          "get[0].commitment",
          ...(entry > FIRST_JOB + 1 ? ["get[0].hi", "get[0].lo"] : []),
        ]);
      expectRefused(messages, { lies: { "get[1].hi": 7n } }, ["get[1].hi"]);
      expectRefused(messages, { lies: { "get[1].lo": 7n } }, ["get[1].lo"]);
    });

    it("cannot choose the bytes of a digest, or a permutation's result", () => {
      const m = [message(40)];
      expectRefused(m, { lies: { "pool.digest[0].half[0].byte[3]": (v) => v ^ 1n } }, ["pool.digest[0].half[0].bytes"]); // prettier-ignore
      expectRefused(m, { lies: { "pool.digest[0].half[1]": (v) => v ^ 1n } }, ["pool.digest[0].half[1]"]);
      expectRefused(m, { lies: { "pool.block[0].permutation[0]": (v) => v ^ 1n } }, ["pool.block[0].permutation"]); // prettier-ignore
    });
  });
});
