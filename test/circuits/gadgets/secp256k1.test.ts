import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { witnessBytes, witnessWord } from "../../../circuits/builder/ranges.ts";
import { challengePoint, challengeScalar } from "../../../circuits/gadgets/challengePoint.ts";
import {
  constantLimbs,
  limbsOfBytes,
  limbsOfWord,
  witnessLimbs,
  wordOfLimbs,
} from "../../../circuits/gadgets/limbs.ts";
import { assertModular } from "../../../circuits/gadgets/modular.ts";
import { assertSigner } from "../../../circuits/gadgets/recoverSigner.ts";
import {
  FIELD,
  inverseModulo,
  modulo,
  multiplyPoint,
  GENERATOR,
  ORDER,
  type Point,
} from "../../../circuits/gadgets/secp256k1.ts";
import { Random } from "../../protocol/random.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, input } from "./buildGadget.ts";
import { LyingBuilder } from "./lyingBuilder.ts";

const random = new Random();
const MAX = (1n << 256n) - 1n;

describe(`modular arithmetic (seed ${random.seed})`, () => {
  const product = (x: bigint, y: bigint, z: bigint, m: bigint) =>
    buildGadget((b) => {
      const [u, v, w] = [x, y, z].map((n, i) => witnessLimbs(b, `x${i}`, () => n));
      assertModular(b, { products: [[1n, u!, v!]], terms: [[-1n, w!]] }, m, "product");
    });

  for (const [name, m] of [
    ["the field", FIELD],
    ["the order", ORDER],
  ] as const)
    it(`proves products modulo ${name}, and nothing else`, () => {
      const edges = [0n, 1n, m - 1n, m, m + 1n, MAX, (1n << 64n) - 1n];
      for (const x of [...edges, random.bits(256)])
        for (const y of [...edges, random.bits(256)]) {
          const z = modulo(x * y, m);
          expectSound(product(x, y, z, m));
          if (z + m <= MAX) expectSound(product(x, y, z + m, m));
          const wrong = product(x, y, z ^ 1n, m);
          expectBroken(wrong, {}, "product.equation");
        }
    });

  it("takes sums, differences and constants", () => {
    const [x, y] = [random.bits(256), random.bits(256)];
    const built = buildGadget((b) => {
      const [u, v] = [witnessLimbs(b, "x", () => x), witnessLimbs(b, "y", () => y)];
      const z = witnessLimbs(b, "z", () => modulo(x * x - 2n * x * y - 3n * y + 7n, FIELD));
      assertModular(b, { products: [[1n, u, u], [-2n, u, v]], terms: [[-3n, v], [-1n, z]], constant: 7n }, FIELD, "sum"); // prettier-ignore
    });
    expectSound(built);
    expectBroken(built, { "sum.quotient[0]": 0n }, "sum.equation");
    expectBroken(built, { "sum.carry[1]": 0n }, "sum.equation");
    expectBroken(built, { "z.limb[2]": 1n << 64n }, "z.limb[2]");
  });

  it("does not take an equation that holds modulo the circuit's field only", () => {
    const p = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
    const built = buildGadget((b) => {
      const x = witnessLimbs(b, "x", () => p);
      assertModular(b, { terms: [[1n, x]] }, FIELD, "zero");
    });
    expectBroken(built, {}, "zero.equation");
  });

  it("refuses sums that could leave the quotient's range", () =>
    expect(() =>
      buildGadget((b) => {
        const x = constantLimbs(b, 5n);
        assertModular(b, { products: [[9n, x, x]] }, FIELD, "big");
      }),
    ).to.throw("BAD_BITS"));

  it("converts limbs, words and bytes", () => {
    const x = random.bits(256);
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((x >> BigInt(8 * (31 - i))) & 255n));
    const built = buildGadget((b) => [
      wordOfLimbs(
        b,
        limbsOfWord(
          b,
          witnessWord(b, "x", () => x),
          "a",
        ),
        "a",
      ),
      wordOfLimbs(
        b,
        limbsOfBytes(
          b,
          witnessBytes(b, "y", 32, () => bytes),
          "b",
        ),
        "b",
      ),
    ]);
    expectSound(built);
    expect(built.out.map(built.word)).to.deep.equal([x, x]);
    expectBroken(built, { "a.half[0].low": 0n }, "a.half[0]");
  });
});

const point = (b: Builder, seed: bigint) => challengePoint(b, input(b, "seed", 128, seed), "challenge");

