import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import type { UsageException } from "../../../../circuits/builder/usageLint.ts";
import { blocksOf } from "../../../../circuits/gadgets/precompiles/messagePadding.ts";
import { ripemd160Pool } from "../../../../circuits/gadgets/precompiles/ripemd160.ts";
import { type MessageJob, sha256Pool } from "../../../../circuits/gadgets/precompiles/sha256.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { expectCode } from "../../builder/expectCode.ts";
import { buildGadget } from "../buildGadget.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";
import { expectClean, expectNoticed, expectSameShape, publish } from "./expectTied.ts";

const random = new Random();
const LENGTHS = [0, 1, 55, 56, 63, 64, 65, 119, 120, 200];

const publishJobs = (b: Builder, jobs: readonly MessageJob[]): readonly MessageJob[] => {
  jobs.forEach(({ commitment, length, output }, i) =>
    publish(b, { [`c${i}`]: commitment, [`l${i}`]: length, [`hi${i}`]: output.hi, [`lo${i}`]: output.lo }),
  );
  return jobs;
};

const PADDING: readonly UsageException[] = [
  {
    name: /^pool\.block\[\]\.hash\.(start|word\[\])\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  {
    name: /^pool\.block\[\]\.last\.rest$/,
    because: "the rest of the last block, 0 elsewhere: that it is below 64 is the claim",
  },
];

interface Hash {
  readonly name: string;
  readonly pool: typeof sha256Pool;
  readonly native: (message: Uint8Array) => Uint8Array;
  /** A wire of the content of a block, its first 4 bytes. */
  readonly content: string;
  /** The constraint that ties it to the compression. */
  readonly tie: string;
  readonly exceptions: readonly UsageException[];
  readonly picks: number;
}

const HASHES: readonly Hash[] = [
  {
    name: "SHA-256",
    pool: sha256Pool,
    native: sha256,
    content: "word[0]",
    tie: "compression",
    exceptions: PADDING,
    picks: 1000,
  },
  {
    name: "RIPEMD-160",
    pool: ripemd160Pool,
    native: ripemd160,
    content: "byte[0]",
    tie: "word[0]",
    exceptions: [
      ...PADDING,
      {
        name: /^pool\.block\[\]\.compression\.line\[\]\.step\[\]\.(carry|over)$/,
        because: "the quotient of a division by 2^32, with its range",
      },
      { name: /^pool\.block\[\]\.compression\.sum\[\]\.over$/, because: "as above" },
      {
        name: /^pool\.block\[\]\.compression\.line\[\]\.step\[\]\.t\.(high|low)$/,
        because: "of the last words of a line, which no step rotates: their sum is used",
      },
    ],
    picks: 30,
  },
];

for (const { name, pool, native, content, tie, exceptions, picks } of HASHES)
  describe(`${name}, a pool of blocks (seed ${random.seed})`, function () {
    this.timeout(60_000);
    const build = (messages: readonly Uint8Array[], blocks: number, lies?: Record<string, Lie>) =>
      buildGadget(
        (b) =>
          publishJobs(
            b,
            pool(b, blocks, () => messages, "pool"),
          ),
        lies && new LyingBuilder(lies),
      );
    const digestOf = (message: Uint8Array): bigint =>
      BigInt(`0x${Buffer.from(native(message)).toString("hex")}`);

    it("hashes messages of the edge lengths and any others, each at its last block", () => {
      const lengths = [...LENGTHS, ...Array.from({ length: 8 }, () => random.below(400))];
      const messages = lengths.map((length) => random.bytes(length));
      const blocks = lengths.reduce((sum, length) => sum + blocksOf(length), 3);
      const built = build(messages, blocks);
      expectSound(built);
      const expected = new Map<number, Uint8Array>();
      let at = -1;
      for (const message of messages) expected.set((at += blocksOf(message.length)), message);
      built.out.forEach((job, i) => {
        const message = expected.get(i);
        expect(built.value(job.commitment)).to.equal(message ? messageCommitment(message) : 0n);
        if (message === undefined) return;
        expect(built.value(job.length)).to.equal(BigInt(message.length));
        expect(built.word(job.output)).to.equal(digestOf(message));
      });
    });

    it("hashes all bytes of 0 and of 255", () => {
      for (const byte of [0, 255]) {
        const messages = [32, 64, 100].map((length) => new Uint8Array(length).fill(byte));
        const built = build(messages, 5);
        expectSound(built);
        expect([0, 2, 4].map((i) => built.word(built.out[i]!.output))).to.deep.equal(messages.map(digestOf));
      }
    });

    it("leaves out what does not fit", () => {
      const built = build([random.bytes(10), random.bytes(100)], 2);
      expectSound(built);
      expect(built.value(built.out[0]!.commitment)).to.not.equal(0n);
      expect(built.value(built.out[1]!.commitment)).to.equal(0n);
    });

    it("refuses blocks that could hold a message of the length that does not end", () =>
      expectCode(() => build([], 2 ** 18 - 1), {
        code: "BAD_ARITY",
        where: "pool.blocks",
        expected: 2 ** 18 - 2,
        got: 2 ** 18 - 1,
      }));

    it("refuses a message that ends early or late", () => {
      const message = random.bytes(100);
      expectBroken(build([message], 3, { "pool.block[0].last": 1n }), {}, "pool.block[0].last.rest.inBlock");
      expectBroken(build([message], 3, { "pool.block[0].last": 1n }), {}, "pool.block[0].last.bits");
      // The next block can end it only by another length, which the run does not have.
      const late = { "pool.block[1].last": 0n, "pool.block[2].last": 1n };
      expectBroken(build([message], 3, late), {}, "pool.block[2].last.rest.inBlock");
      expectBroken(build([message], 3, { "pool.block[1].length": 101n }), {}, "pool.block[1].length.stays");
    });

    it("refuses another length than the padding shows", () => {
      const lie = { "pool.block[0].length": 36n };
      expectBroken(build([random.bytes(35)], 1, lie), {}, "pool.block[0].last.bits");
      expectBroken(build([random.bytes(35)], 1, lie), {}, "pool.block[0].pad.atLength");
    });

    it("refuses padding that is moved, missing or doubled", () => {
      const message = random.bytes(100);
      const lies = (wires: Record<string, Lie>) => build([message], 2, wires);
      expectBroken(lies({ "pool.block[1].pad.place": 5n }), {}, "pool.block[1].pad.atLength");
      expectBroken(lies({ "pool.block[1].pad[2]": 0n }), {}, "pool.block[1].last.padded");
      expectBroken(lies({ "pool.block[0].pad[0]": 1n }), {}, "pool.block[0].pad.atLength");
      expectBroken(lies({ "pool.block[1].pad[0]": 1n }), {}, "pool.block[1].pad.once");
      expectBroken(lies({ "pool.block[0].pad[3]": 2n }), {}, "pool.block[0].pad[3]");
    });

    it("refuses a word that is hashed and not committed to, and a gap", () => {
      const message = random.bytes(100);
      const skip = build([message], 2, { "pool.block[0].word[1].absorbed": 0n });
      expectBroken(skip, {}, "pool.block[0].word[1].hi.isAbsorbed");
      // A zero word may be left out only at the end: else its place in the message would be free.
      const sparse = message.fill(0, 32, 64);
      const gap = build([sparse], 2, { "pool.block[0].word[1].absorbed": 0n });
      expectBroken(gap, {}, "pool.block[1].word[0].noGap");
    });

    it("gives another commitment to a message that is not zero beyond its length", () => {
      const message = random.bytes(37);
      const canonical = messageCommitment(message);
      const built = build([message], 1, { "pool.block[0].length": 36n, "pool.block[0].pad.place": 4n });
      // The byte 80 is now taken from byte 36: what is left is committed to, and is no message of 36 bytes.
      const commitment = built.value(built.out[0]!.commitment);
      expect([canonical, messageCommitment(message.slice(0, 36))]).to.not.include(commitment);
    });

    it("refuses forged results", () => {
      const built = build([random.bytes(20), random.bytes(70)], 3);
      for (const half of ["hi", "lo"])
        expectBroken(built, { [`pool.block[0].output.${half}`]: 1n }, `pool.block[0].output.${half}`);
      expectBroken(built, { "pool.block[2].commitment": 0n }, "pool.block[2].commitment");
      expectBroken(built, { "pool.block[1].commitment": 1n }, "pool.block[1].commitment");
      const wire = `pool.block[0].${content}`;
      expectBroken(built, { [wire]: 7n }, `pool.block[0].${tie}`);
      expectBroken(built, { [wire]: 7n }, "pool.block[0].half[0]");
      expectBroken(built, { "pool.block[2].state[0]": 7n }, "pool.block[2].state[0]");
      expectBroken(built, { "pool.block[1].hash.run": 7n }, "pool.block[1].hash.run");
    });

    it("notices a change of any wire", () =>
      expectNoticed(build([random.bytes(10), random.bytes(64)], 4), random, picks, []));

    it("is tied in all wires, in a shape that depends on no witness", () => {
      const built = build([random.bytes(3)], 2);
      expectClean(built, exceptions);
      expectSameShape(built, (b) =>
        publishJobs(
          b,
          pool(b, 2, () => [], "pool"),
        ),
      );
    });
  });
