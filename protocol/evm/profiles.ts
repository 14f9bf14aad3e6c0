/**
 * The profiles of the program `evm`: circuits of fixed size, each with its own verification key. A chunk takes the one with the
 * fewest gates that holds it.
 */
import type { Capacities, Profile } from "./capacities.ts";

/** Levels of the state tree that may be in use: 16 million accounts and slots. */
const TREE_HEIGHT = 24;

/** What every chunk needs a little of: two calls of a token. */
const FEW: Capacities = {
  literals: 64,
  sums: 48,
  compares: 48,
  signedCompares: 6,
  bitwise: 12,
  masks: 40,
  products: 20,
  divisions: 16,
  signed: 2,
  bytes: 2,
  wide: 2,
  powers: 8,
  exponentiations: 2,
  joins: 16,
  merges: 12,
  pushes: 120,
  codeWords: 4,
  pushedMasks: 16,
  jumps: 80,
  environment: 24,
  answers: 4,
  memoryOps: 48,
  copies: 4,
  keccaks: 7,
  logs: 3,
  storageOps: 12,
  accountOps: 4,
  frames: 6,
  exceptions: 2,
  transactions: 2,
  rows: 640,
  stack: 160,
  blocks: 4,
  ancestors: 1,
  streamBytes: 560,
  hashRows: 14,
  payloadWords: 16,
  dataWords: 14,
  accessEntries: 2,
  segments: 0,
  initCodeRows: 0,
  codeRows: 30,
  codes: 8,
  memoryCells: 240,
  memoryAccesses: 140,
  copyWords: 16,
  messages: 10,
  messageWords: 24,
  keccakJobs: 8,
  keccakWords: 24,
  keccakBlocks: 8,
  accounts: 10,
  slots: 10,
  stateAccesses: 80,
  precompileCalls: 0,
  sha256Blocks: 0,
  ripemd160Blocks: 0,
  ecrecovers: 0,
  modexps: 0,
  modexpSteps: 0,
  blake2fJobs: 0,
  blake2fRounds: 0,
  treeReads: 6,
  treeWrites: 10,
  treeInsertions: 4,
  treeAbsences: 6,
};

const profile = (name: string, more: Partial<Capacities>): Profile => ({
  name,
  treeHeight: TREE_HEIGHT,
  capacities: { ...FEW, ...more },
});

/** 2^19 gates: one or two transactions, proven soonest. */
const SMALL = profile("evm-small", {});

/** 2^20 gates: payments. */
const TRANSFERS = profile("evm-transfers", {
  ...{
    transactions: 9,
    frames: 9,
    rows: 64,
    streamBytes: 1_700,
    hashRows: 40,
    payloadWords: 60,
    dataWords: 12,
  },
  ...{ keccakJobs: 20, keccakWords: 80, keccakBlocks: 18, keccaks: 2, blocks: 16, literals: 130 },
  ...{ accounts: 28, stateAccesses: 230, treeReads: 4, treeWrites: 28, treeInsertions: 12, treeAbsences: 6 },
  ...{
    codeRows: 4,
    pushes: 8,
    pushedMasks: 1,
    jumps: 4,
    memoryOps: 4,
    storageOps: 2,
    slots: 2,
    environment: 4,
  },
});

/** 2^21 gates: ordinary contracts. */
const MIXED = profile("evm-mixed", {
  ...{ transactions: 9, frames: 28, rows: 3_300, stack: 512, blocks: 16, ancestors: 4, exceptions: 6 },
  ...{ streamBytes: 3_000, hashRows: 60, payloadWords: 96, dataWords: 96, accessEntries: 6 },
  ...{
    literals: 256,
    sums: 280,
    compares: 240,
    signedCompares: 30,
    bitwise: 60,
    masks: 150,
    products: 80,
    divisions: 60,
  },
  ...{
    signed: 6,
    bytes: 6,
    wide: 6,
    powers: 24,
    exponentiations: 6,
    joins: 80,
    merges: 60,
    pushes: 400,
    pushedMasks: 80,
    jumps: 360,
  },
  ...{
    codeWords: 24,
    environment: 110,
    answers: 20,
    memoryOps: 200,
    copies: 24,
    copyWords: 80,
    keccaks: 32,
    logs: 14,
  },
  ...{
    storageOps: 64,
    accountOps: 20,
    memoryCells: 1_000,
    memoryAccesses: 640,
    messages: 48,
    messageWords: 110,
  },
  ...{ codeRows: 110, codes: 20, keccakJobs: 48, keccakWords: 110, keccakBlocks: 38 },
  ...{
    accounts: 40,
    slots: 44,
    stateAccesses: 340,
    treeReads: 20,
    treeWrites: 36,
    treeInsertions: 14,
    treeAbsences: 18,
  },
});

