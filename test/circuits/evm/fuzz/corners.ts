/** Contracts for what random code hardly ever meets: every kind of halt, precompiles with real input, deep calls. */
import type { Random } from "../../../agents/execution/random.ts";
import { assemble, type Item, push, storeCode } from "../../../protocol/evm/machine/assembler.ts";

const OVERFLOW = [...Array.from({ length: 60 }, () => "PUSH0"), 0, "JUMP"];

/** Code of a contract that calls itself with all its gas; `callee`'s last answers are stored. */
const recursion = (kind: string): Uint8Array =>
  assemble(0, 0, 4, 28, ...(kind === "CALL" ? [0] : []), "ADDRESS", "GAS", kind, "GAS", "PC", "SSTORE", "RETURNDATASIZE", 0, "MSTORE", 32, 0, "RETURN"); // prettier-ignore

/** Makes `code` in memory and creates with it. */
const creation = (code: Uint8Array, length: number = code.length): Item[] => [
  ...storeCode(code),
  length,
  0,
  0,
  "CREATE",
  0,
  "SSTORE",
];

export function cornerCode(random: Random): Uint8Array {
  const { below, pick } = random;
  const write = pick<Item[]>([[1, 0, "SSTORE"], [1, 0, "TSTORE"], [0, 0, "LOG0"], [1, 0, 0, "LOG1"], [1, 2, 0, 0, "LOG2"], [1, 2, 3, 0, 0, "LOG3"], [1, 2, 3, 4, 5, 6, "LOG4"], [0, 0, 0, "CREATE"], [0, 0, 0, 0, "CREATE2"], ["ADDRESS", "SELFDESTRUCT"], [0, 0, 0, 0, 1, 9, "GAS", "CALL"], [0, 0, 0, 0, 1, 9, "GAS", "CALLCODE"]]); // prettier-ignore
  return pick<() => Uint8Array>([
    // Loops until the stack is full, or the gas is gone.
    () => assemble("JUMPDEST", ...OVERFLOW),
    () => assemble("JUMPDEST", "GAS", 0, "MSTORE", "GAS", below(5), "SSTORE", 0, "JUMP"),
    () => assemble("JUMPDEST", "MSIZE", "MLOAD", "POP", 0, "JUMP"),
    () => recursion(pick(["CALL", "DELEGATECALL", "STATICCALL"])),
    // Itself, static: then it writes.
    () => assemble("CALLDATASIZE", 20 + (below(2) ? 0 : 200), "JUMPI", 0, 0, 1, 0, "ADDRESS", "GAS", "STATICCALL", 0, "SSTORE", "STOP", Uint8Array.of(0x5b, 0x5b, 0x5b, 0x5b, 0x5b, 0x5b, 0x5b, 0x5b, 0x5b), ...write), // prettier-ignore
    () => assemble(...creation(assemble(24_577, 0, "RETURN"))),
    () => assemble(...creation(assemble(pick([600, 3000]), 0, "RETURN"))),
    () => assemble(...creation(assemble(0xef, 0, "MSTORE8", 1, 0, "RETURN"))),
    () => assemble(...creation(Uint8Array.of(0xfe), pick([49_152, 49_153]))),
    () => assemble("CALLDATASIZE", 0, 1, "CALLDATACOPY", 64, 0, "RETURN"),
    () => assemble(pick([0, 1]), 0, 0, "RETURNDATACOPY", 1, 0, "SSTORE"),
    () => assemble(0, 0, 0, 0, pick([1n, 2n ** 130n]), pick<Item>(["ADDRESS", "CALLER", "ORIGIN", 0x99n]), pick<Item>(["GAS", 0, 5000]), pick(["CALL", "CALLCODE"]), 0, "SSTORE"), // prettier-ignore
    () => assemble(below(3), pick([3, 4, 33, 2n ** 200n]), "JUMPI", "STOP"),
    () => assemble(...bulk(random)),
    () => assemble(pick([0xfe, 0x0c, 0x21, 0xef, 0xf6]), "POP", Uint8Array.of(pick([0xfe, 0x0c, 0x21, 0xef, 0x5f, 0x60, 0x7f]))), // prettier-ignore
  ])();
}

/** Much memory, in one opcode. */
function bulk({ below, pick }: Random): Item[] {
  const [to, from, length] = [below(4000), below(3000), pick([0, 31, 32, 33, 1000, 5000])];
  const copy = pick(["CALLDATACOPY", "CODECOPY", "MCOPY"]);
  return [
    ...["CALLER", below(40), "MSTORE"],
    ...[length, from, to, copy],
    ...[length, from, to, "ADDRESS", "EXTCODECOPY"],
    ...[length, to, "KECCAK256", 0, "SSTORE", "MSIZE", 1, "SSTORE"],
    ...[length, to, pick(["RETURN", "REVERT"])],
  ];
}

/** Code of which the last instruction is a PUSH without all its bytes. */
export const cutPush = (random: Random): Uint8Array =>
  assemble("CALLER", 0, "SSTORE", push(2n ** 250n).slice(0, 1 + random.below(32)));
