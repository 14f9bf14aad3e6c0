/** Native values of the black boxes: what fills the witness and what `check` compares with. */
import type { BlackBoxName } from "./circuit.ts";
import { permute } from "../../protocol/poseidon2/permute.ts";
import { ecdsaSecp256k1 } from "./native/ecdsaSecp256k1.ts";
import { keccakF1600 } from "./native/keccakF1600.ts";
import { sha256Compression } from "./native/sha256Compression.ts";

type Groups = readonly (readonly bigint[])[];

/**
 * The outputs `bb` proves for these inputs; null when it would make no proof (an input out of range).
 * RecursiveAggregation has no outputs and is not recomputed: `isRecomputed` says so.
 */
export function evaluateBlackBox(name: BlackBoxName, groups: Groups, parameter: number): bigint[] | null {
  const first = groups[0]!;
  switch (name) {
    case "AND":
      return allBelow(first, parameter) ? [first[0]! & first[1]!] : null;
    case "XOR":
      return allBelow(first, parameter) ? [first[0]! ^ first[1]!] : null;
    case "Poseidon2Permutation":
      return [...permute([first[0]!, first[1]!, first[2]!, first[3]!])];
    case "Keccakf1600":
      return allBelow(first, 64) ? keccakF1600(first) : null;
    case "Sha256Compression":
      return allBelow(first, 32) && allBelow(groups[1]!, 32) ? sha256Compression(first, groups[1]!) : null;
    case "EcdsaSecp256k1": {
      if (!groups.slice(0, 4).every((g) => allBelow(g, 8))) return null;
      const [x, y, signature, hash] = groups.slice(0, 4).map((g) => Uint8Array.from(g, Number));
      return [ecdsaSecp256k1(x!, y!, signature!, hash!) ? 1n : 0n];
    }
    case "RecursiveAggregation":
      return [];
  }
}

/** Can `check` tell whether this black box holds? */
export const isRecomputed = (name: BlackBoxName): boolean => name !== "RecursiveAggregation";

const allBelow = (values: readonly bigint[], bits: number): boolean =>
  values.every((v) => v >> BigInt(bits) === 0n);
