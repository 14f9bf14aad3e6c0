/** Real proofs of test circuits: bb makes them, the generated Solidity verifier judges them in an EVM. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyInEvm } from "../../../agents/kit/verifier/verifyInEvm.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { emitWitness } from "../../../circuits/builder/emitWitness.ts";
import { hasCode } from "../../../protocol/errors.ts";
import { type Proof, prove } from "../../../proving/barretenberg/prove.ts";
import type { Target } from "../../../proving/barretenberg/target.ts";
import { type ProgramKey, getProgramKey } from "../../../proving/programKeys.ts";
import type { ReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { getVerifier } from "../../../proving/verifier/verifier.ts";

export type Verdict = "accepted" | "refused by the verifier" | "no proof";

export class CircuitProver {
  readonly key: ProgramKey;
  readonly #referenceString: ReferenceString;

  private constructor(key: ProgramKey, referenceString: ReferenceString) {
    this.key = key;
    this.#referenceString = referenceString;
  }

  static async create(name: string, target: Target, circuit: Circuit, referenceString: ReferenceString) {
    const key = await getProgramKey({ name, target, bytes: emitProgram(circuit) }, referenceString);
    return new CircuitProver(key, referenceString);
  }

  async prove(witness: readonly bigint[]): Promise<Proof> {
    const folder = await mkdtemp(join(tmpdir(), "bvm-roundtrip-"));
    try {
      const path = join(folder, "witness.gz");
      await writeFile(path, emitWitness(witness));
      const { program, key, target } = this.key;
      return await prove({ program, witness: path, key, target, crs: this.#referenceString.folder });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async verify(proof: Uint8Array, publicInputs: readonly bigint[]): Promise<boolean> {
    const { deployedBytecode } = await getVerifier(this.key, this.#referenceString);
    return (await verifyInEvm(deployedBytecode, proof, publicInputs)).valid;
  }

  /** What becomes of a witness, good or forged. */
  async judge(witness: readonly bigint[]): Promise<Verdict> {
    try {
      const { proof, publicInputs } = await this.prove(witness);
      return (await this.verify(proof, publicInputs)) ? "accepted" : "refused by the verifier";
    } catch (error) {
      if (hasCode(error, "BB_FAILED")) return "no proof";
      throw error;
    }
  }
}
