/**
 * Checks that a reference string is what it says: tau^0 * G, tau^1 * G, ... for the tau of its G2 point.
 *
 * With random c_i:  e(sum c_i P_(i+1), H) = e(sum c_i P_i, tau H)  and  P_0 = G.
 * By ffjavascript, which shares no code with assembly/: an error of ours cannot hide itself.
 */
import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { buildBn128, type Curve } from "ffjavascript";
import type { OnProgress } from "../cache.ts";
import { ProvingError } from "../errors.ts";
import { g1Path, g2Path, readG2 } from "./files.ts";
import { POINT_BYTES } from "./powers.ts";

/** A damaged string passes with a chance of 2^-32: the coefficients are drawn after it was made. */
const COEFFICIENT_BYTES = 4;
/** Points taken at once: 8 MiB. */
const STEP = 2 ** 17;

/** Throws REFERENCE_STRING_DAMAGED. */
export async function assertGeometric(folder: string, onProgress?: OnProgress): Promise<void> {
  const curve = await buildBn128();
  try {
    const { first, sum, shiftedSum } = await combine(curve, g1Path(folder), onProgress);
    if (!curve.G1.eq(first, curve.G1.g)) damaged(g1Path(folder), "the first point is not the generator");
    const tauH = await g2Of(curve, folder);
    if (!(await curve.pairingEq(shiftedSum, curve.G2.g, curve.G1.neg(sum), tauH)))
      damaged(g1Path(folder), "the points are not the powers of one tau");
  } finally {
    await curve.terminate();
  }
}

type Combination = { first: Uint8Array; sum: Uint8Array; shiftedSum: Uint8Array };

/** The random combination of all points but the last, and of all but the first. */
async function combine({ G1 }: Curve, path: string, onProgress?: OnProgress): Promise<Combination> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const points = size / POINT_BYTES;
    if (!Number.isInteger(points) || points < 2) damaged(path, `${size} bytes are not whole points`);
    let [sum, shiftedSum, first] = [G1.zero, G1.zero, G1.zero];
    for (let from = 0; from < points - 1; from += STEP) {
      const count = Math.min(STEP, points - 1 - from);
      const bytes = new Uint8Array((count + 1) * POINT_BYTES);
      await file.read(bytes, 0, bytes.length, from * POINT_BYTES);
      const read = await G1.batchUtoLEM(bytes);
      const coefficients = randomBytes(count * COEFFICIENT_BYTES);
      if (from === 0) first = read.slice(0, POINT_BYTES);
      sum = G1.add(sum, await G1.multiExpAffine(read.slice(0, -POINT_BYTES), coefficients));
      shiftedSum = G1.add(shiftedSum, await G1.multiExpAffine(read.slice(POINT_BYTES), coefficients));
      onProgress?.((from + count) / (points - 1));
    }
    return { first, sum, shiftedSum };
  } finally {
    await file.close();
  }
}

/** ffjavascript writes the imaginary part of a coordinate first, bb the real part. */
async function g2Of({ G2 }: Curve, folder: string): Promise<Uint8Array> {
  const { x, y } = await readG2(folder);
  const hex = [x.c1, x.c0, y.c1, y.c0].map((word) => word.toString(16).padStart(64, "0")).join("");
  const point = G2.fromRprUncompressed(Buffer.from(hex, "hex"), 0);
  if (!G2.isValid(point)) damaged(g2Path(folder), "not a point of the curve");
  return point;
}

function damaged(path: string, reason: string): never {
  throw new ProvingError({ code: "REFERENCE_STRING_DAMAGED", path, reason });
}
