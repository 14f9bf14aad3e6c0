import { expect } from "chai";
import type { Contract } from "ethers";
import { concat, ContractFactory, keccak256, toBeHex, toQuantity } from "ethers";
import { proofVerifierAbi } from "../../generated/abis/ProofVerifier.ts";
import { proofVerifierBytecode } from "../../generated/bytecode/ProofVerifier.ts";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { statementToFields } from "../../protocol/publicInputs.ts";
import type { Settlement } from "../../scripts/deploy/deploySettlement.ts";
import { ethers, loadFixture, provider } from "./support/chain.ts";
import {
  PROOFS_TIMEOUT_MS,
  deployWorld,
  GENESIS,
  otherProgram,
  program,
  proofOf,
  statementOf,
  tipAt,
} from "./support/settlement.ts";

const CLAIM = { prev: GENESIS, next: tipAt(3n) };
const inputs = statementToFields(statementOf(CLAIM)).map((n) => toBeHex(n, 32));
const A = toBeHex(1n, 32);
const B = toBeHex(2n, 32);

describe("ProofVerifier", function () {
  this.timeout(PROOFS_TIMEOUT_MS);

  let verifier: Contract;
  let settlement: Settlement;
  beforeEach(async () => ({ verifier, settlement } = await loadFixture(deployWorld)));

  const verify = (id: string, publicInputs: string[], proof: string, overrides = {}): Promise<unknown> =>
    verifier.getFunction("verify").staticCall(id, publicInputs, proof, overrides);

  const expectRejected = async (call: Promise<unknown>, id: string, publicInputs: string[], what: string) => {
    await expect(call, what)
      .to.be.revertedWithCustomError(verifier, "ProofRejected")
      .withArgs(id, keccak256(concat(publicInputs)));
  };

  it("accepts a true proof (I-VERIFIER-01)", async () => {
    await verify(program.id, inputs, await proofOf(CLAIM));
    await verify(otherProgram.id, inputs, await proofOf({ ...CLAIM, by: otherProgram }));
  });

  it("rejects a proof flipped in any of its words, cut or prolonged", async () => {
    const proof = await proofOf(CLAIM);
    const words = proof.length / 64 - 1;
    for (let word = 0; word < words; word += 9) {
      const at = 2 + 64 * word + 63;
      const flipped = proof.slice(0, at) + (parseInt(proof[at]!, 16) ^ 1).toString(16) + proof.slice(at + 1);
      await expectRejected(verify(program.id, inputs, flipped), program.id, inputs, `word ${word}`);
    }
    for (const wrong of ["0x", proof.slice(0, -64), `${proof}${"00".repeat(32)}`])
      await expectRejected(verify(program.id, inputs, wrong), program.id, inputs, `${wrong.length}`);
  });

  it("rejects each altered input, a missing one, one too many, one beyond the field (I-VERIFIER-03)", async () => {
    const proof = await proofOf(CLAIM);
    const altered = inputs.map((value, i) => inputs.with(i, toBeHex(BigInt(value) + 1n, 32)));
    const beyond = inputs.with(1, toBeHex(BigInt(inputs[1]!) + FIELD_MODULUS, 32));
    for (const wrong of [...altered, inputs.slice(1), [...inputs, A], beyond])
      await expectRejected(verify(program.id, wrong, proof), program.id, wrong, JSON.stringify(wrong));
  });

  it("takes from a forger no more gas than a verification may cost (I-VERIFIER-02)", async () => {
    const proof = await proofOf(CLAIM);
    // The last point, the quotient, is used by the pairing alone, so everything before it still passes.
    const offCurve = proof.slice(0, -64) + "05".padStart(64, "0");
    const data = verifier.interface.encodeFunctionData("verify", [program.id, inputs, offCurve]);
    const from = (await ethers.getSigners())[0]!.address;
    const sent = provider.request({
      method: "eth_sendTransaction",
      params: [{ from, to: await verifier.getAddress(), data, gas: toQuantity(10_000_000) }],
    });
    await expect(sent).to.be.revertedWithCustomError(verifier, "ProofRejected");
    const [transaction] = (await ethers.provider.getBlock("latest"))!.transactions;
    const { gasUsed } = (await ethers.provider.getTransactionReceipt(transaction!))!;
    expect(Number(gasUsed)).to.be.within(1_000_000, 1_200_000);
  });

  it("rejects another program's proof", async () => {
    const call = verify(program.id, inputs, await proofOf({ ...CLAIM, by: otherProgram }));
    await expectRejected(call, program.id, inputs, "other program");
  });

  it("refuses a program it does not know (UnknownProgram)", async () => {
    await expect(verify(A, inputs, "0x"))
      .to.be.revertedWithCustomError(verifier, "UnknownProgram")
      .withArgs(A);
    expect(await verifier.getFunction("hasProgram")(A)).to.equal(false);
    expect(await verifier.getFunction("hasProgram")(program.id)).to.equal(true);
  });

  it("does not call a true proof false for lack of gas (VerificationGasMissing, I-VERIFIER-04)", async () => {
    const proof = await proofOf(CLAIM);
    for (let gasLimit = 250_000; gasLimit <= 1_250_000; gasLimit += 100_000) {
      const error = await verify(program.id, inputs, proof, { gasLimit }).then(
        () => undefined,
        (e: { data?: string }) => verifier.interface.parseError(e.data ?? "0x"),
      );
      if (error === undefined) continue;
      expect(error?.name, `gas limit ${gasLimit}`).to.equal("VerificationGasMissing");
      expect(error?.args[0]).to.equal(1_000_000n);
      expect(Number(error?.args[1])).to.be.lessThan(1_000_000);
    }
    await verify(program.id, inputs, proof, { gasLimit: 1_300_000 });
  });

  describe("creation", () => {
    const create = async (programs: { program: string; verifier: string }[]) => {
      const [signer] = await ethers.getSigners();
      return new ContractFactory(proofVerifierAbi, proofVerifierBytecode, signer as never).deploy(programs);
    };

    it("tells its programs in events (I-VERIFIER-05)", async () => {
      const added = (await verifier.queryFilter("ProgramAdded")).map(
        (e) => verifier.interface.parseLog(e)!.args,
      );
      const byProgram = Object.fromEntries(added.map((args) => [args.program, args.verifier]));
      expect(byProgram).to.deep.equal({
        [program.id]: settlement.verifiers.BatchVerifier,
        [otherProgram.id]: settlement.verifiers.OtherVerifier,
      });
      expect(await verifier.getFunction("verifierOf")(program.id)).to.equal(
        settlement.verifiers.BatchVerifier,
      );
    });

    it("refuses a program twice, or zero (ProgramsNotAscending), and one without code (VerifierWithoutCode)", async () => {
      const real = settlement.verifiers.BatchVerifier!;
      for (const [ids, previous, next] of [
        [[A, A], A, A],
        [[B, A], B, A],
        [[ethers.ZeroHash], ethers.ZeroHash, ethers.ZeroHash],
      ] as const)
        await expect(create(ids.map((id) => ({ program: id, verifier: real }))))
          .to.be.revertedWithCustomError(verifier, "ProgramsNotAscending")
          .withArgs(previous, next);
      await expect(create([{ program: A, verifier: ethers.ZeroAddress }]))
        .to.be.revertedWithCustomError(verifier, "VerifierWithoutCode")
        .withArgs(A, ethers.ZeroAddress);
    });

    it("takes the answer false for what it is", async () => {
      const refusing = await (await ethers.deployContract("RefusingVerifier")).getAddress();
      const created = await create([{ program: A, verifier: refusing }]);
      await expect(created.getFunction("verify").staticCall(A, inputs, "0x"))
        .to.be.revertedWithCustomError(verifier, "ProofRejected")
        .withArgs(A, keccak256(concat(inputs)));
    });
  });
});
