/**
 * A reference string made on this machine. Whoever knows tau can forge proofs, and this process knew it for some seconds:
 * development only (`assertAllowed` refuses it on every network that others could rely on).
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { open, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { bn254 } from "@noble/curves/bn254.js";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import type { OnProgress } from "../cache.ts";
import { encodeG2, g1Path, g2Path } from "./files.ts";
import { POINT_BYTES } from "./powers.ts";
import type { PowersTask } from "./powersWorker.ts";

/** Each worker fills its own tables (0.3 s, 38 MB), so more of them stop paying soon. */
const MAX_WORKERS = 8;

/** Writes both files into `folder` from a fresh tau, which is kept nowhere. `points` >= 2. */
export async function writeLocal(folder: string, points: number, onProgress?: OnProgress): Promise<void> {
  const tau = randomTau();
  const path = g1Path(folder);
  await allocate(path, points * POINT_BYTES);
  const workers = Math.min(availableParallelism(), MAX_WORKERS);
  const share = Math.ceil(points / workers);
  let done = 0;
  const report = (step: number): void => onProgress?.((done += step) / points);
  await Promise.all(
    Array.from({ length: workers }, (_, i) => {
      const first = i * share;
      return runWorker({ path, tau, first, count: Math.max(0, Math.min(share, points - first)) }, report);
    }),
  );
  await writeFile(g2Path(folder), encodeG2(bn254.G2.Point.BASE.multiply(tau).toAffine()));
}

/** Uniform in [1, order) up to 2^-130: 384 random bits reduced. */
function randomTau(): bigint {
  return (BigInt(`0x${randomBytes(48).toString("hex")}`) % (FIELD_MODULUS - 1n)) + 1n;
}

async function allocate(path: string, bytes: number): Promise<void> {
  const file = await open(path, "w");
  await file.truncate(bytes);
  await file.close();
}

async function runWorker(workerData: PowersTask, report: (points: number) => void): Promise<void> {
  const worker = new Worker(new URL("./powersWorker.ts", import.meta.url), { workerData });
  worker.on("message", report);
  await once(worker, "exit");
}
