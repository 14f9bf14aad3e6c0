import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { computeAddress } from "ethers";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import { challengePoint, challengeScalar } from "../../../../circuits/gadgets/challengePoint.ts";
import { assertRecovered, type EcrecoverJob, ecrecoverJobs } from "../../../../circuits/gadgets/precompiles/ecrecover.ts"; // prettier-ignore
import { isOnCurve, type RecoverCall } from "../../../../circuits/gadgets/precompiles/ecrecoverNative.ts";
import { FIELD, inverseModulo, MAX_LOW_S, modulo, ORDER } from "../../../../circuits/gadgets/secp256k1.ts";
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { buildGadget, input } from "../buildGadget.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";
import { expectClean, expectNoticed, expectSameShape, publish } from "./expectTied.ts";
import { bytes32, callPrecompile } from "./reference.ts";

const random = new Random();
const { Point } = secp256k1;
const MAX = (1n << 256n) - 1n;
const HALF = 1n << 128n;

/** A signature as a signer makes it, either s. */
function sign(secret: bigint, digest = random.bits(256)): RecoverCall {
  const k = random.bits(255) + 1n;
  const { x, y } = Point.BASE.multiply(k).toAffine();
  const r = modulo(x, ORDER);
  return { digest, v: 27n + (y & 1n), r, s: modulo((digest + r * secret) * inverseModulo(k, ORDER), ORDER) };
}

/** A signature that recovers the neutral point: s*R = digest*G. */
function signNothing(): RecoverCall {
  const k = random.bits(255) + 1n;
  const digest = random.bits(255);
  const { x, y } = Point.BASE.multiply(k).toAffine();
  return {
    digest,
    v: 27n + (y & 1n),
    r: modulo(x, ORDER),
    s: modulo(digest * inverseModulo(k, ORDER), ORDER),
  };
}

const publishJobs = (b: Builder, jobs: readonly EcrecoverJob[]): void =>
  jobs.forEach(({ digest, v, r, s, success, address, challenged }) => {
    const words = Object.entries({ digest, v, r, s, address });
    publish(b, {
      success,
      ...Object.fromEntries(words.flatMap(([name, { hi, lo }]) => [[`${name}.hi`, hi], [`${name}.lo`, lo]])), // prettier-ignore
      ...Object.fromEntries(challenged.map((wire, i) => [`challenged[${i}]`, wire])),
    });
  });

const body =
  (calls: readonly RecoverCall[], count: number, seed: bigint) =>
  (b: Builder): EcrecoverJob[] => {
    const jobs = ecrecoverJobs(b, count, () => calls, "job");
    publishJobs(b, jobs);
    const challenge = challengePoint(b, input(b, "seed", 128, seed), "challenge");
    jobs.forEach((job, i) => assertRecovered(b, job, challenge, `check[${i}]`));
    return jobs;
  };

const build = (calls: readonly RecoverCall[], lies: Record<string, Lie> = {}, seed = random.bits(128)) =>
  buildGadget(body(calls, calls.length, seed), new LyingBuilder(lies));

const encode = ({ digest, v, r, s }: RecoverCall): Uint8Array =>
  Buffer.concat([digest, v, r, s].map(bytes32));

/** Lies for the bytes of a key. */
const keyLies = (x: bigint, y: bigint): Record<string, Lie> =>
  Object.fromEntries(
    ([["x", x], ["y", y]] as const).flatMap(([axis, value]) =>
      Array.from(bytes32(value), (byte, i) => [`job[0].key.${axis}[${i}]`, BigInt(byte)]),
    ),
  ); // prettier-ignore