describe("challengePoint", () => {
  it("is a multiple of the generator", () => {
    for (const seed of [0n, 1n, (1n << 128n) - 1n, 1n << 127n, random.bits(128)]) {
      const built = buildGadget((b) => {
        const { x, y, scalar } = point(b, seed);
        return [x, y, scalar].map((limbs, i) => wordOfLimbs(b, limbs, `out${i}`));
      });
      expectSound(built);
      const k = challengeScalar(seed);
      const { x, y } = secp256k1.Point.BASE.multiply(k).toAffine();
      expect(built.out.map(built.word)).to.deep.equal([x, y, k]);
      expect(multiplyPoint(GENERATOR, k)).to.deep.equal({ x, y });
    }
  });

  it("refuses other digits, another point, another scalar", () => {
    const built = buildGadget((b) => point(b, 77n));
    expectBroken(built, { "challenge.digit[0]": 12n }, "challenge.digits");
    expectBroken(built, { "challenge.digit[3]": 16n }, "challenge.digit[3]");
    expectBroken(built, { "challenge.add[0].y.limb[0]": 5n }, "challenge.add[0].turn.equation");
    expectBroken(built, { "challenge.scalar[0]": 5n }, "challenge.scalar.limbs");
    const lying = (name: string) =>
      buildGadget((b) => point(b, 77n), new LyingBuilder({ [name]: (honest) => honest ^ 1n }));
    expectBroken(lying("challenge.add[5].slope.limb[1]"), {}, "challenge.add[5].onLine.equation");
    expectBroken(lying("challenge.add[5].x.limb[1]"), {}, "challenge.add[5].third.equation");
    expectBroken(lying("challenge.read[5][0]"), {}, "challenge.read[5][0]");
  });
});

/** A signature of `digest` by `secret`, as ecrecover takes it. */
function sign(secret: bigint, digest: Uint8Array) {
  const key = Uint8Array.from(Buffer.from(secret.toString(16).padStart(64, "0"), "hex"));
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: "recovered", lowS: true });
  const signature = secp256k1.Signature.fromBytes(bytes, "recovered");
  return { r: signature.r, s: signature.s, parity: BigInt(signature.recovery!), digest };
}
type Signed = ReturnType<typeof sign>;

/** (s R - z G) / r for the R of this parity. */
function recover({ r, s, parity, digest }: Signed): Point {
  const z = BigInt(`0x${Buffer.from(digest).toString("hex")}`);
  const x = r.toString(16).padStart(64, "0");
  const R = secp256k1.Point.fromHex(`${parity === 0n ? "02" : "03"}${x}`);
  const inverse = inverseModulo(r, ORDER);
  const q = R.multiply(modulo(s * inverse, ORDER)).add(
    secp256k1.Point.BASE.multiply(modulo(-z * inverse, ORDER)),
  );
  return q.toAffine();
}

const toBytes = (x: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((x >> BigInt(8 * (31 - i))) & 255n));

const signer = (
  signed: Signed,
  key: Point,
  lies: Record<string, bigint | ((x: bigint) => bigint)> = {},
  seed = random.bits(128),
) =>
  buildGadget((b) => {
    const inputs = {
      publicKey: {
        x: witnessBytes(b, "keyX", 32, () => toBytes(key.x)),
        y: witnessBytes(b, "keyY", 32, () => toBytes(key.y)),
      },
      digest: witnessBytes(b, "digest", 32, () => signed.digest),
      r: witnessWord(b, "r", () => signed.r),
      s: witnessWord(b, "s", () => signed.s),
      parity: input(b, "parity", 1, signed.parity),
    };
    assertSigner(b, inputs, point(b, seed), "signer");
  }, new LyingBuilder(lies));

