import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import hre from "hardhat";
import { contractNames, readArtifact } from "../../scripts/compileContracts.ts";
import { createRollup, tipToSolidity } from "../../scripts/deploy/createRollup.ts";
import { stateProofInputs } from "./support/stateProofInputs.ts";
import { deployCryptoHarness } from "./support/cryptoHarness.ts";
import { loadFixture } from "./support/chain.ts";
import { snapshot } from "./support/snapshot.ts";
import {
  deployWorld,
  GENESIS,
  program,
  proofOf,
  PROOFS_TIMEOUT_MS,
  submissionOf,
  submit,
  tipAt,
} from "./support/settlement.ts";

/** Share by which gas may differ: bytes of proofs and signatures that happen to be zero cost less. */
const GAS_TOLERANCE = 0.005;

const DEPLOYED = ["RollupFactory", "Rollup", "DataAvailabilityCommittee", "ProofVerifier"];

type StorageLayout = { storage: { label: string; slot: string; offset: number; type: string }[] };

describe("snapshots", function () {
  this.timeout(PROOFS_TIMEOUT_MS);

  it("gas", async () => {
    const world = await loadFixture(deployWorld);
    const first = await submissionOf(world, { prev: GENESIS, next: tipAt(3n) });
    const second = await submissionOf(world, { prev: tipAt(3n), next: tipAt(4n) });
    const gas: Record<string, number> = {};
    const record = async (name: string, sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
      (gas[name] = Number((await (await sent).wait())!.gasUsed));
    await record("submitBatch: first, proof of 2^12 gates, 2 signatures", submit(world, first));
    await record("submitBatch: later, proof of 2^12 gates, 2 signatures", submit(world, second));
    const inputs: string[] = [...(await world.rollup.getFunction("publicInputs")(tipToSolidity(tipAt(5n))))];
    const claim = { prev: tipAt(4n), next: tipAt(5n) };
    const verify = await world.verifier
      .getFunction("verify")
      .populateTransaction(program.id, inputs, await proofOf(claim));
    await record("ProofVerifier.verify of the same, as a transaction", world.signer.sendTransaction(verify));
    const harness = await deployCryptoHarness();
    gas["Poseidon2 permutation"] = Number(await harness.permutationGas());
    const { account, storage } = stateProofInputs();
    gas["StateProof.assertAccount, as a transaction"] = Number(
      await harness.getFunction("assertAccount").estimateGas(...account),
    );
    gas["StateProof.assertStorage, as a transaction"] = Number(
      await harness.getFunction("assertStorage").estimateGas(...storage),
    );
    const before = await world.signer.provider!.getBlockNumber();
    await createRollup(world.signer, world.settlement.rollupFactory, { ...world.parameters, chainId: 9n });
    const { gasUsed } = (await world.signer.provider!.getBlock(before + 1))!;
    gas["createRollup"] = Number(gasUsed);

    const expected = snapshot("gas", gas);
    expect(gas).to.have.all.keys(Object.keys(expected));
    for (const [name, value] of Object.entries(gas))
      expect(Math.abs(value / expected[name]! - 1), `${name}: ${value}, was ${expected[name]}`).to.be.below(
        GAS_TOLERANCE,
      );
  });

  it("storage layout", async () => {
    const layouts: Record<string, string[]> = {};
    for (const name of DEPLOYED) {
      const { storage } = await storageLayout(name);
      layouts[name] = storage.map(
        ({ label, slot, offset, type }) => `${slot}+${offset} ${label}: ${withoutIds(type)}`,
      );
    }
    expect(layouts).to.deep.equal(snapshot("storage", layouts));
  });

  it("ABI", async () => {
    const abis: Record<string, string[]> = {};
    for (const name of DEPLOYED)
      abis[name] = [...new Interface((await readArtifact(name)).abi as never).format()].sort();
    expect(abis).to.deep.equal(snapshot("abi", abis));
  });

  it("every contract fits EIP-170", async () => {
    for (const name of await contractNames()) {
      const { deployedBytecode } = await hre.artifacts.readArtifact(name);
      expect(deployedBytecode.length / 2 - 1, name).to.be.at.most(24_576);
    }
  });
});

/** AST numbers in type names change with every edit. */
const withoutIds = (type: string): string => type.replaceAll(/\)\d+/g, ")");

async function storageLayout(name: string): Promise<StorageLayout> {
  const id = (await hre.artifacts.getBuildInfoId(name))!;
  const path = (await hre.artifacts.getBuildInfoOutputPath(id))!;
  const { output } = JSON.parse(readFileSync(path, "utf8")) as {
    output: { contracts: Record<string, Record<string, { storageLayout: StorageLayout }>> };
  };
  const { sourceName } = await readArtifact(name);
  const found = Object.entries(output.contracts).find(([source]) => source.endsWith(sourceName))!;
  return found[1][name]!.storageLayout;
}
