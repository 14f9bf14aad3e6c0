import { expect } from "chai";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import { modexpGas } from "../../../../circuits/gadgets/precompiles/gas.ts";
import { type ModexpCapacity, type ModexpJob, type ModexpCall, modexpPool } from "../../../../circuits/gadgets/precompiles/modexp.ts"; // prettier-ignore
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { buildGadget } from "../buildGadget.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";
import { expectClean, expectNoticed, expectSameShape, publish } from "./expectTied.ts";
import { bytes32, callPrecompile } from "./reference.ts";

const random = new Random();
const MAX = (1n << 256n) - 1n;
const PRIME = (1n << 256n) - (1n << 32n) - 977n;

const lengthOf = (x: bigint): number => (x === 0n ? 0 : Math.ceil(x.toString(16).length / 2));
const call = (base: bigint, exponent: bigint, modulus: bigint, length?: number): ModexpCall => ({
  answered: true,
  baseLength: length ?? lengthOf(base),
  exponentLength: length ?? lengthOf(exponent),
  modulusLength: length ?? lengthOf(modulus),
  base,
  exponent,
  modulus,
});

/** The input of the precompiled contract (EIP-198). */
const encode = (c: ModexpCall): Uint8Array =>
  Buffer.concat([
    ...[c.baseLength, c.exponentLength, c.modulusLength].map((length) => bytes32(BigInt(length))),
    bytes32(c.base).slice(32 - c.baseLength),
    bytes32(c.exponent).slice(32 - c.exponentLength),
    bytes32(c.modulus).slice(32 - c.modulusLength),
  ]);

type Job = ModexpJob & { readonly gas: ReturnType<typeof modexpGas> };

const publishJobs = (b: Builder, jobs: readonly ModexpJob[]): Job[] =>
  jobs.map((job, i) => {
    const gas = modexpGas(b, job, `gas[${i}]`);
    const { base, exponent, modulus, result } = job;
    const words = Object.entries({ base, exponent, modulus, result });
    publish(b, {
      ...Object.fromEntries(words.flatMap(([name, { hi, lo }]) => [[`${name}.hi`, hi], [`${name}.lo`, lo]])), // prettier-ignore
      baseLength: job.baseLength,
      exponentLength: job.exponentLength,
      modulusLength: job.modulusLength,
      answered: job.answered,
      gas,
    });
    return { ...job, gas };
  });

const build = (capacity: ModexpCapacity, calls: readonly ModexpCall[], lies?: Record<string, Lie>) =>
  buildGadget(
    (b) =>
      publishJobs(
        b,
        modexpPool(b, capacity, () => calls, "pool"),
      ),
    lies && new LyingBuilder(lies),
  );

const stepsOf = (calls: readonly ModexpCall[]): number =>
  calls.reduce((sum, { exponent }) => sum + (exponent === 0n ? 0 : Math.ceil(exponent.toString(2).length / 4)), 0); // prettier-ignore

