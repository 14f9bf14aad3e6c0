import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { StackError } from "../../protocol/errors.ts";
import { createRollup } from "../../scripts/deploy/createRollup.ts";
import type { Deployment } from "../../scripts/deploy/deploymentFile.ts";
import { deploySettlement } from "../../scripts/deploy/deploySettlement.ts";
import { ethers, loadFixture } from "./support/chain.ts";
import {
  PROOFS_TIMEOUT_MS,
  attesters,
  deployWorld,
  program,
  rollupParameters,
  settlementOptions,
} from "./support/settlement.ts";

describe("deploySettlement", function () {
  this.timeout(PROOFS_TIMEOUT_MS);
  let folder: string;
  let path: string;

  beforeEach(async () => {
    await loadFixture(deployWorld);
    folder = mkdtempSync(join(tmpdir(), "bvm-deploy-"));
    path = join(folder, "hardhat.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const transactions = async () =>
    ethers.provider.getTransactionCount((await settlementOptions()).signer as never);
  const read = () => JSON.parse(readFileSync(path, "utf8")) as Deployment;

  it("writes what stands where, and from what", async () => {
    const settlement = await deploySettlement({ ...(await settlementOptions()), path });
    const { contracts, ...rest } = read();
    const { kind, id } = program.referenceString.manifest;
    expect(rest).to.deep.include({ network: "hardhat", chainId: 31337, referenceString: { kind, id } });
    expect(rest.verificationKeys.batch).to.equal(program.id);
    expect(contracts.RollupFactory!.address).to.equal(settlement.rollupFactory);
    expect(contracts.DataAvailabilityCommittee!.arguments).to.deep.equal([
      attesters.map((a) => a.address),
      2,
    ]);
    for (const { address, block, codeHash } of Object.values(contracts)) {
      expect(ethers.keccak256(await ethers.provider.getCode(address))).to.equal(codeHash);
      expect(await ethers.provider.getCode(address, block - 1)).to.equal("0x");
    }
  });

  it("does nothing the second time", async () => {
    const first = await deploySettlement({ ...(await settlementOptions()), path });
    const before = await transactions();
    expect(await deploySettlement({ ...(await settlementOptions()), path })).to.deep.equal(first);
    expect(await transactions()).to.equal(before);
  });

  it("goes on where an interrupted run stopped", async () => {
    const { deployment } = await deploySettlement({ ...(await settlementOptions()), path });
    const { RollupFactory: lost, ...contracts } = deployment.contracts;
    expect(lost).to.not.equal(undefined);
    writeFileSync(path, JSON.stringify({ ...deployment, contracts }));
    const before = await transactions();
    const { deployment: again } = await deploySettlement({ ...(await settlementOptions()), path });
    expect(await transactions()).to.equal(before + 1);
    expect(again.contracts).to.deep.include(contracts);
  });

  it("deploys anew what other inputs change, and only that", async () => {
    const options = await settlementOptions();
    const before = await deploySettlement({ ...options, path });
    const committee = { ...options.committee, threshold: 3 };
    const after = await deploySettlement({ ...options, path, committee });
    expect(after.rollupFactory).to.equal(before.rollupFactory);
    expect(after.proofVerifier).to.equal(before.proofVerifier);
    expect(after.dataAvailabilityCommittee).to.not.equal(before.dataAvailabilityCommittee);
  });

  it("deploys anew on a chain that lost the contracts", async () => {
    const { deployment } = await deploySettlement({ ...(await settlementOptions()), path });
    await loadFixture(deployWorld);
    const { deployment: again } = await deploySettlement({ ...(await settlementOptions()), path });
    expect(again.contracts).to.have.all.keys(Object.keys(deployment.contracts));
    for (const { address } of Object.values(again.contracts))
      expect(await ethers.provider.getCode(address)).to.not.equal("0x");
  });

  it("refuses a file of another chain (DEPLOYMENT_OF_ANOTHER_CHAIN)", async () => {
    const { deployment } = await deploySettlement({ ...(await settlementOptions()), path });
    writeFileSync(path, JSON.stringify({ ...deployment, chainId: 5 }));
    await expectCode(deploySettlement({ ...(await settlementOptions()), path }), {
      code: "DEPLOYMENT_OF_ANOTHER_CHAIN",
      path,
      expected: 5,
      supplied: 31337,
    });
  });

  it("refuses a local reference string on a chain others rely on (LOCAL_REFERENCE_STRING_REFUSED)", async () => {
    const options = await settlementOptions();
    const provider = { getNetwork: async () => ({ chainId: 1n }) };
    const signer = { ...options.signer, provider } as never;
    await expectCode(deploySettlement({ ...options, signer, path }), {
      code: "LOCAL_REFERENCE_STRING_REFUSED",
      chainId: 1,
      allowed: [31337, 1337],
    });
  });

  it("createRollup finds the rollup it made, and refuses one that differs (ROLLUP_DIFFERS)", async () => {
    const { signer, settlement, rollup } = await loadFixture(deployWorld);
    const parameters = rollupParameters(settlement);
    expect(await createRollup(signer, settlement.rollupFactory, parameters)).to.deep.equal({
      address: await rollup.getAddress(),
      created: false,
    });
    await expectCode(createRollup(signer, settlement.rollupFactory, { ...parameters, gasLimit: 1n }), {
      code: "ROLLUP_DIFFERS",
      chainId: parameters.chainId,
      field: "gasLimit",
      expected: String(parameters.gasLimit),
      supplied: "1",
    });
  });
});

async function expectCode(call: Promise<unknown>, type: object): Promise<void> {
  const error = await call.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).to.be.instanceOf(StackError);
  expect((error as StackError).type).to.deep.equal(type);
}
