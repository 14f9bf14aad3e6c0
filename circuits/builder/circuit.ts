/**
 * The recorded circuit: operations, constants, tables and names. It holds no witness value, so its digest depends on
 * the program alone (I-BUILDER-01).
 *
 * Operations are one stream of integers, each record starting `kind, scope, name`:
 *
 *   ASSERT_ZERO  products, linears, constant, (coefficient, a, b) * products, (coefficient, a) * linears
 *   RANGE        wire, bits
 *   MEMORY_INIT  table
 *   MEMORY_READ  table, index, value
 *   MEMORY_WRITE table, index, value
 *   BLACK_BOX    number of the call in `blackBoxes`
 *
 * Coefficients are numbers of `constants`; wires are witness indices.
 */
import { IntList } from "./intList.ts";
import { Names } from "./names.ts";

export const ASSERT_ZERO = 0;
export const RANGE = 1;
export const MEMORY_INIT = 2;
export const MEMORY_READ = 3;
export const MEMORY_WRITE = 4;
export const BLACK_BOX = 5;

export type BlackBoxName =
  | "AND"
  | "XOR"
  | "Poseidon2Permutation"
  | "Keccakf1600"
  | "EcdsaSecp256k1"
  | "Sha256Compression"
  | "RecursiveAggregation";

/** A wire's index, or a constant written into the opcode. */
export type Input = number | bigint;

export interface BlackBoxCall {
  readonly name: BlackBoxName;
  /** Argument groups in the order of the ACIR opcode. */
  readonly inputs: readonly (readonly Input[])[];
  readonly outputs: readonly number[];
  /** Bits of AND and XOR, proof type of RecursiveAggregation, else 0. */
  readonly parameter: number;
}

export interface Table {
  readonly name: string;
  readonly entries: readonly number[];
  readonly isRam: boolean;
  /** Entries and everything read must be packed keys. */
  readonly holdsKeys: boolean;
  /** Greatest value any entry or write may have, as the builder knows it. */
  readonly max: bigint;
}

/** How a packed key was made: each field occupies `bits` bits from bit `at`. */
export interface PackRecord {
  readonly key: number;
  readonly where: string;
  readonly fields: readonly {
    readonly wire: number;
    readonly at: number;
    readonly bits: number;
    /** The field is `wire` where this one is 1, else 0. */
    readonly condition?: number;
    /** The field is this many times `wire`. */
    readonly times?: bigint;
  }[];
  readonly constant: bigint;
  /** Then the key is `of` where the wire `condition` is 1, and 0, which is in no layout, where it is 0. */
  readonly gated?: { readonly of: number; readonly condition: number };
}

export class Circuit {
  readonly ops = new IntList();
  opCount = 0;
  wireCount = 0;
  readonly constants: bigint[] = [];
  readonly tables: Table[] = [];
  readonly blackBoxes: BlackBoxCall[] = [];
  readonly publicInputs: { readonly wire: number; readonly name: string }[] = [];
  readonly packs: PackRecord[] = [];
  readonly names = new Names();
  /** Scope and name of each wire. */
  readonly wireScopes = new IntList();
  readonly wireNames = new IntList();
  /** By wire, the tightest bound of any handle that was used: what the author relied on. `lintBounds` proves each. */
  readonly claims: bigint[] = [];
  readonly #constantIds = new Map<bigint, number>();

  constantId(value: bigint): number {
    let id = this.#constantIds.get(value);
    if (id === undefined) {
      id = this.constants.length;
      this.constants.push(value);
      this.#constantIds.set(value, id);
    }
    return id;
  }

  wireName(wire: number): string {
    return this.names.full(this.wireScopes.at(wire), this.wireNames.at(wire));
  }
}