describe(`modexp, a pool of steps (seed ${random.seed})`, function () {
  this.timeout(60_000);

  async function equalsReference(calls: readonly ModexpCall[]): Promise<void> {
    const built = build({ jobs: calls.length + 1, steps: stepsOf(calls) + 2 }, calls);
    expectSound(built);
    for (const [i, one] of calls.entries()) {
      const { output, gas } = await callPrecompile(5, encode(one));
      const job = built.out[i]!;
      const result = bytes32(built.word(job.result));
      expect(result.slice(32 - one.modulusLength), `${i}`).to.deep.equal(Uint8Array.from(output));
      expect(result.slice(0, 32 - one.modulusLength).every((byte) => byte === 0)).to.equal(true);
      expect(built.value(job.gas), `gas of ${i}`).to.equal(gas);
      expect(built.word(job.base)).to.equal(one.base);
      expect(built.value(job.baseLength)).to.equal(BigInt(one.baseLength));
    }
  }

  it("equals the precompiled contract, gas included, at the edges", () =>
    equalsReference([
      call(3n, PRIME - 2n, PRIME),
      call(MAX, MAX, MAX),
      call(MAX, MAX, MAX - 1n),
      call(MAX, 3n, 2n),
      call(5n, 0n, 7n),
      call(0n, 0n, 9n),
      call(0n, 5n, 9n),
      call(5n, 0n, 1n, 32),
      call(0n, 0n, 0n, 32),
      call(9n, 5n, 0n, 3),
      call(9n, 5n, 1n),
      call(2n, 1n, MAX),
      call(7n, 65_537n, 1n << 255n),
      call(7n, 16n, 1n << 128n),
      call(1n << 128n, 2n, PRIME, 32),
      call(2n, 1n << 128n, PRIME),
      call(2n, (1n << 128n) - 1n, 1n << 64n, 17),
    ]));

  it("equals the precompiled contract on random operands", () => {
    const size = (): number => random.below(256) + 1;
    const one = () => call(random.bits(size()), random.bits(size()), random.bits(size()));
    return equalsReference(Array.from({ length: 8 }, one));
  });

  it("has no proof of a call that lacks a step", () =>
    expectBroken(build({ jobs: 1, steps: 1 }, [call(3n, 16n, 100n)]), {}, "pool.job[0].end.is"));

  it("gives the gas, and no result, of a call that is not answered, without steps", () => {
    const built = build({ jobs: 1, steps: 1 }, [{ ...call(MAX, MAX, PRIME), answered: false }]);
    expectSound(built);
    const job = built.out[0]!;
    expect([job.answered, job.gas, job.exponentBits].map(built.value)).to.deep.equal([0n, 1360n, 256n]);
    expect(built.word(job.result)).to.equal(0n);
    expectBroken(built, { "pool.job[0].result.lo": 1n }, "pool.job[0].result.lo");
    const claimed = build({ jobs: 1, steps: 1 }, [{ ...call(MAX, MAX, PRIME), answered: false }], { "pool.job[0].answered": 1n }); // prettier-ignore
    expectBroken(claimed, {}, "pool.job[0].end.is");
  });

  it("refuses an operand longer than 32 bytes", () => {
    for (const part of ["baseLength", "exponentLength", "modulusLength"]) {
      const lie = { [`pool.job[0].${part}`]: 33n };
      expectBroken(build({ jobs: 1, steps: 1 }, [call(3n, 5n, 7n)], lie), {}, `pool.job[0].${part}.atMost32`);
    }
  });

  it("refuses fewer or other steps than the exponent has", () => {
    const calls = [call(3n, 0x123n, 1000n), call(5n, 0x45n, 1000n)];
    const lies = (wires: Record<string, Lie>) => build({ jobs: 2, steps: 5 }, calls, wires);
    for (const end of [0n, 1n, 2n, 3n, 5n, 6n])
      expectBroken(lies({ "pool.job[0].end": end }), {}, "pool.job[0].end.is");
    expectBroken(lies({ "pool.step[1].continues": 0n }), {}, "pool.job[0].end.is");
    expectBroken(lies({ "pool.step[3].continues": 1n }), {}, "pool.step[3].job.stays");
    expectBroken(lies({ "pool.job[0].exponent.skipped": 62n }), {}, "pool.job[0].exponent.skipped.areZeros");
    expectBroken(lies({ "pool.step[0].digit": 7n }), {}, "pool.step[0].digit");
    expectBroken(lies({ "pool.job[0].exponent.lo[31]": 4n }), {}, "pool.job[0].exponent.lo.sum");
  });

  it("refuses another bit length", () => {
    const at = "pool.job[0].exponent.bitLength";
    const refuses = (exponent: bigint, wire: string, lie: bigint, broken: string) => {
      const lies = { [`${at}.${wire}`]: lie };
      expectBroken(build({ jobs: 1, steps: 40 }, [call(3n, exponent, 7n)], lies), {}, `${at}.${broken}`);
    };
    refuses(0x123n, "length", 8n, "below.is");
    refuses(0x123n, "length", 10n, "above.is");
    refuses(0n, "length", 1n, "above.is");
    refuses(1n << 127n, "length", 127n, "below.is");
    refuses(1n << 128n, "length", 2n, "above.is");
    refuses(1n << 128n, "isShort", 1n, "isShort.zero");
  });

  it("refuses a result that is not reduced, and forged products", () => {
    const reduced = "pool.job[0].reduced";
    const one = { [`${reduced}.quotient.limb[0]`]: 0n, [`${reduced}.result.limb[0]`]: 1n };
    const built = build({ jobs: 1, steps: 1 }, [call(5n, 0n, 1n)], one);
    expectBroken(built, {}, "pool.job[0].result.isReduced");
    const good = build({ jobs: 1, steps: 64 }, [call(random.bits(256), MAX, PRIME)]);
    expectSound(good);
    for (const [wire, broken] of [
      ["pool.step[5].square[2].result.limb[3]", "pool.step[5].square[2].equation"],
      ["pool.step[5].square[2].quotient.limb[1]", "pool.step[5].square[2].equation"],
      ["pool.step[5].square[2].carry[0]", "pool.step[5].square[2].equation"],
      ["pool.step[9].product.result.limb[0]", "pool.step[9].product.equation"],
      ["pool.step[9].power[2]", "pool.step[9].power[2]"],
      ["pool.step[9].modulus[2]", "pool.step[9].modulus[2]"],
      ["pool.step[9].acc[1]", "pool.step[9].acc[1]"],
      ["pool.job[0].power[7].result.limb[0]", "pool.job[0].power[7].equation"],
      ["pool.job[0].reduced.result.limb[0]", "pool.job[0].reduced.equation"],
      ["pool.job[0].end.acc[0]", "pool.job[0].end.acc[0]"],
      ["pool.job[0].modulus.isZero", "pool.job[0].modulus.isZero.zero"],
    ] as const)
      expectBroken(good, { [wire]: 1n }, broken);
  });

  it("refuses another gas", () => {
    const built = build({ jobs: 1, steps: 64 }, [call(MAX, MAX, PRIME)]);
    expect(built.value(built.out[0]!.gas)).to.equal(1360n);
    expectBroken(built, { "gas[0].words": 3n }, "gas[0].words.ceiling");
    expectBroken(built, { "gas[0].words": 3n, "gas[0].words.slack": -8n }, "gas[0].words.slack");
    expectBroken(
      built,
      { "gas[0].third": 1359n, "gas[0].rest": 3n, "gas[0].rest.next": 4n },
      "gas[0].rest.below3",
    );
    expectBroken(built, { "gas[0].isCheap": 1n }, "gas[0].isCheap.split");
    expectBroken(built, { "gas[0].severalBits": 0n }, "gas[0].severalBits.split");
  });

  it("notices a change of any kind of wire", () => {
    const calls = [
      call(random.bits(256), 0x1234n, random.bits(256)),
      call(random.bits(250), 0x78n, random.bits(200)),
    ];
    expectNoticed(build({ jobs: 2, steps: 7 }, calls), random, 20, [
      { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
    ]);
  });

  it("is tied in all wires, in a shape that depends on no witness", () => {
    const built = build({ jobs: 1, steps: 2 }, [call(3n, 17n, 1000n)]);
    expectClean(built, [
      {
        name: /^pool\.job\[\]\.(base|exponent|modulus)Length\.room$/,
        because: "32 - length: its range is the claim",
      },
      {
        name: /^pool\.job\[\]\.exponent\.bitLength\.(below|above)$/,
        because: "a difference to a power of two: its range is the claim",
      },
      { name: /^pool\.job\[\]\.exponent\.slack$/, because: "the rest of a division by 4, with its range" },
      {
        name: /^pool\.job\[\]\.result\.isLess\.(low|high)$/,
        because: "isLessWord: the remainder of a division by 2^128, with its range",
      },
      { name: /^gas\[\]\.(words\.slack|rest\.next)$/, because: "the rest of a division, with its range" },
    ]);
    expectSameShape(built, (b) =>
      publishJobs(
        b,
        modexpPool(b, { jobs: 1, steps: 2 }, () => [], "pool"),
      ),
    );
  });
});
