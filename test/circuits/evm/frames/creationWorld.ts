/** Programs that create, and room for them. */
import { program, push } from "./assembler.ts";
import { RECIPIENT, type World } from "./plannedRun.ts";

export const ROOM = {
  frames: 7,
  segments: 4,
  messages: 4,
  messageWords: 6,
  keccakJobs: 5,
  keccakWords: 8,
  keccakBlocks: 5,
  literals: 32,
  rows: 128,
  stateAccesses: 110,
  joins: 3,
} as const;

/** Init code that returns these bytes, at most 32 of them. */
export const returning = (bytes: Uint8Array): Uint8Array =>
  program([0x5f + bytes.length, ...bytes], 0, "MSTORE", bytes.length, 32 - bytes.length, "RETURN");

export interface Made {
  readonly value?: number;
  readonly salt?: bigint;
}

/** Puts init code of at most 32 bytes into memory and creates with it. */
export function create(initCode: Uint8Array, { value = 0, salt }: Made = {}): number[] {
  const size = initCode.length;
  const stored = size === 0 ? [] : [...program([0x5f + size, ...initCode], 0, "MSTORE")];
  const tail = salt === undefined ? program("CREATE") : program("CREATE2");
  return [...stored, ...(salt === undefined ? [] : push(salt)), ...push(size), ...push(32 - size), ...push(value), ...tail]; // prettier-ignore
}

const deposits = create(returning(Uint8Array.of(0x5b, 0x61, 0xff)), { value: 9 });
const destroys = create(program(7, 1, "SSTORE", RECIPIENT, "SELFDESTRUCT"), { salt: 3n });

/** One creation that deposits code, one whose account is destroyed. */
export const demoCreation: World = {
  contracts: new Map([[RECIPIENT, program(deposits, "POP", destroys, "POP", "STOP")]]),
  balances: new Map([[RECIPIENT, 1000n]]),
  capacities: { ...ROOM, frames: 4, exceptions: 0 },
};
