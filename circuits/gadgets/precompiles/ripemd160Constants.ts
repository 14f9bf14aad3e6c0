/** The tables of RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996, appendix A): of the left line, then of the right. */

export interface LineTables {
  /** Which of the five functions each round of 16 steps uses. */
  readonly functions: readonly number[];
  /** Message word of each step. */
  readonly words: readonly number[];
  /** Rotation of each step. */
  readonly shifts: readonly number[];
  /** Added constant of each round. */
  readonly constants: readonly bigint[];
}

export const INITIAL_STATE = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n];

const RHO = [7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8];
const IDENTITY = RHO.map((_, i) => i);
const PI = IDENTITY.map((i) => (9 * i + 5) % 16);

/** Rotation of each message word in each round. */
const SHIFTS = [
  [11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8],
  [12, 13, 11, 15, 6, 9, 9, 7, 12, 15, 11, 13, 7, 8, 7, 7],
  [13, 15, 14, 11, 7, 7, 6, 8, 13, 14, 13, 12, 5, 5, 6, 9],
  [14, 11, 12, 14, 8, 6, 5, 5, 15, 12, 15, 14, 9, 9, 8, 6],
  [15, 12, 13, 13, 9, 5, 8, 6, 14, 11, 12, 11, 8, 6, 5, 5],
];

function line(first: readonly number[], functions: readonly number[], constants: readonly bigint[]) {
  const rounds = [first];
  for (let i = 1; i < 5; i++) rounds.push(rounds[i - 1]!.map((word) => RHO[word]!));
  const shifts = rounds.flatMap((words, round) => words.map((word) => SHIFTS[round]![word]!));
  return { functions, words: rounds.flat(), shifts, constants };
}

export const LINES: readonly LineTables[] = [
  line(IDENTITY, [0, 1, 2, 3, 4], [0n, 0x5a827999n, 0x6ed9eba1n, 0x8f1bbcdcn, 0xa953fd4en]),
  line(PI, [4, 3, 2, 1, 0], [0x50a28be6n, 0x5c4dd124n, 0x6d703ef3n, 0x7a6d76e9n, 0n]),
];