/** 2^22 gates: ordinary contracts where there is much to do; a transaction costs a third less than in 2^21, recursion included. */
const MIXED_LARGE = profile("evm-mixed-large", {
  ...{ transactions: 23, frames: 38, rows: 6_500, stack: 600, blocks: 16, ancestors: 4, exceptions: 6 },
  ...{ streamBytes: 4_500, hashRows: 70, payloadWords: 104, dataWords: 100, accessEntries: 6 },
  ...{ literals: 270, sums: 280, compares: 330, signedCompares: 30, bitwise: 60, masks: 260 },
  ...{ products: 80, divisions: 66, signed: 6, bytes: 6, wide: 6, powers: 24, exponentiations: 6 },
  ...{ joins: 90, merges: 60, pushes: 420, pushedMasks: 80, jumps: 720, codeWords: 24 },
  ...{ environment: 120, answers: 20, memoryOps: 440, copies: 20, copyWords: 80, logs: 27 },
  ...{
    storageOps: 110,
    accountOps: 20,
    memoryCells: 1_200,
    memoryAccesses: 1_140,
    messages: 104,
    messageWords: 190,
  },
  ...{ codeRows: 130, codes: 20, keccaks: 74, keccakJobs: 100, keccakWords: 250, keccakBlocks: 94 },
  ...{ accounts: 46, slots: 56, stateAccesses: 720 },
  ...{ treeReads: 16, treeWrites: 74, treeInsertions: 10, treeAbsences: 12 },
});

/** 2^21 gates: hashes. */
const KECCAK = profile("evm-keccak", {
  ...{
    transactions: 3,
    frames: 12,
    rows: 1_800,
    stack: 256,
    streamBytes: 2_400,
    hashRows: 30,
    payloadWords: 70,
    dataWords: 64,
  },
  ...{
    keccaks: 76,
    keccakJobs: 80,
    keccakWords: 340,
    keccakBlocks: 64,
    messages: 90,
    messageWords: 340,
    memoryAccesses: 900,
  },
  ...{
    memoryOps: 200,
    memoryCells: 900,
    sums: 200,
    compares: 120,
    bitwise: 60,
    products: 60,
    divisions: 40,
    jumps: 240,
  },
  ...{
    literals: 200,
    pushes: 240,
    pushedMasks: 40,
    codeRows: 60,
    stateAccesses: 200,
    storageOps: 32,
    slots: 24,
    treeWrites: 24,
    joins: 60,
  },
});

/** 2^21 gates: a creation whose init code has up to some 5,300 bytes. */
const DEPLOY = profile("evm-deploy", {
  ...{
    transactions: 1,
    frames: 4,
    segments: 2,
    initCodeRows: 172,
    codeRows: 131,
    codes: 8,
    rows: 400,
    stack: 160,
  },
  ...{ streamBytes: 5_450, hashRows: 60, payloadWords: 168, dataWords: 144, environment: 10 },
  ...{ memoryCells: 330, memoryAccesses: 450, memoryOps: 36, copies: 6, copyWords: 170, codeWords: 168 },
  ...{
    messages: 6,
    messageWords: 172,
    merges: 16,
    joins: 20,
    keccakJobs: 9,
    keccakWords: 342,
    keccakBlocks: 82,
  },
  ...{ literals: 190, pushes: 110, jumps: 40, sums: 32, compares: 32, bitwise: 24, masks: 16, products: 16 },
  ...{ slots: 14, stateAccesses: 90, treeReads: 3, treeWrites: 12, treeInsertions: 10, treeAbsences: 3 },
});

/** 2^22 gates: a creation whose init code has up to some 11,000 bytes. */
const DEPLOY_LARGE = profile("evm-deploy-large", {
  ...{
    transactions: 1,
    frames: 6,
    segments: 4,
    initCodeRows: 358,
    codeRows: 268,
    codes: 10,
    rows: 800,
    stack: 256,
  },
  ...{ streamBytes: 11_200, hashRows: 122, payloadWords: 350 },
  ...{ memoryCells: 540, memoryAccesses: 920, memoryOps: 72, copies: 8, copyWords: 352, codeWords: 350 },
  ...{
    messages: 10,
    messageWords: 360,
    merges: 32,
    joins: 40,
    keccakJobs: 16,
    keccakWords: 710,
    keccakBlocks: 169,
  },
  ...{ literals: 180, pushes: 220, jumps: 90, sums: 64, compares: 64, bitwise: 40, masks: 40, products: 32 },
  ...{ slots: 24, stateAccesses: 180, treeReads: 6, treeWrites: 24, treeInsertions: 18, treeAbsences: 6 },
});

/** 2^21 gates: a few calls with the precompiled contracts. */
const PRECOMPILES = profile("evm-precompiles", {
  ...{
    transactions: 2,
    frames: 20,
    rows: 1_800,
    stack: 256,
    precompileCalls: 10,
    memoryAccesses: 500,
    memoryCells: 500,
  },
  ...{
    sha256Blocks: 24,
    ripemd160Blocks: 12,
    ecrecovers: 4,
    modexps: 4,
    modexpSteps: 200,
    blake2fJobs: 2,
    blake2fRounds: 26,
  },
  ...{
    keccaks: 16,
    keccakJobs: 20,
    keccakWords: 60,
    keccakBlocks: 20,
    messages: 40,
    messageWords: 140,
    copies: 20,
    copyWords: 60,
  },
  ...{
    streamBytes: 2_000,
    hashRows: 28,
    payloadWords: 60,
    dataWords: 56,
    sums: 100,
    memoryOps: 120,
    jumps: 160,
    codeRows: 60,
  },
});

export const EVM_PROFILES: readonly Profile[] = [
  SMALL,
  TRANSFERS,
  MIXED,
  KECCAK,
  DEPLOY,
  PRECOMPILES,
  MIXED_LARGE,
  DEPLOY_LARGE,
];
