import { copyFile, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bn254 } from "@noble/curves/bn254.js";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import * as snarkjs from "snarkjs";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { encodeG2, g1Path, g2Path, readG2 } from "../../proving/referenceString/files.ts";
import { assertGeometric } from "../../proving/referenceString/geometric.ts";
import { assertAllowed, assertIntact, readManifest } from "../../proving/referenceString/manifest.ts";
import { POINT_BYTES, createPowers } from "../../proving/referenceString/powers.ts";
import { getReferenceString, parseSource } from "../../proving/referenceString/referenceString.ts";
import { generatedModule } from "../../scripts/referenceString/generate.ts";
import { inFolder, rejection, SMALL_POINTS, smallReferenceString } from "./smallProgram.ts";

const TAU = 0x1f2e3d4c5b6a79880123456789abcdef0fedcba9876543210011223344556677n;

/** The first `count` powers by ffjavascript, uncompressed. */
async function powersByFfjavascript(count: number): Promise<Uint8Array> {
  const curve = await buildBn128();
  const { G1, Fr } = curve;
  const generators = new Uint8Array(count * POINT_BYTES);
  for (let i = 0; i < count; i++) generators.set(G1.toAffine(G1.g), i * POINT_BYTES);
  const points = await G1.batchLEMtoU(await G1.batchApplyKey(generators, Fr.one, Fr.fromObject(TAU)));
  await curve.terminate();
  return points;
}

/** A copy of the small reference string that a test may damage. */
async function copyTo(folder: string): Promise<void> {
  const { folder: original } = await smallReferenceString();
  for (const name of ["bn254_g1.dat", "bn254_g2.dat", "manifest.json"])
    await copyFile(join(original, name), join(folder, name));
}

async function overwrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

describe("powers of tau", () => {
  it("equal ffjavascript's on the first 64 points", async () => {
    const powers = await createPowers(TAU, 0);
    expect(Buffer.from(powers.next(64)).toString("hex")).to.equal(
      Buffer.from(await powersByFfjavascript(64)).toString("hex"),
    );
  });

  it("go on from any power, over many batches, and equal noble's", async () => {
    const first = 123_456_789;
    const powers = await createPowers(TAU, first);
    const count = 3 * powers.batch + 5;
    const points: Buffer[] = [];
    for (let left = count; left > 0; left -= powers.batch)
      points.push(Buffer.from(powers.next(Math.min(left, powers.batch))));
    const all = Buffer.concat(points);
    for (const i of [0, 1, powers.batch - 1, powers.batch, 3 * powers.batch + 4]) {
      const scalar = bn254.fields.Fr.pow(TAU, BigInt(first + i));
      const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
      const hex = [x, y].map((word) => word.toString(16).padStart(64, "0")).join("");
      expect(all.toString("hex", i * POINT_BYTES, (i + 1) * POINT_BYTES), `power ${first + i}`).to.equal(hex);
    }
  });

  it("are right for taus whose digits are extreme", async () => {
    for (const tau of [
      1n,
      2n,
      0x8000n,
      0x8001n,
      0xffffn,
      FIELD_MODULUS - 1n,
      FIELD_MODULUS - 2n,
      (1n << 253n) + 0x8000n,
    ]) {
      const point = Buffer.from((await createPowers(tau, 1)).next(1)).toString("hex");
      const { x, y } = bn254.G1.Point.BASE.multiply(tau).toAffine();
      expect(point, `tau ${tau}`).to.equal(
        [x, y].map((word) => word.toString(16).padStart(64, "0")).join(""),
      );
    }
  });

  it("come from the WebAssembly of the source in the repository", async () => {
    const { path, content } = await generatedModule();
    expect(await readFile(path, "utf8")).to.equal(content);
  });
});

