import { blake2b } from "@noble/hashes/blake2.js";
import { expect } from "chai";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import {
  type Blake2fCapacity,
  type Blake2fJob,
  blake2fPool,
} from "../../../../circuits/gadgets/precompiles/blake2f.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { buildGadget, type Gadget, hex, unhex } from "../buildGadget.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";
import { expectClean, expectNoticed, expectSameShape, publish } from "./expectTied.ts";
import { callPrecompile } from "./reference.ts";

const random = new Random();

/** EIP-152, test vectors 4 to 7: the parts between rounds and final are the same. */
const MIDDLE =
  "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5" +
  "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b" +
  "616263".padEnd(256, "0") +
  "03".padEnd(32, "0");
const call = (rounds: number, final: number, middle = MIDDLE): Uint8Array =>
  unhex(rounds.toString(16).padStart(8, "0") + middle + final.toString(16).padStart(2, "0"));
const VECTORS = [
  [call(0, 1), "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b"],
  [call(12, 1), "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"],
  [call(12, 0), "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d2875298743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735"],
  [call(1, 1), "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fba551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421"],
] as const; // prettier-ignore

const publishJobs = (b: Builder, jobs: readonly Blake2fJob[]): readonly Blake2fJob[] => {
  jobs.forEach(
    ({ commitment, rounds, final, wellFormed, answered, output: [x, y] }, i) =>
    publish(b, { [`c${i}`]: commitment, [`r${i}`]: rounds, [`f${i}`]: final, [`w${i}`]: wellFormed, [`s${i}`]: answered, [`xh${i}`]: x.hi, [`xl${i}`]: x.lo, [`yh${i}`]: y.hi, [`yl${i}`]: y.lo }), // prettier-ignore
  );
  return jobs;
};

const build = (
  capacity: Blake2fCapacity,
  inputs: readonly Uint8Array[],
  lies?: Record<string, Lie>,
  answered = true,
) =>
  buildGadget(
    (b) =>
      publishJobs(
        b,
        blake2fPool(b, capacity, () => inputs.map((input) => ({ input, answered })), "pool"),
      ),
    lies && new LyingBuilder(lies),
  );

const outputOf = (built: Gadget<readonly Blake2fJob[]>, i: number): string =>
  built.out[i]!.output.map((word) => built.word(word).toString(16).padStart(64, "0")).join("");

