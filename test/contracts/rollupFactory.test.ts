import { expect } from "chai";
import { tipToSolidity, createRollup } from "../../scripts/deploy/createRollup.ts";
import { ethers, loadFixture } from "./support/chain.ts";
import { CHAIN_ID, deployWorld, GENESIS } from "./support/settlement.ts";

describe("RollupFactory", () => {
  it("registers rollups in order, by chain id and by index (I-FACTORY-01)", async () => {
    const { factory, rollup, parameters, signer } = await loadFixture(deployWorld);
    const address = await factory.getAddress();
    const second = await createRollup(signer, address, { ...parameters, chainId: 9n });
    expect(second.created).to.equal(true);
    expect(await factory.getFunction("rollupCount")()).to.equal(2n);
    expect(await factory.getFunction("rollupAt")(0)).to.equal(await rollup.getAddress());
    expect(await factory.getFunction("rollupAt")(1)).to.equal(second.address);
    expect(await factory.getFunction("rollupOf")(9n)).to.equal(second.address);
    expect(await factory.getFunction("rollupOf")(10n)).to.equal(ethers.ZeroAddress);
    const created = (await factory.queryFilter("RollupCreated")).map(
      (e) => factory.interface.parseLog(e)!.args,
    );
    expect(created.map(({ chainId, rollupIndex }) => [chainId, rollupIndex])).to.deep.equal([
      [CHAIN_ID, 0n],
      [9n, 1n],
    ]);
  });

  it("refuses a second rollup of a chain id (ChainIdTaken)", async () => {
    const { factory, rollup, parameters } = await loadFixture(deployWorld);
    const again = { ...parameters, genesis: tipToSolidity(GENESIS) };
    await expect(factory.getFunction("createRollup").send(again))
      .to.be.revertedWithCustomError(factory, "ChainIdTaken")
      .withArgs(CHAIN_ID, await rollup.getAddress());
  });

  it("refuses its own chain's id (ChainIdReserved)", async () => {
    const { factory, parameters } = await loadFixture(deployWorld);
    const own = { ...parameters, chainId: 31337n, genesis: tipToSolidity(GENESIS) };
    await expect(factory.getFunction("createRollup").send(own))
      .to.be.revertedWithCustomError(factory, "ChainIdReserved")
      .withArgs(31337n);
  });

  it("refuses an index beyond the last (RollupNotFound)", async () => {
    const { factory } = await loadFixture(deployWorld);
    await expect(factory.getFunction("rollupAt")(1))
      .to.be.revertedWithCustomError(factory, "RollupNotFound")
      .withArgs(1n, 1n);
  });
});