describe(`ecrecover (seed ${random.seed})`, function () {
  this.timeout(60_000);

  async function equalsReference(calls: readonly RecoverCall[]): Promise<bigint[]> {
    const built = build(calls);
    expectSound(built);
    const successes: bigint[] = [];
    for (const [i, one] of calls.entries()) {
      const { output } = await callPrecompile(1, encode(one));
      const job = built.out[i]!;
      expect(built.value(job.success), `success of ${i}`).to.equal(output.length === 0 ? 0n : 1n);
      const address = output.length === 0 ? 0n : BigInt(`0x${Buffer.from(output).toString("hex")}`);
      expect(built.word(job.address), `address of ${i}`).to.equal(address);
      expect([job.digest, job.v, job.r, job.s].map(built.word)).to.deep.equal([
        one.digest,
        one.v,
        one.r,
        one.s,
      ]);
      successes.push(built.value(job.success));
    }
    return successes;
  }

  it("recovers the signer, s low or high, of any digest", async () => {
    const secret = random.bits(255) + 1n;
    const one = sign(secret);
    const twin = { ...one, v: 55n - one.v, s: ORDER - one.s };
    const calls = [
      one,
      twin,
      sign(1n, 0n),
      sign(secret, MAX),
      sign(secret, ORDER),
      { ...one, v: 55n - one.v },
    ];
    expect(await equalsReference(calls)).to.deep.equal([1n, 1n, 1n, 1n, 1n, 1n]);
    const built = build([twin]);
    const address = computeAddress(`0x${secret.toString(16).padStart(64, "0")}`);
    expect(built.word(built.out[0]!.address)).to.equal(BigInt(address));
  });

  it("fails where v is not 27 or 28", async () => {
    const one = sign(5n);
    const vs = [0n, 1n, 26n, 29n, 27n + HALF, 28n + (1n << 255n), MAX];
    expect(await equalsReference(vs.map((v) => ({ ...one, v })))).to.deep.equal(vs.map(() => 0n));
  });

  it("fails where r or s is zero, or not below the order", async () => {
    const one = sign(5n);
    const edges = [0n, ORDER, ORDER + 1n, FIELD, MAX];
    const calls = edges.flatMap((x) => [
      { ...one, r: x },
      { ...one, s: x },
    ]);
    expect(await equalsReference(calls)).to.deep.equal(calls.map(() => 0n));
    // The greatest s is taken, and the greatest r that is an x.
    let r = ORDER - 1n;
    while (!isOnCurve(r)) r--;
    expect(await equalsReference([{ ...one, s: ORDER - 1n }, { ...one, s: 1n }, { ...one, r }])).to.deep.equal([1n, 1n, 1n]); // prettier-ignore
  });

  it("fails where no point has x = r", async () => {
    const one = sign(5n);
    const calls = Array.from({ length: 8 }, () => ({ ...one, r: random.bits(255) }));
    const expected = calls.map(({ r }) => (isOnCurve(r) ? 1n : 0n));
    expect(await equalsReference([...calls, { ...one, r: 5n }])).to.deep.equal([...expected, 0n]);
  });

  it("fails where the neutral point is recovered", () => {
    // Other implementations may throw here; the contract returns nothing.
    for (const one of [signNothing(), signNothing()]) {
      const twin = { ...one, v: 55n - one.v, s: ORDER - one.s };
      const built = build([one, twin]);
      expectSound(built);
      expect(built.out.map((job) => built.value(job.success))).to.deep.equal([0n, 0n]);
      expect(built.out.map((job) => built.word(job.address))).to.deep.equal([0n, 0n]);
    }
  });

  it("refuses a claim of success where there is none", () => {
    const one = sign(5n);
    const claim = { "job[0].success": 1n };
    for (const bad of [
      { ...one, v: 29n },
      { ...one, r: 0n },
      { ...one, s: ORDER },
      { ...one, r: 5n },
    ])
      expectBroken(build([bad], claim), {}, "job[0].success.isValid");
    const nothing = signNothing();
    expectBroken(build([nothing], claim), {}, "check[0].signature.holds");
    expectBroken(build([nothing], { ...claim, ...keyLies(0n, 0n) }), {}, "job[0].key.y.isNot0");
  });

  it("refuses a claim of failure where there is a signer", () => {
    const one = sign(random.bits(255) + 1n);
    expectBroken(build([one], { "job[0].success": 0n }), {}, "check[0].signature.holds");
    expectBroken(
      build([one], { "job[0].success": 0n, "job[0].x.isOnCurve": 0n }),
      {},
      "job[0].root.isRoot.equation",
    );
    expectBroken(
      build([one], { "job[0].success": 0n, "job[0].v.is27or28": 0n }),
      {},
      "job[0].v.is27or28.one",
    );
    expectBroken(build([one], { "job[0].success": 0n, "job[0].r.isLess": 0n }), {}, "job[0].r.isLess.high");
    expectBroken(build([one], { "job[0].success": 0n, "job[0].s.isZero": 1n }), {}, "job[0].s.isZero.zero");
    // The key of failure cannot be another, which would fit some digest.
    const { x, y } = Point.BASE.multiply(99n).toAffine();
    const lies = { "job[0].success": 0n, ...keyLies(x, y) };
    expectBroken(build([one], lies), {}, "job[0].key.x.hi.isFixed");
  });

  it("refuses a point that is claimed to be, and is not, on the curve", () => {
    const bad = { ...sign(5n), r: 5n };
    const claim = { "job[0].x.isOnCurve": 1n, "job[0].success": 1n };
    expectBroken(build([bad], claim), {}, "job[0].root.isRoot.equation");
  });

  it("refuses another key: of the other parity, and of the other sign", () => {
    const one = sign(random.bits(255) + 1n);
    const other = build([{ ...one, v: 55n - one.v }]);
    const key = (axis: "x" | "y"): bigint =>
      BigInt(`0x${Buffer.from(other.bytes(other.out[0]!.signature.publicKey[axis])).toString("hex")}`);
    expectBroken(build([one], keyLies(key("x"), key("y"))), {}, "check[0].signature.holds");
    expectBroken(build([one], keyLies(key("x"), FIELD - key("y"))), {}, "check[0].signature.holds");
    expectBroken(build([one], { "job[0].parity": (p) => 1n - p }), {}, "job[0].parity");
    expectBroken(build([one], { "job[0].s.turned": (t) => 1n - t }), {}, "check[0].s.isLow.high");
    expectBroken(build([one], { "job[0].s.low.limb[0]": (x) => x ^ 1n }), {}, "job[0].s.lowered.equation");
    expectBroken(build([one], { "job[0].signed[31]": (x) => x ^ 1n }), {}, "job[0].signed.is.equation");
  });

  it("is fooled by a key made for a challenge known before, and by no other challenge", () => {
    // D = -R - 2K solves the check: what `challenged` holds must be fixed before the challenge. (R of the low s.)
    const any = sign(random.bits(255) + 1n);
    const one = any.s > MAX_LOW_S ? { ...any, v: 55n - any.v, s: ORDER - any.s } : any;
    const seed = random.bits(128);
    const R = Point.fromHex(`${one.v === 27n ? "02" : "03"}${one.r.toString(16).padStart(64, "0")}`);
    const K = Point.BASE.multiply(challengeScalar(seed));
    const u = modulo(one.digest * inverseModulo(one.s, ORDER), ORDER);
    const D = R.add(K).add(K).negate();
    const Q = D.add(Point.BASE.multiply(u).negate()).multiply(
      modulo(one.s * inverseModulo(one.r, ORDER), ORDER),
    );
    const { x, y } = Q.toAffine();
    const lies = keyLies(x, y);
    expectSound(build([one], lies, seed));
    expectBroken(build([one], lies, seed ^ 1n), {}, "check[0].signature.holds");
  });

  it("commits the challenge to key, words and claims", () => {
    const [one, two] = [sign(7n), sign(8n)];
    const committed = (calls: readonly RecoverCall[], lies = {}): bigint[] => {
      const built = build(calls, lies, 1n);
      return built.out[0]!.challenged.map(built.value);
    };
    const honest = committed([one]);
    expect(honest).to.have.length(11);
    for (const part of ["digest", "r", "s"] as const)
      expect(committed([{ ...one, [part]: two[part] }])).to.not.deep.equal(honest);
    expect(committed([{ ...one, v: 55n - one.v }])[0]).to.not.equal(honest[0]);
    expect(committed([{ ...one, v: 29n }])[0]).to.not.equal(honest[0]);
    expect(committed([one], { "job[0].success": 0n })[0]).to.not.equal(honest[0]);
    for (const axis of ["x", "y"])
      expect(committed([one], { [`job[0].key.${axis}[3]`]: (byte: bigint) => byte ^ 1n })).to.not.deep.equal(
        honest,
      );
  });

  it("refuses a forged address", () => {
    const built = build([sign(9n)]);
    for (const half of ["hi", "lo"])
      expectBroken(built, { [`job[0].address.${half}`]: 1n }, `job[0].address.${half}`);
    expectBroken(built, { "job[0].keyHash.digest[3][7]": 1n }, "job[0].keyHash.digest[3].bytes");
  });

  it("notices a change of any kind of wire", () => {
    const calls = [sign(9n), { ...sign(9n), r: 5n }, signNothing()];
    expectNoticed(build(calls), random, 3, [
      { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
      {
        name: /^job\[1\]\.digest\.(hi|lo)$/,
        because: "where no point has x = r, the call fails for any digest",
      },
      { name: /^challenge\./, because: "test/circuits/gadgets/secp256k1.test.ts has it" },
    ]);
  });

  it("is tied in all wires, in a shape that depends on no witness", () => {
    const built = build([sign(9n)]);
    expectClean(built, [
      {
        name: /^job\[\]\.keyHash\.block\[\]\.permutation\[\]$/,
        because: "a sponge's result is its first lanes; the others are what the permutation makes them",
      },
      {
        name: /^job\[\]\.keyHash\.digest\[\]\[\]$/,
        because: "an address is 20 bytes of a digest of 32; the other 12 complete its lanes",
      },
      {
        name: /^job\[\]\.[rs]\.isLess\.(low|high)$/,
        because: "isLessWord: the remainder of a division by 2^128, with its range",
      },
      {
        name: /^check\[\]\.((publicKey\.[xy]|shifted|y)\.canonical|r\.belowOrder|s\.isLow)\.(low|high)$/,
        because: "a difference to a constant that one line defines and whose range is the claim",
      },
      { name: /^check\[\]\.y\.half$/, because: "the rest of a division by two, with its range" },
    ]);
    expectSameShape(built, body([], 1, 0n));
  });
});
