/**
 * How fast a local reference string is made, beside ffjavascript's own way (`batchApplyKey`) on a smaller size.
 * Usage: node test/bench/referenceString.ts [POINTS]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBn128 } from "ffjavascript";
import { POINTS } from "../../proving/referenceString/files.ts";
import { assertGeometric } from "../../proving/referenceString/geometric.ts";
import { writeLocal } from "../../proving/referenceString/local.ts";
import { POINT_BYTES } from "../../proving/referenceString/powers.ts";
import { machine } from "./machine.ts";

/** ffjavascript is measured on this many points: enough that its threads are busy, few enough to wait for. */
const COMPARED_POINTS = 2 ** 16;

type Measured = { seconds: number; cpuSeconds: number };

async function measure(work: () => Promise<void>): Promise<Measured> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

async function byFfjavascript(points: number): Promise<Measured> {
  const curve = await buildBn128();
  const generators = new Uint8Array(points * POINT_BYTES);
  const generator = curve.G1.toAffine(curve.G1.g);
  for (let i = 0; i < points; i++) generators.set(generator, i * POINT_BYTES);
  const measured = await measure(async () => {
    await curve.G1.batchApplyKey(generators, curve.Fr.one, curve.Fr.fromObject(0x123456789abcdef0n ** 3n));
  });
  await curve.terminate();
  return measured;
}

const points = Number(process.argv[2] ?? POINTS);
const folder = await mkdtemp(join(tmpdir(), "bvm-bench-"));
try {
  const rows = {
    [`ffjavascript, ${COMPARED_POINTS} points`]: await byFfjavascript(COMPARED_POINTS),
    [`ours, ${COMPARED_POINTS} points`]: await measure(() => writeLocal(folder, COMPARED_POINTS)),
    [`ours, ${points} points`]: await measure(() => writeLocal(folder, points)),
    [`check, ${points} points`]: await measure(() => assertGeometric(folder)),
  };
  const [theirs, ours, all] = Object.values(rows) as [Measured, Measured, Measured];
  console.log(machine());
  console.table(rows);
  const perPoint = ({ cpuSeconds }: Measured, n: number): number => (cpuSeconds / n) * 1e6;
  console.log(
    `CPU a point: ffjavascript ${perPoint(theirs, COMPARED_POINTS).toFixed(1)} us, ours ${perPoint(all, points).toFixed(1)} us`,
  );
  console.log(
    `ratio by wall time at ${COMPARED_POINTS} points: ${(theirs.seconds / ours.seconds).toFixed(1)}`,
  );
  console.log(
    `ratio by CPU a point: ${(perPoint(theirs, COMPARED_POINTS) / perPoint(all, points)).toFixed(1)}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
