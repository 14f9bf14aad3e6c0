/** A worker thread that writes the points [first, first + count) of a local reference string into its file. */
import { closeSync, openSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { POINT_BYTES, createPowers } from "./powers.ts";

export type PowersTask = {
  readonly path: string;
  readonly tau: bigint;
  readonly first: number;
  readonly count: number;
};

const { path, tau, first, count } = workerData as PowersTask;
const powers = await createPowers(tau, first);
const file = openSync(path, "r+");
for (let done = 0; done < count;) {
  const step = Math.min(powers.batch, count - done);
  writeSync(file, powers.next(step), 0, step * POINT_BYTES, (first + done) * POINT_BYTES);
  done += step;
  parentPort?.postMessage(step);
}
closeSync(file);
