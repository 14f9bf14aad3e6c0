/** Provers of several programs by name, and proofs that one makes for another. */
import { expect } from "chai";
import { Builder, type Built } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import { STATEMENT_INPUTS } from "../../../protocol/publicInputs.ts";
import { bytesToFields } from "../../../proving/barretenberg/fields.ts";
import type { Target } from "../../../proving/barretenberg/target.ts";
import {
  getReferenceString,
  type ReferenceString,
} from "../../../proving/referenceString/referenceString.ts";
import { CircuitProver } from "./prover.ts";

/** What an inner program is proven for. */
export const RECURSIVE: Target = "noir-recursive-no-zk";

const NO_STATEMENT = new Array<bigint>(STATEMENT_INPUTS.length).fill(0n);

/** Stands for a chunk's program in the shape of its public inputs alone: it proves every statement. `salt` makes another key. */
export function anyStatement(statement: readonly bigint[] = NO_STATEMENT, salt = 0n): Built {
  const b = new Builder();
  const wires = b.witnesses("input", STATEMENT_INPUTS.length, () => statement);
  wires.forEach((wire, i) => {
    const product = b.witness("product", () => b.value(wire) * salt);
    b.assertZero([[1n, wire, b.constant(salt)]], [[-1n, product]], 0n, "use");
    b.publicInput(wire, STATEMENT_INPUTS[i]!);
  });
  return b.finish();
}

export class RecursionProvers {
  readonly #referenceString: ReferenceString;
  readonly #provers = new Map<string, CircuitProver>();

  private constructor(referenceString: ReferenceString) {
    this.#referenceString = referenceString;
  }

  static create = async (): Promise<RecursionProvers> =>
    new RecursionProvers(await getReferenceString("local"));

  /** Makes the program's key; returns its hash. */
  async add(name: string, target: Target, { circuit }: { readonly circuit: Circuit }): Promise<bigint> {
    const prover = await CircuitProver.create(name, target, circuit, this.#referenceString);
    this.#provers.set(name, prover);
    return prover.key.keyHash;
  }

  of = (name: string): CircuitProver => this.#provers.get(name)!;

  /** Proves with an inner program, for use in an outer one. */
  async inner(name: string, { circuit, witness }: Built): Promise<InnerProof> {
    expect(check(circuit, witness).broken).to.deep.equal([]);
    const prover = this.of(name);
    const made = await prover.prove(witness);
    const { keyFields, keyHash } = prover.key;
    const proof = bytesToFields(made.proof, "bb prove");
    return { key: keyFields, keyHash, proof, publicInputs: made.publicInputs };
  }
}
