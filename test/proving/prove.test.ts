import { execFile } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { verifyInEvm } from "../../agents/kit/verifier/verifyInEvm.ts";
import { emitProgram } from "../../circuits/builder/emit.ts";
import { emitWitness } from "../../circuits/builder/emitWitness.ts";
import { forge } from "../../circuits/builder/forge.ts";
import { assertPinnedBinary } from "../../proving/barretenberg/binary.ts";
import { gates } from "../../proving/barretenberg/gates.ts";
import { prove, type Proof } from "../../proving/barretenberg/prove.ts";
import { getProgramKey, type ProgramKey } from "../../proving/programKeys.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import { getVerifier, type Verifier } from "../../proving/verifier/verifier.ts";
import { inFolder, productCircuit, rejection, smallReferenceString } from "./smallProgram.ts";

describe("a proof by bb, judged by the generated verifier in an EVM", function () {
  this.timeout(600_000); // proofs are made one at a time on a machine: others come first

  let referenceString: ReferenceString;
  let key: ProgramKey;
  let verifier: Verifier;
  let good: Proof;
  const built = productCircuit();

  const proveWitness = (witness: readonly bigint[], of: ProgramKey = key): Promise<Proof> =>
    inFolder(async (folder) => {
      const path = join(folder, "witness.gz");
      await writeFile(path, emitWitness(witness));
      return prove({
        program: of.program,
        witness: path,
        key: of.key,
        target: of.target,
        crs: referenceString.folder,
      });
    });

  before(async () => {
    referenceString = await smallReferenceString();
    const program = { name: "product", target: "evm-no-zk", bytes: emitProgram(built.circuit) } as const;
    key = await getProgramKey(program, referenceString);
    verifier = await getVerifier(key, referenceString);
    good = await proveWitness(built.witness);
  });

  it("accepts the proof of a good witness and tells gas, seconds and memory", async () => {
    const { valid, gas } = await verifyInEvm(verifier.deployedBytecode, good.proof, good.publicInputs);
    expect(valid).to.equal(true);
    expect(good.publicInputs).to.deep.equal([63n]);
    expect(Number(gas)).to.be.within(300_000, 1_000_000);
    expect(good.seconds).to.be.greaterThan(0);
    if (process.platform === "linux") expect(good.peakBytes).to.be.greaterThan(1 << 20);
  });

  it("refuses the proof with one byte altered, wherever it is", async () => {
    const step = Math.ceil(good.proof.length / 12);
    for (let at = 5; at < good.proof.length; at += step) {
      const altered = Uint8Array.from(good.proof);
      altered[at] = altered[at]! ^ 1;
      const { valid } = await verifyInEvm(verifier.deployedBytecode, altered, good.publicInputs);
      expect(valid, `byte ${at}`).to.equal(false);
    }
  });

  it("refuses another public input, one too many, none, and one that is not a field element", async () => {
    const modulus = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    for (const inputs of [[64n], [63n, 0n], [], [63n + modulus]])
      expect(
        (await verifyInEvm(verifier.deployedBytecode, good.proof, inputs)).valid,
        String(inputs),
      ).to.equal(false);
  });

  it("refuses the proof bb makes of a wrong witness", async () => {
    const { proof, publicInputs } = await proveWitness(forge(built, { product: 64n }));
    expect(publicInputs).to.deep.equal([64n]);
    expect((await verifyInEvm(verifier.deployedBytecode, proof, publicInputs)).valid).to.equal(false);
  });

  it("names the contract, the key and the reference string in the artefact", () => {
    expect(verifier.name).to.equal("ProductVerifier");
    expect(BigInt(verifier.keyHash)).to.equal(key.keyHash);
    expect(verifier.referenceString).to.equal(referenceString.manifest.id);
  });

  it("gives 115 key fields and a proof of fields for a recursive target", async () => {
    const program = {
      name: "product",
      target: "noir-recursive-no-zk",
      bytes: emitProgram(built.circuit),
    } as const;
    const recursive = await getProgramKey(program, referenceString);
    const { proof } = await proveWitness(built.witness, recursive);
    expect(recursive.keyFields).to.have.length(115);
    expect(proof.length % 32).to.equal(0);
  });

  it("counts gates", async () => {
    const { gates: count, acirOpcodes } = await gates(key.program);
    expect(count).to.be.within(4, 2_000);
    expect(acirOpcodes).to.be.greaterThan(2);
  });

  it("fails with bb's own words", async () => {
    const error = await rejection(gates("/nowhere/program.json"), "BB_FAILED");
    expect(error).to.include({ exitCode: 1, signal: null });
    expect(error["output"]).to.match(/program\.json/);
  });

  it("ends bb when told to stop", () =>
    inFolder(async (folder) => {
      const fifo = join(folder, "program.json");
      await promisify(execFile)("mkfifo", [fifo]);
      const stop = new AbortController();
      const counting = gates(fifo, { signal: stop.signal });
      const writer = await open(fifo, "w"); // opens when bb has opened the other end, and then waits
      stop.abort();
      await rejection(counting, "BB_ABORTED");
      await writer.close();
    }));

  it("refuses a bb that is not the pinned one", () =>
    inFolder(async (folder) => {
      const other = join(folder, "bb");
      await writeFile(other, "#!/bin/sh\necho 5.0.0\n");
      const error = await rejection(assertPinnedBinary(other), "BB_WRONG_BINARY");
      expect(error["actualSha256"]).to.not.equal(error["expectedSha256"]);
    }));
});