describe("a local reference string", () => {
  it("is a geometric sequence of the length asked for, described by its manifest", async () => {
    const { folder, manifest } = await smallReferenceString();
    expect(manifest).to.include({ kind: "local", points: SMALL_POINTS });
    await assertGeometric(folder);
    expect(await assertIntact(folder)).to.deep.equal(manifest);
  });

  it("is refused with a point altered, two points exchanged, or another G2", () =>
    inFolder(async (folder) => {
      const { folder: original } = await smallReferenceString();
      const g1 = await readFile(g1Path(original));
      const point = (i: number): Buffer => g1.subarray(i * POINT_BYTES, (i + 1) * POINT_BYTES);

      await copyTo(folder);
      await overwrite(g1Path(folder), 5_000 * POINT_BYTES, point(5_001)); // a point of the curve, at the wrong place
      await rejection(assertGeometric(folder), "REFERENCE_STRING_DAMAGED");

      await copyTo(folder);
      const flipped = Buffer.from(point(SMALL_POINTS - 1));
      flipped[40] = flipped[40]! ^ 1;
      await overwrite(g1Path(folder), (SMALL_POINTS - 1) * POINT_BYTES, flipped);
      await rejection(assertGeometric(folder), "REFERENCE_STRING_DAMAGED");

      await copyTo(folder);
      await overwrite(g1Path(folder), POINT_BYTES, Buffer.concat([point(2), point(1)]));
      await rejection(assertGeometric(folder), "REFERENCE_STRING_DAMAGED");

      await copyTo(folder);
      await writeFile(g2Path(folder), encodeG2(bn254.G2.Point.BASE.multiply(TAU).toAffine()));
      await rejection(assertGeometric(folder), "REFERENCE_STRING_DAMAGED");
      expect(await rejection(assertIntact(folder), "REFERENCE_STRING_DAMAGED")).to.include({
        path: g2Path(folder),
      });
    }));

  it("is refused on every network that is not local", async () => {
    const { manifest } = await smallReferenceString();
    for (const network of ["local", "regtest"]) assertAllowed(manifest, network);
    for (const network of ["mainnet", "testnet4", "signet", "Regtest", ""]) {
      const attempt = Promise.resolve().then(() => assertAllowed(manifest, network));
      expect(await rejection(attempt, "LOCAL_REFERENCE_STRING_REFUSED")).to.include({ network });
    }
    assertAllowed({ kind: "aztec" }, "mainnet");
    assertAllowed({ kind: "ptau" }, "mainnet");
  });
});

describe("a powers-of-tau file", () => {
  const silent = {
    info: () => undefined,
    debug: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };

  async function makePtau(folder: string): Promise<string> {
    const curve = await buildBn128();
    const [start, end] = [join(folder, "start.ptau"), join(folder, "end.ptau")];
    await snarkjs.powersOfTau.newAccumulator(curve, 4, start, silent);
    await snarkjs.powersOfTau.contribute(start, end, "test", "some entropy", silent);
    await curve.terminate();
    return end;
  }

  it("becomes a reference string: 31 powers of a file of power 4", () =>
    inFolder(async (folder) => {
      const path = parseSource(await makePtau(folder));
      const { folder: made, manifest } = await getReferenceString(path, { points: 31, root: folder });
      expect(manifest).to.include({ kind: "ptau", points: 31 });
      await assertGeometric(made);
      const { x } = await readG2(made);
      expect(x.c0).to.not.equal(0n);
      expect(await readManifest(made)).to.deep.equal(manifest);
    }));

  it("is refused when it is altered or too short", () =>
    inFolder(async (folder) => {
      const path = await makePtau(folder);
      const options = { points: 32, root: folder };
      expect(
        await rejection(getReferenceString(parseSource(path), options), "REFERENCE_STRING_TOO_SHORT"),
      ).to.include({
        points: 31,
        needed: 32,
      });
      const bytes = await readFile(path);
      bytes[800] = bytes[800]! ^ 1;
      await mkdir(join(folder, "altered"));
      const altered = parseSource(join(folder, "altered", "altered.ptau"));
      await writeFile(altered, bytes);
      const error = await rejection(
        getReferenceString(altered, { points: 31, root: folder }),
        "PTAU_REFUSED",
      );
      expect(error["reason"]).to.match(/INVALID|ERROR/i);
      await writeFile(altered, "nothing of the kind");
      await rejection(getReferenceString(altered, { points: 31, root: folder }), "PTAU_REFUSED");
    }));

  it("is the only kind of file taken", async () => {
    const attempt = Promise.resolve().then(() => parseSource("powers.zkey"));
    expect(await rejection(attempt, "REFERENCE_STRING_SOURCE_UNKNOWN")).to.include({ source: "powers.zkey" });
  });
});
