import { OPCODES, pushBytes } from "../../../../../protocol/evm/opcodes.ts";
import { assemble, type Item } from "../../machine/assembler.ts";
import { callOf, keep, repeat } from "../code.ts";
import { gasOfFrame } from "../gasOfFrame.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** All 256 opcodes at the ends of the stack and of gas; what the decoder of code has to get right. */

const TARGET = 0x7a46e7n;

/** Calls the target, which has a word of storage and can pay, and keeps what came of it. */
function inTarget(name: string, code: Uint8Array, gas: Item = 1_000_000): StateCase {
  const call = callOf({ kind: "CALL", to: TARGET, gas, output: [0, 64] });
  const rest = ["RETURNDATASIZE", ...keep(2), "MSIZE", 0, "KECCAK256", ...keep(3)];
  return {
    name,
    pre: new Map([
      [ENTRY, { nonce: 1n, balance: 9n, code: assemble(...call, ...keep(1), ...rest) }],
      [TARGET, { nonce: 1n, balance: 9n, code, storage: new Map([[1n, 7n]]) }],
    ]),
  };
}

const nameOf = (byte: number): string => OPCODES[byte]?.name ?? `0x${byte.toString(16)}`;

/** The opcode with one operand too few, with just enough, with a full stack, with one word below that. */
export function* stackLimits(): Generator<StateCase> {
  for (let byte = 0; byte < 256; byte++) {
    const { pops = 0 } = OPCODES[byte] ?? {};
    const opcode = Uint8Array.of(byte);
    const sizes = new Set([pops - 1, pops, 1_023, 1_024].filter((size) => size >= 0));
    for (const size of sizes)
      yield inTarget(`${nameOf(byte)} with ${size} words`, assemble(...repeat(size, 1), opcode, ...keep(0)));
  }
}

const WORDS = [
  0n,
  1n,
  2n,
  31n,
  32n,
  255n,
  256n,
  2n ** 255n - 1n,
  2n ** 255n,
  2n ** 256n - 2n,
  2n ** 256n - 1n,
];

/** Opcodes that only compute, on words at their ends. */
export function* arithmetic(): Generator<StateCase> {
  const pure = OPCODES.filter(
    (opcode) => opcode && opcode.pushes === 1 && opcode.pops > 0 && opcode.code <= 0x1d,
  );
  for (const opcode of pure)
    for (const a of WORDS) {
      const { name = "", pops = 0 } = opcode ?? {};
      const rounds = WORDS.flatMap((b, i): Item[] => {
        const operands =
          pops === 1 ? [a] : pops === 2 ? [b, a] : [WORDS[(i * 7 + 3) % WORDS.length] as bigint, b, a];
        return [...operands, name, 32 * i, "MSTORE"];
      });
      yield {
        name: `${name} of ${a} and others`,
        pre: new Map([
          [ENTRY, { nonce: 1n, code: assemble(...rounds, 32 * WORDS.length, 0, "KECCAK256", ...keep(0)) }],
        ]),
      };
    }
}

