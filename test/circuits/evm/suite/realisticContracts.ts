/** Contracts that together do most of what contracts do: nested calls, some of which revert or halt, storage, logs, creations. */
import type { Allocation } from "../../../protocol/evm/machine/memoryState.ts";
import { call, program } from "../frames/assembler.ts";
import { create, returning } from "../frames/creationWorld.ts";

export const SHOWCASE = 0xaa0001n;
const KEEPER = 0xaa0002n;
const REVERTER = 0xaa0003n;
const VIEWER = 0xaa0004n;
const INVALID = 0xaa0005n;
const LOST = 0xaa0006n;
const NEWCOMER = 0xaa0007n;

/** Keeps what it was sent in slot 0, logs it, returns it with the value added. */
const keeper = program(0, "CALLDATALOAD", "DUP1", 0, "SSTORE", "CALLVALUE", "ADD", 0, "MSTORE", 7, 32, 0, "LOG1", 32, 0, "RETURN"); // prettier-ignore

/** Writes, logs, calls the keeper, and takes it all back. */
const reverter = program(9, 1, "SSTORE", 5, 2, "TSTORE", 1, 2, 8, 0, "LOG2", call({ to: KEEPER, value: 1, input: [0, 32] }), 0, "MSTORE", 40, 3, "REVERT"); // prettier-ignore

const viewer = program("CALLER", "ADDRESS", "XOR", 0, "SLOAD", "ADD", 0, "MSTORE", 32, 0, "RETURN");
const invalid = program(1, 3, "SSTORE", [0xfe]);
/** Jumps to a 5b that a PUSH holds. */
const lost = program([0x60, 0x04, 0x56, 0x61, 0x5b, 0x5b, 0x00]);

/** Jumps to the next JUMPDEST, over one byte. `at`: of the jump's first byte. */
const jumpOver = (at: number, isTaken: number): number[] => [0x60, isTaken, 0x61, (at + 7) >> 8, (at + 7) & 255, 0x57, 0x58, 0x5b]; // prettier-ignore

const operands = program(
  0, "CALLDATALOAD", 0, "MSTORE", 16, "CALLDATALOAD", 40, "MSTORE", 0xab, 79, "MSTORE8", 33, "MLOAD",
  "TIMESTAMP", "MUL", 3, "DUP2", "DIV", "BASEFEE", "ADD", 7, "DUP2", "SDIV", "SUB", 11, "CALLDATASIZE", "EXP", "XOR",
  13, "NUMBER", "COINBASE", "ADDMOD", "OR", "CALLER", "AND", "ORIGIN", "LT", "GASPRICE", "SLT", "CHAINID", "EQ", "ISZERO",
  30, "BYTE", "POP", "CALLVALUE", 2, "SHL", "CALLER", 0, "SIGNEXTEND", "GT", "POP",
); // prettier-ignore

const storage = program(0, 0, "SSTORE", 0, "SLOAD", 5, "ADD", 1, "SSTORE", 6, 2, "SSTORE", 0, 2, "SSTORE", 77, 4, "TSTORE", 4, "TLOAD", 3, "SSTORE"); // prettier-ignore

const calls = program(
  call({ to: KEEPER, value: 5, input: [0, 32], output: [64, 32] }), "POP",
  call({ to: REVERTER, value: 3, output: [100, 20] }), "RETURNDATASIZE", 7, 0, 200, "RETURNDATACOPY", "POP", "POP",
  call({ op: "STATICCALL", to: VIEWER, output: [96, 32] }), "POP",
  call({ op: "DELEGATECALL", to: VIEWER, input: [4, 8] }), "POP",
  call({ to: INVALID, gas: 30_000 }), call({ to: LOST, gas: 3_000 }), "ADD", "POP",
  call({ to: NEWCOMER, value: 9 }), "POP",
); // prettier-ignore

const asks = program("GAS", "POP", 3, "NUMBER", "SUB", "BLOCKHASH", "POP", KEEPER, "BALANCE", KEEPER, "EXTCODEHASH", "POP", "POP", VIEWER, "EXTCODESIZE", "SELFBALANCE", "POP", "POP"); // prettier-ignore

const copies = program(40, 3, 130, "CODECOPY", 33, 1, 170, "CALLDATACOPY", 40, 5, 210, "MCOPY", 20, 2, 260, KEEPER, "EXTCODECOPY", 90, 20, "KECCAK256", 5, "SSTORE", 3, 4, 50, 90, "LOG2", 0, 0, "LOG0"); // prettier-ignore

const creations = program(
  create(returning(Uint8Array.of(0x5b, 0x61, 0xff)), { value: 2 }), "POP",
  create(program(1, 0, "MSTORE", 33, 0, "REVERT"), { salt: 3n }), "POP",
); // prettier-ignore

function showcase(): Uint8Array {
  const before = [...operands, ...storage, ...calls, ...asks, ...copies];
  const taken = [...before, ...jumpOver(before.length, 1)];
  const both = [...taken, ...jumpOver(taken.length, 0), ...program("POP")];
  return Uint8Array.from([...both, ...creations, ...program("MSIZE", "POP", 32, 0, "RETURN")]);
}

export const CONTRACTS: ReadonlyMap<bigint, Allocation> = new Map([
  [SHOWCASE, { nonce: 1n, balance: 1_000n, code: showcase(), storage: new Map([[0n, 44n], [1n, 2n]]) }],
  [KEEPER, { nonce: 1n, balance: 50n, code: keeper }],
  [REVERTER, { nonce: 1n, code: reverter, storage: new Map([[1n, 3n]]) }],
  [VIEWER, { nonce: 1n, code: viewer, storage: new Map([[0n, 8n]]) }],
  [INVALID, { nonce: 1n, code: invalid }],
  [LOST, { nonce: 1n, code: lost }],
]); // prettier-ignore
