/**
 * The two files of a reference string, as `bb` reads them:
 *   bn254_g1.dat = tau^0 * G, tau^1 * G, ...   64 bytes a point: x, y, big endian
 *   bn254_g2.dat = tau * H                    128 bytes: x.c0, x.c1, y.c0, y.c1, big endian (c0 the real part)
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProvingError } from "../errors.ts";
import { bytesToFields } from "../barretenberg/fields.ts";

export const g1Path = (folder: string): string => join(folder, "bn254_g1.dat");
export const g2Path = (folder: string): string => join(folder, "bn254_g2.dat");

/**
 * The most points any program needs: no circuit is above 2^22 gates, and a domain of n takes n + 1. `bb` reads as many as its circuit
 * needs, so a longer string costs smaller proofs nothing.
 */
export const POINTS = 2 ** 22 + 1;

export type G2Point = {
  readonly x: { readonly c0: bigint; readonly c1: bigint };
  readonly y: { readonly c0: bigint; readonly c1: bigint };
};

/** tau * H, which is what a verifier needs of a reference string. Throws REFERENCE_STRING_DAMAGED. */
export async function readG2(folder: string): Promise<G2Point> {
  const path = g2Path(folder);
  const words = bytesToFields(await readFile(path), path);
  if (words.length !== 4)
    throw new ProvingError({
      code: "REFERENCE_STRING_DAMAGED",
      path,
      reason: `${words.length} words, not 4`,
    });
  const [xc0, xc1, yc0, yc1] = words as [bigint, bigint, bigint, bigint];
  return { x: { c0: xc0, c1: xc1 }, y: { c0: yc0, c1: yc1 } };
}

export function encodeG2({ x, y }: G2Point): Uint8Array {
  return Buffer.from(
    [x.c0, x.c1, y.c0, y.c1].map((word) => word.toString(16).padStart(64, "0")).join(""),
    "hex",
  );
}
