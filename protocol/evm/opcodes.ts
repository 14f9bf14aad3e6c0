/** The opcodes of Cancun: name, stack words in and out, and the part of the gas that is always paid (yellow paper, appendix H). */

export type Opcode = {
  readonly code: number;
  readonly name: string;
  /** Words that must be on the stack; DUPn n, SWAPn n + 1. */
  readonly pops: number;
  /** Words in their place afterwards; DUPn n + 1, SWAPn n + 1. */
  readonly pushes: number;
  /** Paid at once. What depends on operands, memory and warm sets comes on top (protocol/evm/machine/gas.ts). */
  readonly gas: number;
};

type Row = readonly [code: number, name: string, pops: number, pushes: number, gas: number];

const ROWS: readonly Row[] = [
  [0x00, "STOP", 0, 0, 0],
  [0x01, "ADD", 2, 1, 3],
  [0x02, "MUL", 2, 1, 5],
  [0x03, "SUB", 2, 1, 3],
  [0x04, "DIV", 2, 1, 5],
  [0x05, "SDIV", 2, 1, 5],
  [0x06, "MOD", 2, 1, 5],
  [0x07, "SMOD", 2, 1, 5],
  [0x08, "ADDMOD", 3, 1, 8],
  [0x09, "MULMOD", 3, 1, 8],
  [0x0a, "EXP", 2, 1, 10],
  [0x0b, "SIGNEXTEND", 2, 1, 5],
  [0x10, "LT", 2, 1, 3],
  [0x11, "GT", 2, 1, 3],
  [0x12, "SLT", 2, 1, 3],
  [0x13, "SGT", 2, 1, 3],
  [0x14, "EQ", 2, 1, 3],
  [0x15, "ISZERO", 1, 1, 3],
  [0x16, "AND", 2, 1, 3],
  [0x17, "OR", 2, 1, 3],
  [0x18, "XOR", 2, 1, 3],
  [0x19, "NOT", 1, 1, 3],
  [0x1a, "BYTE", 2, 1, 3],
  [0x1b, "SHL", 2, 1, 3],
  [0x1c, "SHR", 2, 1, 3],
  [0x1d, "SAR", 2, 1, 3],
  [0x20, "KECCAK256", 2, 1, 30],
  [0x30, "ADDRESS", 0, 1, 2],
  [0x31, "BALANCE", 1, 1, 0],
  [0x32, "ORIGIN", 0, 1, 2],
  [0x33, "CALLER", 0, 1, 2],
  [0x34, "CALLVALUE", 0, 1, 2],
  [0x35, "CALLDATALOAD", 1, 1, 3],
  [0x36, "CALLDATASIZE", 0, 1, 2],
  [0x37, "CALLDATACOPY", 3, 0, 3],
  [0x38, "CODESIZE", 0, 1, 2],
  [0x39, "CODECOPY", 3, 0, 3],
  [0x3a, "GASPRICE", 0, 1, 2],
  [0x3b, "EXTCODESIZE", 1, 1, 0],
  [0x3c, "EXTCODECOPY", 4, 0, 0],
  [0x3d, "RETURNDATASIZE", 0, 1, 2],
  [0x3e, "RETURNDATACOPY", 3, 0, 3],
  [0x3f, "EXTCODEHASH", 1, 1, 0],
  [0x40, "BLOCKHASH", 1, 1, 20],
  [0x41, "COINBASE", 0, 1, 2],
  [0x42, "TIMESTAMP", 0, 1, 2],
  [0x43, "NUMBER", 0, 1, 2],
  [0x44, "PREVRANDAO", 0, 1, 2],
  [0x45, "GASLIMIT", 0, 1, 2],
  [0x46, "CHAINID", 0, 1, 2],
  [0x47, "SELFBALANCE", 0, 1, 5],
  [0x48, "BASEFEE", 0, 1, 2],
  [0x49, "BLOBHASH", 1, 1, 3],
  [0x4a, "BLOBBASEFEE", 0, 1, 2],
  [0x50, "POP", 1, 0, 2],
  [0x51, "MLOAD", 1, 1, 3],
  [0x52, "MSTORE", 2, 0, 3],
  [0x53, "MSTORE8", 2, 0, 3],
  [0x54, "SLOAD", 1, 1, 0],
  [0x55, "SSTORE", 2, 0, 0],
  [0x56, "JUMP", 1, 0, 8],
  [0x57, "JUMPI", 2, 0, 10],
  [0x58, "PC", 0, 1, 2],
  [0x59, "MSIZE", 0, 1, 2],
  [0x5a, "GAS", 0, 1, 2],
  [0x5b, "JUMPDEST", 0, 0, 1],
  [0x5c, "TLOAD", 1, 1, 100],
  [0x5d, "TSTORE", 2, 0, 100],
  [0x5e, "MCOPY", 3, 0, 3],
  [0x5f, "PUSH0", 0, 1, 2],
  ...family(32, (n): Row => [0x5f + n, `PUSH${n}`, 0, 1, 3]),
  ...family(16, (n): Row => [0x7f + n, `DUP${n}`, n, n + 1, 3]),
  ...family(16, (n): Row => [0x8f + n, `SWAP${n}`, n + 1, n + 1, 3]),
  ...[0, 1, 2, 3, 4].map((n): Row => [0xa0 + n, `LOG${n}`, n + 2, 0, 375 * (n + 1)]),
  [0xf0, "CREATE", 3, 1, 32_000],
  [0xf1, "CALL", 7, 1, 0],
  [0xf2, "CALLCODE", 7, 1, 0],
  [0xf3, "RETURN", 2, 0, 0],
  [0xf4, "DELEGATECALL", 6, 1, 0],
  [0xf5, "CREATE2", 4, 1, 32_000],
  [0xfa, "STATICCALL", 6, 1, 0],
  [0xfd, "REVERT", 2, 0, 0],
  [0xff, "SELFDESTRUCT", 1, 0, 5_000],
];

function family(count: number, row: (n: number) => Row): Row[] {
  return Array.from({ length: count }, (_, i) => row(i + 1));
}

/** By opcode. Undefined: no instruction (0xfe, designated INVALID by EIP-141, among them). */
export const OPCODES: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const row = ROWS.find((candidate) => candidate[0] === code);
  if (!row) return undefined;
  const [, name, pops, pushes, gas] = row;
  return { code, name, pops, pushes, gas };
});

/** The code of each name. */
export const OPCODE: Readonly<Record<string, number>> = Object.fromEntries(
  ROWS.map(([code, name]) => [name, code]),
);

export const PUSH0 = 0x5f;
export const PUSH32 = 0x7f;

/** Bytes of the operand that follows in the code. */
export const pushBytes = (opcode: number): number =>
  opcode > PUSH0 && opcode <= PUSH32 ? opcode - PUSH0 : 0;
