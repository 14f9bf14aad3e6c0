/**
 * Recursive verification: an inner proof, its public inputs, and the program that proved it.
 *
 * Every inner program has STATEMENT_LENGTH public inputs, so one gadget serves all. What the inputs *mean* depends on
 * the program, and the program is known by its key hash alone (I-RECURSION-01): `verifyInner` gives, for each allowed
 * program, a Bool that is 1 iff the proof is of that program.
 */
import { STATEMENT_LENGTH } from "../../protocol/constants.ts";
import { recursiveAggregation } from "../builder/blackBoxes.ts";
import type { Builder, Product, Term } from "../builder/builder.ts";
import { witnessBool } from "../builder/ranges.ts";
import type { Bool, Wire } from "../builder/wire.ts";

/** A proof of target `noir-recursive-no-zk` as `bb` writes it, in fields. */
export interface InnerProof {
  readonly key: readonly bigint[];
  readonly keyHash: bigint;
  readonly proof: readonly bigint[];
  readonly publicInputs: readonly bigint[];
}

/** A program an inner proof may be of. */
export interface AllowedProgram {
  readonly name: string;
  readonly keyHash: Wire;
  /** Which public input is `selfKeyHash`, and what it must be. */
  readonly self: { readonly input: number; readonly value: Wire };
}

export interface VerifiedInner {
  readonly publicInputs: readonly Wire[];
  /** Exactly one is 1. */
  readonly isProgram: ReadonlyMap<string, Bool>;
}

const KEY_FIELDS = 115;
const PROOF_FIELDS = 410;

/**
 * Proves: some proof exists of `publicInputs` for exactly one program of `allowed`, the one whose Bool is 1, and its
 * `selfKeyHash` input has the value required of that program.
 * Assumes: key hashes of `allowed` that are constants are distinct (`assertDistinctKeys`). One of them may be a public
 * input of the outer circuit (its own key hash): whoever verifies the outer proof must require its value.
 * Enforces: the recursive verification; one-hot Bools; keyHash = sum of Bool * allowed hash; for each program,
 * Bool * (selfKeyHash input - required value) = 0.
 * Sound because: the black box binds key to keyHash, and the proof to key and inputs. With one Bool set, keyHash is that
 * program's hash, so the proof is of that program.
 * Cost: 682k gates for the first in a circuit, 745k for each further one, and 5 for each allowed program.
 */
export function verifyInner(
  b: Builder,
  inner: () => InnerProof,
  allowed: readonly AllowedProgram[],
  name: string,
): VerifiedInner {
  return b.scope(name, () => {
    const keyHash = b.witness("keyHash", () => inner().keyHash);
    const isProgram = new Map<string, Bool>();
    for (const program of allowed)
      isProgram.set(
        program.name,
        witnessBool(b, `is.${program.name}`, () => b.value(keyHash) === b.value(program.keyHash)),
      );
    const flags = allowed.map((program) => ({ ...program, flag: isProgram.get(program.name)! }));
    b.assertZero([], flags.map(({ flag }): Term => [1n, flag]), -1n, "one program"); // prettier-ignore
    const choice = flags.map(({ flag, keyHash: hash }): Product => [1n, flag, hash]);
    b.assertZero(choice, [[-1n, keyHash]], 0n, "key hash is the program's");

    const publicInputs = b.witnesses("input", STATEMENT_LENGTH, () => inner().publicInputs);
    for (const { name: program, flag, self } of flags) {
      const difference: Product[] = [
        [1n, flag, publicInputs[self.input]!],
        [-1n, flag, self.value],
      ];
      b.assertZero(difference, [], 0n, `selfKeyHash of ${program}`);
    }
    const key = b.witnesses("key", KEY_FIELDS, () => inner().key);
    const proof = b.witnesses("proof", PROOF_FIELDS, () => inner().proof);
    recursiveAggregation(b, { key, proof, publicInputs, keyHash }, "verify");
    return { publicInputs, isProgram };
  });
}
