import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Domain } from "../../protocol/domains.ts";
import { deployCryptoHarness } from "./support/cryptoHarness.ts";

const vectors = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../vectors/${name}.json`), "utf8")) as T;

type HashVectors = {
  permute: { input: string[]; output: string[] }[];
  hash: { name: string; domain: number; inputs: string[]; hash: string }[];
};
type PublicInputVectors = { statements: { fields: string[]; hash: string }[]; settlements: string[] };
type Leaf = { key: string; nextKey: string; nextIndex: number; valueHash: string };
type TreeVectors = {
  leaves: (Leaf & { hash: string })[];
  steps: { root: string; leafCount: number; receiptsHead: string; stateRoot: string }[];
};

describe("vectors through Solidity (I-HASH-01)", () => {
  const numbers = (words: readonly (string | number)[]) => words.map(BigInt);

  it("hash.json: permutations and hashes", async () => {
    const harness = await deployCryptoHarness();
    const { permute, hash } = vectors<HashVectors>("hash");
    for (const { input, output } of permute)
      expect(await harness.permute(input)).to.deep.equal(numbers(output));
    for (const { name, domain, inputs, hash: expected } of hash)
      expect(await harness.hash(domain, inputs), name).to.equal(BigInt(expected));
  });

  it("publicInputs.json: statements and the settlement accumulator", async () => {
    const harness = await deployCryptoHarness();
    const { statements, settlements } = vectors<PublicInputVectors>("publicInputs");
    for (const [i, { fields, hash }] of statements.entries()) {
      expect(await harness.hash(Domain.STATEMENT, fields.slice(0, -1))).to.equal(BigInt(hash));
      expect(await harness.hash(Domain.SETTLEMENT, [settlements[i], hash])).to.equal(
        BigInt(settlements[i + 1]!),
      );
    }
  });

  it("tree.json: leaves and state roots", async () => {
    const harness = await deployCryptoHarness();
    const { leaves, steps } = vectors<TreeVectors>("tree");
    for (const { key, nextKey, nextIndex, valueHash, hash } of leaves)
      expect(await harness.hash(Domain.LEAF, [key, nextKey, nextIndex, valueHash])).to.equal(BigInt(hash));
    for (const { root, leafCount, receiptsHead, stateRoot } of steps)
      expect(await harness.hash(Domain.STATE, [root, leafCount, receiptsHead])).to.equal(BigInt(stateRoot));
  });
});