describe("assertSigner", () => {
  const signed = sign(random.bits(255) + 1n, random.bytes(32));

  it("accepts the key that ecrecover gives, of both parities", () => {
    const parities = new Set<bigint>();
    for (let i = 0; i < 12; i++) {
      const one = sign(random.bits(255) + 1n, random.bytes(32));
      parities.add(one.parity);
      expectSound(signer(one, recover(one)));
    }
    expect(parities.size).to.equal(2);
  });

  it("refuses the key of the other parity, which plain verification accepts", () => {
    for (let i = 0; i < 4; i++) {
      const one = sign(random.bits(255) + 1n, random.bytes(32));
      const other = recover({ ...one, parity: 1n - one.parity });
      const compact = Uint8Array.from([...toBytes(one.r), ...toBytes(one.s)]);
      const key = Uint8Array.from([4, ...toBytes(other.x), ...toBytes(other.y)]);
      expect(secp256k1.verify(compact, one.digest, key, { prehash: false })).to.equal(true);
      expectBroken(signer(one, other), {}, "signer.signature.holds");
    }
  });

  it("refuses a parity that the point does not have", () => {
    const flipped = { ...signed, parity: 1n - signed.parity };
    // The point is lifted to the claimed parity: the signature fails; with the true point the parity fails.
    expectBroken(signer(flipped, recover(signed)), {}, "signer.signature.holds");
    const y = secp256k1.Point.fromHex(
      `${signed.parity === 0n ? "02" : "03"}${signed.r.toString(16).padStart(64, "0")}`,
    ).y;
    const limb = (i: number): bigint => (y >> BigInt(64 * i)) & ((1n << 64n) - 1n);
    const lies = Object.fromEntries([0, 1, 2, 3].map((i) => [`signer.y.limb[${i}]`, limb(i)]));
    expectBroken(signer(flipped, recover(signed), lies), {}, "signer.y.parity");
  });

  it("refuses y + p, which has the other parity", () => {
    // Only a y below 2^32 + 977 has such a twin; the canonical check is what stops it.
    const lies = {
      "signer.y.limb[0]": (1n << 64n) - 1n,
      "signer.y.limb[1]": (1n << 64n) - 1n,
      "signer.y.limb[2]": (1n << 64n) - 1n,
      "signer.y.limb[3]": (1n << 64n) - 1n,
    };
    expectBroken(signer(signed, recover(signed), lies), {}, "signer.y.canonical.high");
  });

  it("refuses the key that solves the second case of the check for a challenge known before", () => {
    // D = -R - 2K: for a K fixed in advance there is such a key. The circuit fixes K after the key (SIG-1).
    const seed = random.bits(128);
    const R = secp256k1.Point.fromHex(
      `${signed.parity === 0n ? "02" : "03"}${signed.r.toString(16).padStart(64, "0")}`,
    );
    const K = secp256k1.Point.BASE.multiply(challengeScalar(seed));
    const z = BigInt(`0x${Buffer.from(signed.digest).toString("hex")}`);
    const u = modulo(z * inverseModulo(signed.s, ORDER), ORDER);
    const D = R.add(K).add(K).negate();
    const Q = D.add(secp256k1.Point.BASE.multiply(u).negate()).multiply(
      modulo(signed.s * inverseModulo(signed.r, ORDER), ORDER),
    );
    const { x, y } = Q.toAffine();
    expectSound(signer(signed, { x, y }, {}, seed));
    expectBroken(signer(signed, { x, y }, {}, seed ^ 1n), {}, "signer.signature.holds");
  });

  it("refuses another digest, a high s, an r out of range, a wrong key", () => {
    const key = recover(signed);
    expectBroken(signer({ ...signed, digest: random.bytes(32) }, key), {}, "signer.signature.holds");
    const high = { ...signed, s: ORDER - signed.s, parity: 1n - signed.parity };
    expectBroken(signer(high, key), {}, "signer.s.isLow.high");
    expectBroken(signer({ ...signed, r: ORDER }, key), {}, "signer.r.belowOrder.high");
    expectBroken(signer({ ...signed, r: MAX }, key), {}, "signer.r.belowOrder.high");
    expectBroken(signer(signed, { x: key.x, y: FIELD - key.y }), {}, "signer.signature.holds");
    expectBroken(signer(signed, { x: key.x, y: key.y ^ 1n }), {}, "signer.signature.holds");
    // The twin x + p of a small x: another address for one key.
    expectBroken(signer(signed, { x: FIELD + 1n, y: key.y }), {}, "signer.publicKey.x.canonical.high");
    expectBroken(signer(signed, { x: key.x, y: MAX }), {}, "signer.publicKey.y.canonical.high");
  });

  it("refuses each forged step of the shifted signature", () => {
    const key = recover(signed);
    const flip = (x: bigint): bigint => x ^ 1n;
    const refuses = (wire: string, broken: string) =>
      expectBroken(signer(signed, key, { [wire]: flip }), {}, broken);
    refuses("signer.x2.limb[0]", "signer.x2.isSquare.equation");
    refuses("signer.y.limb[1]", "signer.onCurve.equation");
    refuses("signer.shifted.slope.limb[0]", "signer.shifted.onLine.equation");
    refuses("signer.shifted.x.limb[0]", "signer.shifted.third.equation");
    refuses("signer.newR[31]", "signer.newR.isX.equation");
    refuses("signer.signedS.limb[0]", "signer.signedS.ratio.equation");
    refuses("signer.newS[31]", "signer.newS.sign.equation");
    refuses("signer.turned", "signer.signature.holds");
    refuses("signer.zShifted.limb[0]", "signer.zShifted.sum.equation");
    refuses("signer.newZ[31]", "signer.newZ.ratio.equation");
    refuses("signer.signature", "signer.signature");
  });
});
