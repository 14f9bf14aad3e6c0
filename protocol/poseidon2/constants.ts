/**
 * The parameters of Poseidon2 over BN254 with t = 4, derived here from nothing but their definition.
 *
 * Source: Grassi, Khovratovich, Schofnegger, "Poseidon2" (eprint 2023/323), and its parameter script, which draws every
 * constant from the Grain LFSR of the Poseidon paper (eprint 2019/458, appendix E). Barretenberg's black box uses the same
 * numbers; test/protocol/poseidon2.test.ts compares these with an independent implementation.
 */
import type { Field } from "../field.ts";
import { FIELD_MODULUS, mod } from "../field.ts";

/** Elements of the state. */
export const WIDTH = 4;
/** Rounds with an S-box on every element: half of them first, half last. */
export const FULL_ROUNDS = 8;
/** Rounds with an S-box on the first element only. */
export const PARTIAL_ROUNDS = 56;

const FIELD_BITS = 254;

/**
 * The parameter script draws internal diagonals until the matrix's minimal polynomials are irreducible; for this field
 * and width the first four draws fail that test, the fifth is the one in use.
 */
const REJECTED_DIAGONALS = 4;

export type Poseidon2Constants = {
  /** One tuple a round: four constants in a full round, one in a partial round. */
  readonly roundConstants: readonly (readonly Field[])[];
  /** The diagonal of the internal matrix minus one: row i of the product is `sum(state) + internalDiagonal[i] * state[i]`. */
  readonly internalDiagonal: readonly Field[];
};

/** Derives all constants (a few milliseconds). */
export function deriveConstants(): Poseidon2Constants {
  const bits = grainBits();
  const roundConstants = Array.from({ length: FULL_ROUNDS + PARTIAL_ROUNDS }, (_, round) =>
    Array.from({ length: isFullRound(round) ? WIDTH : 1 }, () => drawBelowModulus(bits)),
  );
  const drawDiagonal = () => Array.from({ length: WIDTH }, () => mod(draw(bits)));
  for (let i = 0; i < REJECTED_DIAGONALS; i++) drawDiagonal();
  return { roundConstants, internalDiagonal: drawDiagonal().map((entry) => mod(entry - 1n)) };
}

const isFullRound = (round: number): boolean =>
  round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + PARTIAL_ROUNDS;

function draw(bits: Iterator<number, never>): bigint {
  let value = 0n;
  for (let i = 0; i < FIELD_BITS; i++) value = (value << 1n) | BigInt(bits.next().value);
  return value;
}

function drawBelowModulus(bits: Iterator<number, never>): Field {
  for (;;) {
    const value = draw(bits);
    if (value < FIELD_MODULUS) return value;
  }
}

/** Grain: an 80-bit LFSR, warmed up for 160 steps; of each pair of output bits the second counts when the first is 1. */
function* grainBits(): Generator<number, never> {
  const PRIME_FIELD = bitsOf(1, 2);
  const POWER_SBOX = bitsOf(0, 4);
  const register = [
    ...PRIME_FIELD,
    ...POWER_SBOX,
    ...bitsOf(FIELD_BITS, 12),
    ...bitsOf(WIDTH, 12),
    ...bitsOf(FULL_ROUNDS, 10),
    ...bitsOf(PARTIAL_ROUNDS, 10),
    ...bitsOf(2 ** 30 - 1, 30),
  ];
  const step = (): number => {
    const bit = [62, 51, 38, 23, 13, 0].reduce((sum, tap) => sum ^ (register[tap] as number), 0);
    register.shift();
    register.push(bit);
    return bit;
  };
  for (let i = 0; i < 160; i++) step();
  for (;;) {
    const selected = step() === 1;
    const bit = step();
    if (selected) yield bit;
  }
}

const bitsOf = (value: number, width: number): number[] =>
  Array.from({ length: width }, (_, i) => (value >>> (width - 1 - i)) & 1);