/** Instructions on operands that mean something, without what they leave on the stack. */
const SNIPPETS: Readonly<Record<string, readonly Item[]>> = {
  ADD: [1, 2, "ADD"],
  MULMOD: [7, 5, 3, "MULMOD"],
  "EXP of one byte": [255, 3, "EXP"],
  "EXP of 32 bytes": [2n ** 255n, 3, "EXP"],
  KECCAK256: [100, 0, "KECCAK256"],
  BALANCE: [0xabcn, "BALANCE"],
  CALLDATACOPY: [33, 0, 0, "CALLDATACOPY"],
  EXTCODECOPY: [33, 0, 0, 0xabcn, "EXTCODECOPY"],
  MLOAD: [1_000, "MLOAD"],
  MSTORE8: [1, 1_024, "MSTORE8"],
  SLOAD: [1, "SLOAD"],
  "SSTORE of what is there": [7, 1, "SSTORE"],
  "SSTORE of another word": [8, 1, "SSTORE"],
  "SSTORE of a new word": [8, 2, "SSTORE"],
  "SSTORE of nothing": [0, 1, "SSTORE"],
  JUMP: [3, "JUMP", "JUMPDEST"],
  MCOPY: [65, 0, 1, "MCOPY"],
  TSTORE: [1, 1, "TSTORE"],
  TLOAD: [1, "TLOAD"],
  LOG4: [1, 2, 3, 4, 33, 0, "LOG4"],
  CREATE: [1, 0, 0, "CREATE"],
  CREATE2: [5, 33, 0, 0, "CREATE2"],
  "CALL of nobody": callOf({ kind: "CALL", to: 0xabcn, gas: 0 }),
  "CALL of nobody with value": callOf({ kind: "CALL", to: 0xabcn, value: 1, gas: 0 }),
  "CALL of somebody with value": callOf({ kind: "CALL", to: ENTRY, value: 1, gas: 0, input: [0, 33] }),
  CALLCODE: callOf({ kind: "CALLCODE", to: 0xabcn, value: 1, gas: 0 }),
  DELEGATECALL: callOf({ kind: "DELEGATECALL", to: 0xabcn, gas: 0, output: [0, 33] }),
  STATICCALL: callOf({ kind: "STATICCALL", to: 4, gas: 0 }),
  RETURN: [33, 0, "RETURN"],
  REVERT: [33, 0, "REVERT"],
  "SELFDESTRUCT to nobody": [0xabcn, "SELFDESTRUCT"],
  "SELFDESTRUCT to itself": ["ADDRESS", "SELFDESTRUCT"],
  BLOCKHASH: [999, "BLOCKHASH"],
};

/** What they take in the target's frame: found by running, and asked of the reference by one gas more and less. */
export function* exactGas(): Generator<StateCase> {
  for (const [name, items] of Object.entries(SNIPPETS)) {
    const code = assemble(...items);
    const needed = gasOfFrame(inTarget(name, code));
    for (const by of [-1n, 0n, 1n]) yield inTarget(`${name} with ${by} gas`, code, needed + by);
  }
}

const JUMPS: Readonly<Record<string, readonly Item[]>> = {
  "into an operand that looks like JUMPDEST": [4, "JUMP", Uint8Array.of(0x60, 0x5b), 1, ...keep(0)],
  "behind such an operand": [5, "JUMP", Uint8Array.of(0x60, 0x5b), "JUMPDEST", 1, ...keep(0)],
  "to the last byte": [3, "JUMP", "JUMPDEST"],
  "behind the last byte": [3, "JUMP"],
  "to itself": [0, "JUMP"],
  "beyond 2^32": [2n ** 32n + 3n, "JUMP", "JUMPDEST"],
  "beyond 2^64": [2n ** 64n + 3n, "JUMP", "JUMPDEST"],
  "not taken, to nowhere": [0, 999, "JUMPI", 1, ...keep(0)],
  "taken by a word of 256 bits": [
    2n ** 255n,
    Uint8Array.of(0x60, 37),
    "JUMPI",
    Uint8Array.of(0xfe),
    "JUMPDEST",
    1,
    ...keep(0),
  ],
  "taken to nowhere": [1, 999, "JUMPI"],
  "through an operand of PUSH32 that ends the code": [
    4,
    "JUMP",
    "STOP",
    "JUMPDEST",
    1,
    ...keep(0),
    Uint8Array.of(0x7f, 0x5b),
  ],
};

export function* jumps(): Generator<StateCase> {
  for (const [name, items] of Object.entries(JUMPS)) yield inTarget(`a jump ${name}`, assemble(...items));
}

/** PUSH whose operand is cut off by the end of the code, by every length. */
export function* cutOperands(): Generator<StateCase> {
  for (let byte = 0x60; byte <= 0x7f; byte++)
    for (const length of new Set([0, 1, pushBytes(byte) - 1])) {
      // Init code ends there; what it pushed is seen by gas alone, so a push before it is what CREATE2's address hashes.
      const cut = Uint8Array.from([byte, ...new Array<number>(length).fill(0x5b)]);
      yield inTarget(
        `PUSH${pushBytes(byte)} with ${length} bytes of its operand`,
        assemble(1, ...keep(0), cut),
      );
    }
}
