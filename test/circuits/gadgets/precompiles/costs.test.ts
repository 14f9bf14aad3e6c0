/** What a unit of each pool costs: the difference between two pools, as estimated and as `bb gates` counts it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Builder } from "../../../../circuits/builder/builder.ts";
import type { Circuit } from "../../../../circuits/builder/circuit.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { challengePoint } from "../../../../circuits/gadgets/challengePoint.ts";
import { blake2fPool } from "../../../../circuits/gadgets/precompiles/blake2f.ts";
import { assertRecovered, ecrecoverJobs } from "../../../../circuits/gadgets/precompiles/ecrecover.ts";
import { modexpPool } from "../../../../circuits/gadgets/precompiles/modexp.ts";
import { ripemd160Pool } from "../../../../circuits/gadgets/precompiles/ripemd160.ts";
import { sha256Pool } from "../../../../circuits/gadgets/precompiles/sha256.ts";
import { gates } from "../../../../proving/barretenberg/gates.ts";
import { expectSnapshot } from "../../builder/expectSnapshot.ts";
import { input } from "../buildGadget.ts";

const none = (): [] => [];

function ecrecover(b: Builder, count: number): void {
  const jobs = ecrecoverJobs(b, count, none, "job");
  const challenge = challengePoint(b, input(b, "seed", 128, 0n), "challenge");
  jobs.forEach((job, i) => assertRecovered(b, job, challenge, `check[${i}]`));
}

interface Unit {
  readonly build: (b: Builder, count: number) => void;
  /** Large enough that a lookup table, which a circuit is never smaller than, does not hide the difference. */
  readonly from: number;
  readonly to: number;
  /** Gates of one unit, as its gadget's comment states them. */
  readonly cost: number;
}

const UNITS: Record<string, Unit> = {
  "SHA-256 block": { build: (b, n) => void sha256Pool(b, n, none, "pool"), from: 10, to: 20, cost: 4_300 },
  "RIPEMD-160 block": { build: (b, n) => void ripemd160Pool(b, n, none, "pool"), from: 2, to: 6, cost: 4_890 },
  "ecrecover job": { build: ecrecover, from: 1, to: 2, cost: 56_600 },
  "modexp job": { build: (b, n) => void modexpPool(b, { jobs: n, steps: 4 }, none, "pool"), from: 4, to: 12, cost: 1_726 },
  "modexp step": { build: (b, n) => void modexpPool(b, { jobs: 1, steps: n }, none, "pool"), from: 20, to: 60, cost: 365 },
  "BLAKE2f job": { build: (b, n) => void blake2fPool(b, { jobs: n, rounds: 4 }, none, "pool"), from: 4, to: 12, cost: 1_615 },
  "BLAKE2f round": { build: (b, n) => void blake2fPool(b, { jobs: 1, rounds: n }, none, "pool"), from: 8, to: 24, cost: 1_095 },
}; // prettier-ignore

describe("costs of the precompiled contracts", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "bvm-gates-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  const shape = ({ build }: Unit, count: number): Circuit => {
    const b = new Builder("shape");
    build(b, count);
    return b.finish().circuit;
  };
  const counted = async (circuit: Circuit): Promise<number> => {
    const file = join(folder, "program.json");
    await writeFile(file, emitProgram(circuit));
    return (await gates(file)).gates;
  };

  for (const [name, unit] of Object.entries(UNITS))
    it(`a ${name}: ${unit.cost} gates`, async () => {
      const circuits = [shape(unit, unit.from), shape(unit, unit.to)] as const;
      const each = (low: number, high: number): number => (high - low) / (unit.to - unit.from);
      const estimated = each(estimateGates(circuits[0]).total, estimateGates(circuits[1]).total);
      expect(estimated / unit.cost, `estimated ${estimated}`).to.be.within(0.99, 1.01);
      const real = each(await counted(circuits[0]), await counted(circuits[1]));
      expect(real / unit.cost, `counted ${real}`).to.be.within(0.92, 1.08);
    });

  it("are those of the snapshot", () =>
    expectSnapshot(
      "precompiles",
      Object.fromEntries(Object.entries(UNITS).map(([name, unit]) => [name, shape(unit, unit.from)])),
    ));
});
