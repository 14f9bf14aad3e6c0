/**
 * What a circuit of the program `evm` has room for. Each kind of work has a chip with a fixed number of entries; a profile
 * fixes the numbers, hence the circuit and its verification key.
 */
import { FACT_FIELDS } from "./factKey.ts";
import { PLAIN_INSTRUCTIONS } from "./instructions.ts";

/** Words and keys of facts that an entry of each chip defines. Chips without an entry here define neither. */
export const CHIP_FACTS = {
  /** Words a prover names freely; whoever uses one proves what it is. */
  literals: { words: 1, keys: 0 },
  /** ADD, SUB. */
  sums: { words: 1, keys: 1 },
  /** LT, GT, EQ, ISZERO: the answer is the constant 0 or 1. */
  compares: { words: 0, keys: 1 },
  /** SLT, SGT. */
  signedCompares: { words: 0, keys: 1 },
  /** AND, OR, XOR, NOT. */
  bitwise: { words: 1, keys: 1 },
  /** AND with 2^160 - 1. */
  masks: { words: 1, keys: 1 },
  /** MUL, SHL. */
  products: { words: 1, keys: 1 },
  /** DIV, MOD, SHR. */
  divisions: { words: 1, keys: 1 },
  /** SDIV, SMOD, SAR. */
  signed: { words: 1, keys: 1 },
  /** BYTE, SIGNEXTEND. */
  bytes: { words: 1, keys: 1 },
  /** ADDMOD, MULMOD: two rows. */
  wide: { words: 1, keys: 2 },
  /** Steps of EXP, and EXP with its gas. */
  powers: { words: 1, keys: 1 },
  exponentiations: { words: 0, keys: 1 },
  joins: { words: 1, keys: 1 },
  merges: { words: 1, keys: 1 },
  pushes: { words: 1, keys: 1 },
  codeWords: { words: 1, keys: 1 },
  /** PUSH_MASK. */
  pushedMasks: { words: 0, keys: 1 },
  jumps: { words: 0, keys: 1 },
  environment: { words: 0, keys: 1 },
  answers: { words: 0, keys: 1 },
  memoryOps: { words: 0, keys: 1 },
  copies: { words: 0, keys: 2 },
  keccaks: { words: 0, keys: 1 },
  logs: { words: 0, keys: 3 },
  storageOps: { words: 0, keys: 1 },
  accountOps: { words: 0, keys: 1 },
  /** A call has up to four rows, an end three. */
  frames: { words: 0, keys: 7 },
  /** A cause or a jump to nowhere, and up to three rows of an opcode that no other chip can execute. */
  exceptions: { words: 0, keys: 4 },
  transactions: { words: 0, keys: 2 },
} as const satisfies Record<string, { readonly words: number; readonly keys: number }>;

export type Chip = keyof typeof CHIP_FACTS;

/** Room that no fact needs. */
export const TABLES = [
  "rows",
  "stack",
  "blocks",
  "ancestors",
  "streamBytes",
  "hashRows",
  "payloadWords",
  "dataWords",
  "accessEntries",
  "segments",
  "initCodeRows",
  "codeRows",
  "codes",
  "memoryCells",
  "memoryAccesses",
  "copyWords",
  "messages",
  "messageWords",
  "keccakJobs",
  "keccakWords",
  "keccakBlocks",
  "accounts",
  "slots",
  "stateAccesses",
  "precompileCalls",
  "sha256Blocks",
  "ripemd160Blocks",
  "ecrecovers",
  "modexps",
  "modexpSteps",
  "blake2fJobs",
  "blake2fRounds",
  "treeReads",
  "treeWrites",
  "treeInsertions",
  "treeAbsences",
] as const;

export type Capacity = Chip | (typeof TABLES)[number];
export type Capacities = Readonly<Record<Capacity, number>>;

export interface Profile {
  readonly name: string;
  /** Levels of the state tree that may be in use. */
  readonly treeHeight: number;
  readonly capacities: Capacities;
}

/** Ids of the constants 0 to 255, and of the powers 2^0 to 2^255. */
export const CONSTANT_WORDS = 256;
export const POWER_WORDS = 256;
export const powerId = (exponent: number): number => CONSTANT_WORDS + exponent;

/** Where the facts of each chip stand in the tables of words and of keys. */
export interface FactLayout {
  readonly words: number;
  readonly keys: number;
  readonly firstWord: Readonly<Record<Chip, number>>;
  readonly firstKey: Readonly<Record<Chip, number>>;
}

/** Keys before all chips' own: the null key, then those of the plain instructions. */
export const STATIC_KEYS = 1 + PLAIN_INSTRUCTIONS.length;

export function factLayout(capacities: Capacities): FactLayout {
  let words = CONSTANT_WORDS + POWER_WORDS;
  let keys = STATIC_KEYS;
  const firstWord = {} as Record<Chip, number>;
  const firstKey = {} as Record<Chip, number>;
  for (const chip of Object.keys(CHIP_FACTS) as Chip[]) {
    firstWord[chip] = words;
    firstKey[chip] = keys;
    words += capacities[chip] * CHIP_FACTS[chip].words;
    keys += capacities[chip] * CHIP_FACTS[chip].keys;
  }
  return { words, keys, firstWord, firstKey };
}

/** More words than this and an id would leave its field. */
export const MAX_WORDS = 2 ** FACT_FIELDS.z.bits;
