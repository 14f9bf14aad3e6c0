/** Makes proofs of the program `evm` and of the programs over it, and tells what each step took. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Built } from "../../circuits/builder/builder.ts";
import { check } from "../../circuits/builder/check.ts";
import { emitWitness } from "../../circuits/builder/emitWitness.ts";
import { buildEvm } from "../../circuits/programs/evm/buildEvm.ts";
import { type EvmPlan, measureEvm, planEvm } from "../../circuits/programs/evm/evmPlan.ts";
import type { Profile } from "../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { EVM_PROFILES } from "../../protocol/evm/profiles.ts";
import { prove, type Proof } from "../../proving/barretenberg/prove.ts";
import type { ProgramKey } from "../../proving/programKeys.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import type { Workload } from "./evmWorkloads.ts";

/** Wall seconds, and processor seconds of this process and of its children. */
export interface Took {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function timed<T>(work: () => T | Promise<T>): Promise<[T, Took]> {
  const [started, cpu] = [performance.now(), cpuSeconds()];
  const result = await work();
  return [result, { seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSeconds() - cpu }];
}

export const sum = (...parts: readonly Took[]): Took => ({
  seconds: parts.reduce((total, { seconds }) => total + seconds, 0),
  cpuSeconds: parts.reduce((total, part) => total + part.cpuSeconds, 0),
});

/** Assumes Linux, which counts a child's time when it has ended, in hundredths of a second. */
function cpuSeconds(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
  const ticks = [11, 12, 13, 14].map((i) => Number(fields[i]));
  return ticks.reduce((total, n) => total + n, 0) / 100;
}

export const profileNamed = (name: string): Profile => EVM_PROFILES.find((profile) => profile.name === name)!;

/** As many transactions of a workload as a profile has room for. */
export async function fullest(profile: Profile, workload: Workload): Promise<ChunkInput> {
  for (let n = profile.capacities.transactions; n > 0; n--) {
    const input = await workload(n);
    if (measureEvm(profile, input).shortages().length === 0) return input;
  }
  throw new Error(`no room in ${profile.name}`);
}

/** A circuit filled, checked and written for `bb`. */
export interface Filled {
  readonly built: Built;
  readonly witness: Uint8Array;
  /** Native execution and planning, for a chunk. */
  readonly plan: Took;
  readonly build: Took;
  readonly check: Took;
  readonly emit: Took;
}

export async function fillChunk(profile: Profile, input: ChunkInput): Promise<Filled & { planned: EvmPlan }> {
  const [planned, plan] = await timed(() => planEvm(profile, input));
  return { ...(await fill(() => buildEvm(profile, planned))), plan, planned };
}

export async function fill(make: () => Built): Promise<Filled> {
  const [built, build] = await timed(make);
  const [{ broken }, checking] = await timed(() => check(built.circuit, built.witness));
  if (broken.length > 0) throw new Error(`not satisfied: ${broken[0]!.name}`);
  const [witness, emit] = await timed(() => emitWitness(built.witness));
  return { built, witness, plan: { seconds: 0, cpuSeconds: 0 }, build, check: checking, emit };
}

export interface Proven {
  readonly proof: Proof;
  readonly took: Took;
}

/** Proves; the caller verifies. */
export async function proveFilled(
  { witness, built }: Filled,
  { program, key, target }: ProgramKey,
  { folder: crs }: ReferenceString,
): Promise<Proven> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-witness-"));
  try {
    const path = join(folder, "witness.gz");
    await writeFile(path, witness);
    const [proof, { cpuSeconds }] = await timed(() => prove({ program, witness: path, key, target, crs }));
    built.circuit.publicInputs.forEach(({ wire }, i) => {
      if (proof.publicInputs[i] !== built.witness[wire]) throw new Error(`public input ${i} differs`);
    });
    return { proof, took: { seconds: proof.seconds, cpuSeconds } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
