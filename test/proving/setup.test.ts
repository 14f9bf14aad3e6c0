import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { emitProgram } from "../../circuits/builder/emit.ts";
import type { ChunkCircuit } from "../../circuits/programs/chunkCircuits.ts";
import { buildEpochEmpty } from "../../circuits/programs/epochEmpty.ts";
import { programDigest } from "../../proving/programKeys.ts";
import { networkPrograms, OUTER_PROGRAMS, type ProgramDefinition } from "../../proving/programs.ts";
import { renderParts, setUp, type SetUpProgress } from "../../scripts/setup.ts";
import { inFolder, productCircuit } from "./smallProgram.ts";

/** A set of two: the network's smallest program, and a small one for Solidity that depends on its key. */
function smallSet(): { definitions: ProgramDefinition[]; built: string[] } {
  const built: string[] = [];
  const definitions: ProgramDefinition[] = [
    {
      name: "epochEmpty",
      target: "noir-recursive-no-zk",
      parameters: {},
      inner: [],
      build: () => (built.push("epochEmpty"), buildEpochEmpty()),
    },
    {
      name: "epoch",
      target: "evm-no-zk",
      parameters: {},
      inner: ["epochEmpty"],
      build: (keyHashOf) => (built.push(`epoch on ${keyHashOf("epochEmpty")}`), productCircuit()),
    },
  ];
  return { definitions, built };
}

const smallChunk = (name: string): ChunkCircuit => ({
  ...{ name, parameters: {}, shape: () => productCircuit(), fill: () => productCircuit() },
});

describe("set-up", function () {
  this.timeout(600_000); // keys are made one at a time on a machine: others' proofs come first

  it("makes reference string, keys and verifiers in order, tells each part, and the second time builds nothing", () =>
    inFolder(async (root) => {
      const { definitions: programs, built } = smallSet();
      const told: string[] = [];
      const onProgress = (progress: SetUpProgress): void => {
        if (progress.state !== "progress") told.push(`${progress.part} ${progress.state}`);
      };
      const first = await setUp({ programs, points: 2 ** 12 + 1, root, onProgress });
      const parts = ["reference string", "key of epochEmpty", "key of epoch", "verifier of epoch"];
      expect(told.filter((line) => !line.endsWith("waiting"))).to.deep.equal(
        parts.flatMap((part) => [`${part} started`, `${part} done`]),
      );
      expect(built).to.deep.equal(["epochEmpty", `epoch on ${first.programs.epochEmpty.keyHash}`]);
      expect(first.verifiers.epoch?.name).to.equal("EpochVerifier");
      expect(first.parts.map(({ part }) => part)).to.deep.equal(parts);
      expect(renderParts(first.parts)).to.match(/reference string +\d+\.\d s\n/);

      const second = await setUp({ programs, points: 2 ** 12 + 1, root });
      expect(built).to.have.length(2);
      expect(second).to.deep.equal({ ...first, parts: second.parts });

      // A lost key is made again, the same.
      await rm(join(root, "program"), { recursive: true });
      const third = await setUp({ programs, points: 2 ** 12 + 1, root });
      expect(third.programs).to.deep.equal(first.programs);
    }));

  it("knows the network's programs innermost first, whatever circuits its chunks have", () => {
    const definitions = networkPrograms(["one", "two"].map(smallChunk));
    expect(definitions.map(({ name }) => name)).to.deep.equal(["one", "two", ...OUTER_PROGRAMS]);
    const known = new Set<string>();
    for (const { name, inner } of definitions) {
      for (const needed of inner) expect(known.has(needed), `${needed} before ${name}`).to.equal(true);
      known.add(name);
    }
  });

  it("an outer program commits to the key of every circuit of its chunks", () => {
    const definitions = networkPrograms(["one", "two"].map(smallChunk));
    const hashes: Record<string, bigint> = {
      one: 1n,
      two: 2n,
      batchMerge: 3n,
      epochMerge: 4n,
      epochEmpty: 5n,
    };
    const digestOf = (outer: ProgramDefinition, change: Record<string, bigint> = {}): string =>
      programDigest(emitProgram(outer.build((name) => ({ ...hashes, ...change })[name]!).circuit));
    for (const outer of definitions.filter(({ inner }) => inner.length > 0)) {
      expect(outer.inner).to.include.members(["one", "two"]);
      for (const name of outer.inner) expect(digestOf(outer, { [name]: 9n })).not.to.equal(digestOf(outer));
    }
  });
});
