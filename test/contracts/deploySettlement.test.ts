import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { VoidSigner } from "ethers";
import { MAX_PROVABLE_GAS_LIMIT } from "../../protocol/constants.ts";
import { StackError } from "../../protocol/errors.ts";
import { createRollup, tipToSolidity } from "../../scripts/deploy/createRollup.ts";
import type { Deployment } from "../../scripts/deploy/deploymentFile.ts";
import { deploySettlement } from "../../scripts/deploy/deploySettlement.ts";
import { ethers, loadFixture, networkHelpers } from "./support/chain.ts";
import {
  GENESIS,
  PROOFS_TIMEOUT_MS,
  attesters,
  deployWorld,
  program,
  rollupParameters,
  settlementOptions,
  submissionOf,
  tipAt,
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
    const refuses = (changed: object, field: string, expected: bigint | string, supplied: bigint | string) =>
      expectCode(createRollup(signer, settlement.rollupFactory, { ...parameters, ...changed }), {
        ...{ code: "ROLLUP_DIFFERS", chainId: parameters.chainId, field },
        ...{ expected: String(expected), supplied: String(supplied) },
      });
    await refuses({ gasLimit: 1n }, "gasLimit", parameters.gasLimit, "1");
    await refuses({ verifier: ethers.ZeroAddress }, "verifier", parameters.verifier, ethers.ZeroAddress);
    const { genesis } = parameters;
    for (const field of ["stateRoot", "dataHash"] as const) {
      const changed = { ...genesis, [field]: genesis[field] + 1n };
      const words = [genesis, changed].map((tip) => tipToSolidity(tip)[field]);
      await refuses({ genesis: changed }, `genesis.${field}`, words[0]!, words[1]!);
    }
    const later = { ...genesis, timestamp: genesis.timestamp + 1n };
    await refuses({ genesis: later }, "genesis.timestamp", genesis.timestamp, later.timestamp);
  });

  it("createRollup sends nothing for a gas limit that cannot be proven (GAS_LIMIT_UNPROVABLE)", async () => {
    const { signer, settlement } = await loadFixture(deployWorld);
    const supplied = MAX_PROVABLE_GAS_LIMIT + 1n;
    const parameters = { ...rollupParameters(settlement), chainId: 80n, gasLimit: supplied };
    const nonce = await signer.getNonce();
    await expectCode(createRollup(signer, settlement.rollupFactory, parameters), {
      ...{ code: "GAS_LIMIT_UNPROVABLE", maximum: MAX_PROVABLE_GAS_LIMIT, supplied },
    });
    expect(await signer.getNonce()).to.equal(nonce);
    const largest = { ...parameters, gasLimit: MAX_PROVABLE_GAS_LIMIT };
    expect((await createRollup(signer, settlement.rollupFactory, largest)).created).to.equal(true);
  });

  it("createRollup finds a rollup by its genesis however far it has come", async () => {
    const world = await loadFixture(deployWorld);
    const { signer, settlement, rollup, parameters } = world;
    const { batch, attestations, proof } = await submissionOf(world, { prev: GENESIS, next: tipAt(5n) });
    await (await rollup.getFunction("submitBatch").send(batch, attestations, proof)).wait();
    await networkHelpers.mine(100);
    const found = { address: await rollup.getAddress(), created: false };
    expect(await createRollup(signer, settlement.rollupFactory, parameters)).to.deep.equal(found);

    const { provider } = ethers;
    const ranges: number[] = [];
    const narrow = {
      call: (request: object) => provider.call(request),
      resolveName: (name: string) => name,
      getBlockNumber: () => provider.getBlockNumber(),
      getLogs({ fromBlock, toBlock, ...filter }: { fromBlock: string; toBlock: string }) {
        const blocks = Number(toBlock) - Number(fromBlock) + 1;
        ranges.push(blocks);
        if (blocks > 3) throw new Error("query exceeds 3 blocks");
        return provider.getLogs({ ...filter, fromBlock: Number(fromBlock), toBlock: Number(toBlock) });
      },
    };
    const reader = new VoidSigner(await signer.getAddress(), narrow as never);
    expect(await createRollup(reader, settlement.rollupFactory, parameters)).to.deep.equal(found);
    expect(ranges[0]).to.be.greaterThan(100);
    expect(ranges.at(-1)).to.be.at.most(3);
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