describe(`BLAKE2f, a pool of rounds (seed ${random.seed})`, function () {
  this.timeout(60_000);

  it("passes the vectors of EIP-152", () => {
    const built = build({ jobs: 5, rounds: 27 }, VECTORS.map(([input]) => input)); // prettier-ignore
    expectSound(built);
    VECTORS.forEach(([input, output], i) => {
      const job = built.out[i]!;
      expect(outputOf(built, i)).to.equal(output);
      expect(built.value(job.answered)).to.equal(1n);
      expect(built.value(job.commitment)).to.equal(messageCommitment(input));
      expect(built.value(job.rounds)).to.equal(BigInt(`0x${hex(input.slice(0, 4))}`));
    });
    expect(built.value(built.out[4]!.commitment)).to.equal(0n);
  });

  it("is the compression of BLAKE2b", () => {
    const message = random.bytes(100);
    const padded = hex(message).padEnd(256, "0");
    const input = call(12, 1, MIDDLE.slice(0, 128) + padded + "64".padEnd(32, "0"));
    const built = build({ jobs: 1, rounds: 12 }, [input]);
    expectSound(built);
    expect(outputOf(built, 0)).to.equal(hex(blake2b(message)));
  });

  it("equals the precompiled contract on random inputs of random rounds", async () => {
    const inputs = [0, 7, 10, 11, 23].map((rounds, i) => call(rounds, i % 2, hex(random.bytes(208))));
    const built = build({ jobs: 5, rounds: 53 }, inputs);
    expectSound(built);
    for (const [i, input] of inputs.entries()) {
      const { output, gas } = await callPrecompile(9, input);
      expect(outputOf(built, i)).to.equal(hex(output));
      expect(built.value(built.out[i]!.rounds)).to.equal(gas);
    }
  });

  it("fails, without rounds, where the last byte is neither 0 nor 1", () => {
    const inputs = [2, 255].map((final) => call(0xffff_ffff, final));
    const built = build({ jobs: 2, rounds: 1 }, inputs);
    expectSound(built);
    built.out.forEach((job, i) => {
      expect([job.wellFormed, job.answered].map(built.value)).to.deep.equal([0n, 0n]);
      expect(built.value(job.final)).to.equal(BigInt(inputs[i]![212]!));
      expect(built.value(job.commitment)).to.equal(messageCommitment(inputs[i]!));
      expect(outputOf(built, i)).to.equal("0".repeat(128));
    });
  });

  it("gives the rounds, and no result, of a call that is not answered", () => {
    const inputs = [call(0xffff_ffff, 1)];
    const built = build({ jobs: 1, rounds: 1 }, inputs, {}, false);
    expectSound(built);
    const job = built.out[0]!;
    expect([job.wellFormed, job.answered, job.rounds].map(built.value)).to.deep.equal([1n, 0n, 0xffff_ffffn]);
    expect(outputOf(built, 0)).to.equal("0".repeat(128));
    const claimed = build({ jobs: 1, rounds: 1 }, inputs, { "pool.job[0].answered": 1n }, false);
    expectBroken(claimed, {}, "pool.job[0].end.is");
    const broken = build({ jobs: 1, rounds: 1 }, [call(0, 2)], { "pool.job[0].answered": 1n });
    expectBroken(broken, {}, "pool.job[0].answered.isWellFormed");
  });

  it("has no proof of a call that lacks a round", () =>
    expectBroken(build({ jobs: 1, rounds: 11 }, [call(12, 1)]), {}, "pool.job[0].end.is"));

  it("refuses a result of fewer rounds, of another job, of a run cut in two", () => {
    const inputs = [call(3, 1), call(4, 0)];
    const lies = (wires: Record<string, Lie>) => build({ jobs: 2, rounds: 7 }, inputs, wires);
    for (const end of [0n, 1n, 2n, 3n, 5n, 8n])
      expectBroken(lies({ "pool.job[0].end": end }), {}, "pool.job[0].end.is");
    expectBroken(lies({ "pool.round[1].continues": 0n }), {}, "pool.job[0].end.is");
    expectBroken(lies({ "pool.round[3].continues": 1n }), {}, "pool.round[3].job.stays");
    expectBroken(lies({ "pool.round[0].job": 1n }), {}, "pool.round[1].job.stays");
    // A job number that is no job's is none of the tables'.
    expectBroken(lies({ "pool.round[0].job": 2n }), {}, "pool.round[0].job");
  });

  it("refuses message words in another order", () => {
    const lies = (wires: Record<string, Lie>) => build({ jobs: 1, rounds: 12 }, [call(12, 1)], wires);
    expectBroken(lies({ "pool.round[4].order": 3n }), {}, "pool.round[4].order.ofRound");
    // Round 10 has the order 0 again: 10 is no order, though 10 * 0 + 10 is the number.
    expectBroken(
      lies({ "pool.round[10].order": 10n, "pool.round[10].tens": 0n }),
      {},
      "pool.round[10].order[0]",
    );
    expectBroken(lies({ "pool.round[2].order[5]": 1n }), {}, "pool.round[2].order[5]");
  });

  it("refuses forged steps and results", () => {
    const built = build({ jobs: 1, rounds: 2 }, [call(2, 1, hex(random.bytes(208)))]);
    const at = "pool.round[1].mix.mix[6]";
    const refuses = (wire: string, broken: string) =>
      expectBroken(built, { [wire]: built.witness[0]! + 7n }, broken);
    refuses(`${at}.first.a.lo`, `${at}.first.a.sum`);
    refuses(`${at}.first.d.xor.lo`, `${at}.first.d.xor.lo`);
    refuses(`${at}.second.d.high.above`, `${at}.second.d.high.split`);
    refuses(`${at}.second.b.low.below`, `${at}.second.b.low.split`);
    refuses(`${at}.second.c.hi`, `${at}.second.c.sum`);
    refuses("pool.round[1].mix.out[3]", "pool.round[1].mix.out[3]");
    refuses("pool.job[0].result[2].hi[1]", "pool.job[0].result[2].hi.bytes");
    refuses("pool.job[0].output[3]", "pool.job[0].output[3]");
    refuses("pool.job[0].byte[70]", "pool.job[0].half[4]");
    refuses("pool.job[0].wellFormed", "pool.job[0].wellFormed");
    refuses("pool.job[0].commitment", "pool.job[0].commitment");
    expectBroken(built, { "pool.job[0].used": 0n }, "pool.job[0].commitment");
  });

  it("notices a change of any kind of wire", () => {
    const inputs = [call(3, 1, hex(random.bytes(208))), call(2, 0, hex(random.bytes(208)))];
    expectNoticed(build({ jobs: 2, rounds: 6 }, inputs), random, 20, [
      { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
    ]);
  });

  it("is tied in all wires, in a shape that depends on no witness", () => {
    const built = build({ jobs: 1, rounds: 2 }, [call(2, 1)]);
    expectClean(built, [
      {
        name: /^pool\.job\[\]\.hash\[\]\.permutation\[\]\[\]$/,
        because: "a sponge's result is its first lane; the others are what the permutation makes them",
      },
      { name: /^pool\.job\[\]\.used$/, because: "a job that could be used need not be: it exposes 0" },
      { name: /^pool\.round\[\]\.tens$/, because: "the quotient of a division by 10, with its range" },
      {
        name: /^pool\.round\[\]\.mix\.mix\[\]\.(first|second)\.[ac]\.carry$/,
        because: "the quotient of a division by 2^64, with its range",
      },
    ]);
    expectSameShape(built, (b) =>
      publishJobs(
        b,
        blake2fPool(b, { jobs: 1, rounds: 2 }, () => [], "pool"),
      ),
    );
  });
});
