/**
 * A program with the public inputs of `epoch` and nothing else: any four inputs have a proof. With it the whole path of an
 * epoch is real - key, proof, generated verifier, in-process EVM - in a second instead of minutes, and a test can make proofs
 * of what the real program would never prove, to see that the light node's other checks hold by themselves.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type Mode } from "../../../circuits/builder/builder.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { emitWitness } from "../../../circuits/builder/emitWitness.ts";
import { EPOCH_INPUTS } from "../../../protocol/publicInputs.ts";
import { prove } from "../../../proving/barretenberg/prove.ts";
import { getProgramKey } from "../../../proving/programKeys.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { getVerifier } from "../../../proving/verifier/verifier.ts";

/** The circuit has a handful of gates; the padding of the proof system asks for more. */
const POINTS = 2 ** 13 + 1;

export interface OpenProgram {
  readonly keyHash: bigint;
  readonly deployedBytecode: string;
  prove(inputs: readonly bigint[]): Promise<Uint8Array>;
}

export async function openEpochProgram(): Promise<OpenProgram> {
  const referenceString = await getReferenceString("local", { points: POINTS });
  const bytes = emitProgram(build("shape").circuit);
  const key = await getProgramKey({ name: "openEpoch", target: "evm-no-zk", bytes }, referenceString);
  const { deployedBytecode, keyHash } = await getVerifier(key, referenceString);
  return {
    keyHash: BigInt(keyHash),
    deployedBytecode,
    async prove(inputs) {
      const folder = await mkdtemp(join(tmpdir(), "bvm-open-epoch-"));
      try {
        const witness = join(folder, "witness.gz");
        await writeFile(witness, emitWitness(build("prove", inputs).witness));
        const { program, target } = key;
        return (await prove({ program, witness, key: key.key, target, crs: referenceString.folder })).proof;
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

function build(mode: Mode, inputs: readonly bigint[] = []) {
  const b = new Builder(mode);
  const wires = b.witnesses("input", EPOCH_INPUTS.length, () => [...inputs]);
  EPOCH_INPUTS.forEach((name, i) => b.publicInput(wires[i]!, name));
  return b.finish();
}
