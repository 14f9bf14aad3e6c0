import { expect } from "chai";
import { Domain } from "../../protocol/domains.ts";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { hash } from "../../protocol/hash.ts";
import { statementHash, statementToFields } from "../../protocol/publicInputs.ts";
import { POSEIDON2_SPONGE_COMMAND, poseidon2SpongeFile } from "../../scripts/generatePoseidon2Sponge.ts";
import { checkFiles } from "../../scripts/generatedFiles.ts";
import { ethers } from "./support/chain.ts";
import { deployCryptoHarness } from "./support/cryptoHarness.ts";
import { GENESIS, statementOf, tipAt } from "./support/settlement.ts";

/** Edges of the field, and a walk through it that no input length shares. */
const EDGES = [0n, 1n, FIELD_MODULUS - 1n, FIELD_MODULUS - 2n, 1n << 253n];
const element = (i: number): bigint => EDGES[i] ?? hash(Domain.BYTES, [BigInt(i)]);

describe("Poseidon2.sol", function () {
  this.timeout(60_000);

  it("was generated from protocol/poseidon2/constants.ts", () =>
    checkFiles([poseidon2SpongeFile()], POSEIDON2_SPONGE_COMMAND));

  it("equals protocol/hash.ts for every number of inputs up to three permutations, and every domain (I-HASH-01)", async () => {
    const harness = await deployCryptoHarness();
    for (let length = 0; length <= 9; length++) {
      const inputs = Array.from({ length }, (_, i) => element(i + length));
      expect(await harness.hash(length, inputs), `length ${length}`).to.equal(hash(length as Domain, inputs));
    }
    for (const domain of Object.values(Domain))
      expect(await harness.hash(domain, EDGES)).to.equal(hash(domain, EDGES));
  });

  it("equals it where every element is the largest", async () => {
    const harness = await deployCryptoHarness();
    const inputs = Array<bigint>(6).fill(FIELD_MODULUS - 1n);
    expect(await harness.hash(Domain.NODE, inputs)).to.equal(hash(Domain.NODE, inputs));
  });

  it("equals it on 100 random inputs", async () => {
    const harness = await deployCryptoHarness();
    for (let i = 0; i < 100; i++) {
      const inputs = Array.from(
        { length: 1 + (i % 6) },
        () => BigInt(ethers.hexlify(ethers.randomBytes(32))) % FIELD_MODULUS,
      );
      expect(await harness.hash(Domain.LEAF, inputs), String(inputs)).to.equal(hash(Domain.LEAF, inputs));
    }
  });

  it("gives a statement the hash that settlement accumulates", async () => {
    const harness = await deployCryptoHarness();
    const statement = statementOf({ prev: GENESIS, next: tipAt(3n) });
    const inputs = statementToFields(statement).slice(0, -1);
    expect(await harness.hash(Domain.STATEMENT, inputs)).to.equal(statementHash(statement));
  });

  it("refuses an input that is not reduced (NotAFieldElement)", async () => {
    const harness = await deployCryptoHarness();
    await expect(harness.hash(Domain.LEAF, [1n, FIELD_MODULUS]))
      .to.be.revertedWithCustomError(harness, "NotAFieldElement")
      .withArgs(FIELD_MODULUS, ethers.toBeHex(FIELD_MODULUS, 32));
  });
});
