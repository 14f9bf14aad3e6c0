/**
 * A program with the statement's 15 public inputs, small enough to prove in a fraction of a second: block numbers and times
 * advance. With it the whole path of a settlement is real - key, proof, generated verifier - while nothing of it depends on
 * how blocks are proven.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertConstant, assertEqual, sum } from "../../../circuits/builder/arithmetic.ts";
import type { Mode } from "../../../circuits/builder/builder.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { emitWitness } from "../../../circuits/builder/emitWitness.ts";
import { witnessU32 } from "../../../circuits/builder/ranges.ts";
import { StackError } from "../../../protocol/errors.ts";
import type { Statement } from "../../../protocol/publicInputs.ts";
import { STATEMENT_INPUTS, statementToFields } from "../../../protocol/publicInputs.ts";
import { prove } from "../../../proving/barretenberg/prove.ts";
import { buildOnce } from "../../../proving/cache.ts";
import type { ProgramKey } from "../../../proving/programKeys.ts";
import { getProgramKey } from "../../../proving/programKeys.ts";
import type { ReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import type { Verifier } from "../../../proving/verifier/verifier.ts";
import { getVerifier } from "../../../proving/verifier/verifier.ts";

/** The circuit has under 2^12 gates. */
const POINTS = 2 ** 13 + 1;

export type StatementProgram = {
  readonly key: ProgramKey;
  readonly verifier: Verifier;
  readonly referenceString: ReferenceString;
  /** The program's id on chain. */
  readonly id: string;
  prove(statement: Statement): Promise<Uint8Array>;
};

/** `salt` makes another program, with another key, of the same statement. */
export async function statementProgram(salt = 0n): Promise<StatementProgram> {
  const referenceString = await getReferenceString("local", { points: POINTS });
  const bytes = emitProgram(build(salt, "shape").circuit);
  const key = await getProgramKey({ name: `advance${salt}`, target: "evm-no-zk", bytes }, referenceString);
  const verifier = await getVerifier(key, referenceString);
  const proveStatement = (statement: Statement) => proveWith(key, referenceString, salt, statement);
  return { key, verifier, referenceString, id: verifier.keyHash, prove: proveStatement };
}

function build(salt: bigint, mode: Mode, inputs: readonly bigint[] = []) {
  const b = new Builder(mode);
  const wires = b.witnesses("input", STATEMENT_INPUTS.length, () => inputs);
  STATEMENT_INPUTS.forEach((name, i) => b.publicInput(wires[i]!, name));
  const wire = (name: (typeof STATEMENT_INPUTS)[number]) => wires[STATEMENT_INPUTS.indexOf(name)]!;
  for (const field of ["blockNumber", "timestamp"] as const) {
    const [prev, next] = [wire(`prev.${field}`), wire(`next.${field}`)];
    const step = witnessU32(b, `${field}.step`, () => b.value(next) - b.value(prev) - 1n);
    assertEqual(
      b,
      next,
      sum(
        b,
        [
          [1n, prev],
          [1n, step],
        ],
        1n,
        `${field}.expected`,
      ),
      `${field}.advances`,
    );
  }
  assertConstant(b, wire("selfKeyHash"), 0n, "selfKeyHash");
  assertConstant(b, sum(b, [[1n, b.zero]], salt, "salt"), salt, "salted");
  return b.finish();
}

/** From the cache, or made now: a proof is a function of the key and the statement. */
async function proveWith(
  key: ProgramKey,
  { folder: crs }: ReferenceString,
  salt: bigint,
  statement: Statement,
): Promise<Uint8Array> {
  const inputs = statementToFields(statement);
  const { circuit, witness } = build(salt, "prove", inputs);
  const { broken } = check(circuit, witness);
  if (broken.length > 0) throw new StackError({ code: "STATEMENT_FALSE", broken: broken[0]!.name }, "fatal");
  const digest = createHash("sha256")
    .update(`${key.keyHash} ${inputs.join(" ")}`)
    .digest("hex");
  const folder = await buildOnce({ kind: "testProof", key: digest.slice(0, 32) }, async (temporary) => {
    const path = join(temporary, "witness.gz");
    await writeFile(path, emitWitness(witness));
    const { proof } = await prove({
      program: key.program,
      witness: path,
      key: key.key,
      target: key.target,
      crs,
    });
    await writeFile(join(temporary, "proof"), proof);
  });
  return readFile(join(folder, "proof"));
}
