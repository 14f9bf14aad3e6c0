/**
 * How a row of the machine executes each instruction: what its fact must match and what happens to the registers. The
 * circuit reads this as a table (docs/spec/evm.md, Rows); the planner follows it.
 *
 * With sp the index of the top word in the table S of all stacks, a row reads x = S[sp + 1 - pops], writes the top word,
 * which it has in a register, to S[sp - sink], and reads below = S[sp' - dip], in this order.
 */
import { OPCODES, pushBytes } from "./opcodes.ts";
import { PUSHED_MASK_GAS, PUSHED_MASK_LENGTH, PUSHED_MASK_PEAK } from "./pushedMask.ts";
import { INSTRUCTIONS, Tag } from "./tags.ts";

/** Bits of the flags, in the order of the circuit's table. */
export const ROW_FLAGS = [
  /** The fact holds the ids of the top word and of x. */
  "asksOperands",
  /** ... the program counter. */
  "asksPc",
  /** ... the frame. */
  "asksFrame",
  /** ... time, stack height and gas counter: such a fact is used exactly once. */
  "asksTime",
  /** The new top is z. */
  "pushesAnswer",
  /** The new top is x. Else, and unless it is z, the new top is what lies below. */
  "pushesX",
  /** The program counter becomes z. */
  "jumps",
  /** The frame becomes y; else the gas counter loses y. */
  "changesFrame",
  /** The stack height starts from the frame's base. */
  "clearsStack",
  /** Takes the place of what the code holds; its fact proves that it may. */
  "replaces",
  /** The next row executes `next`, not what the code holds. The last of the flags: rows.ts writes it as 1 less two bits. */
  "continues",
] as const;

export type RowFlag = (typeof ROW_FLAGS)[number];

export interface Instruction {
  readonly name: string;
  /** Words that must be on the frame's stack; where x is read. */
  readonly pops: number;
  /** Change of the stack's height. */
  readonly delta: number;
  /** What is added to the program counter, or to z if it jumps. */
  readonly length: number;
  /** Always paid. That of EXCEPTION is negative: see EXCEPTION_CREDIT. */
  readonly gas: number;
  readonly next: number;
  /** Words it has on the stack for a while, beyond those it leaves. */
  readonly peak: number;
  /** Where the top goes, down from its own place: SWAPn where x was, all others 0. */
  readonly sink: number;
  /** Where what lies below is read, down from the place of the new top: DUPn where x is, all others 0. */
  readonly dip: number;
  readonly flags: ReadonlySet<RowFlag>;
}

/**
 * Gas is checked when a frame ends, so the counter may be below the frame's floor for some rows before the halt; it is
 * lifted by this much when the frame halts, and what it then stands above the floor is paid as y.
 */
export const EXCEPTION_CREDIT = 2 ** 31;

const TIMED: readonly RowFlag[] = ["asksPc", "asksFrame", "asksTime"];

const make = (
  name: string,
  [pops, pushes]: readonly [number, number],
  flags: readonly RowFlag[],
  rest: Partial<Pick<Instruction, "gas" | "next" | "length" | "peak" | "sink" | "dip">> = {},
): Instruction => ({
  name,
  pops,
  delta: pushes - pops,
  length: rest.length ?? 0,
  gas: rest.gas ?? 0,
  next: rest.next ?? 0,
  peak: rest.peak ?? 0,
  sink: rest.sink ?? 0,
  dip: rest.dip ?? 0,
  flags: new Set(rest.next === undefined ? flags : [...flags, "continues" as const]),
});

/** What the fact of an opcode is about, beyond the operands; opcodes that are not here are plain: POP, JUMPDEST, DUP, SWAP, PUSH0. */
const isArithmetic = (code: number): boolean =>
  (code >= 0x01 && code <= 0x07) || code === 0x0a || code === 0x0b || (code >= 0x10 && code <= 0x1d);
/** PREVRANDAO, BLOBHASH and PUSH0 answer the word 0 on every chain of this stack. */
const ZERO = new Set([0x44, 0x49, 0x5f]);
/** ADDRESS, ORIGIN, CALLER, CALLVALUE, CALLDATASIZE, CODESIZE, GASPRICE, COINBASE, TIMESTAMP, NUMBER, GASLIMIT, CHAINID, BASEFEE, BLOBBASEFEE. */
const ENVIRONMENT = new Set([0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x41, 0x42, 0x43, 0x45, 0x46, 0x48, 0x4a]); // prettier-ignore

/** Timed opcodes of at most two operands: words taken, words given by the first row. */
const TIMED_OPS: ReadonlyMap<number, readonly RowFlag[]> = new Map([
  [0x20, ["pushesAnswer"]], // KECCAK256
  [0x31, ["pushesAnswer"]], // BALANCE
  [0x35, ["pushesAnswer"]], // CALLDATALOAD
  [0x3b, ["pushesAnswer"]], // EXTCODESIZE
  [0x3d, ["pushesAnswer"]], // RETURNDATASIZE
  [0x3f, ["pushesAnswer"]], // EXTCODEHASH
  [0x40, ["pushesAnswer"]], // BLOCKHASH
  [0x47, ["pushesAnswer"]], // SELFBALANCE
  [0x51, ["pushesAnswer"]], // MLOAD
  [0x52, []], // MSTORE
  [0x53, []], // MSTORE8
  [0x54, ["pushesAnswer"]], // SLOAD
  [0x55, []], // SSTORE
  [0x59, ["pushesAnswer"]], // MSIZE
  [0x5a, ["pushesAnswer"]], // GAS
  [0x5c, ["pushesAnswer"]], // TLOAD
  [0x5d, []], // TSTORE
  [0xa0, []], // LOG0
]);

/** Ends of a frame: gas y, then back to the caller. */
const ENDS = new Set([0x00, 0xf3, 0xfd, 0xff]);

/** The further rows of opcodes with more operands, each with the words it takes. */
const CHAINS: readonly (readonly [codes: readonly number[], rows: readonly (readonly [tag: number, pops: number])[]])[] = [
  [[0x08, 0x09], [[Tag.MODULUS, 1]]],
  [[0x37, 0x39, 0x3e, 0x5e], [[Tag.COPY_LENGTH, 1]]],
  [[0x3c], [[Tag.EXTCODECOPY_SOURCE, 2]]],
  [[0xa1], [[Tag.LOG1_TOPIC, 1]]],
  [[0xa2], [[Tag.LOG2_TOPICS, 2]]],
  [[0xa3], [[Tag.LOG3_TOPICS, 2], [Tag.LOG3_TOPIC, 1]]],
  [[0xa4], [[Tag.LOG4_TOPICS, 2], [Tag.LOG4_LAST_TOPICS, 2]]],
  [[0xf1, 0xf2], [[Tag.CALL_VALUE, 2], [Tag.CALL_INPUT, 2], [Tag.CALL_OUTPUT, 1]]],
  [[0xf4, 0xfa], [[Tag.VIEW_INPUT, 2], [Tag.VIEW_OUTPUT, 2]]],
  [[0xf0], [[Tag.CREATE_LENGTH, 1]]],
  [[0xf5], [[Tag.CREATE2_LENGTH, 2]]],
]; // prettier-ignore

/** The last row of a call or creation enters the callee; that of ADDMOD and MULMOD pushes. */
const LAST_ROW: ReadonlyMap<number, readonly RowFlag[]> = new Map([
  [Tag.MODULUS, ["pushesAnswer"]],
  [Tag.CALL_OUTPUT, ["jumps", "changesFrame"]],
  [Tag.VIEW_OUTPUT, ["jumps", "changesFrame"]],
  [Tag.CREATE_LENGTH, ["jumps", "changesFrame"]],
  [Tag.CREATE2_LENGTH, ["jumps", "changesFrame"]],
]);

/** JUMP, JUMPI: z is where they go in any case, past the JUMPDEST where they land: its gas is y. */
const JUMPS = new Set([0x56, 0x57]);

function opcode(code: number): Instruction | undefined {
  const op = OPCODES[code];
  if (op === undefined) return undefined;
  const { name, pops, pushes, gas } = op;
  const length = JUMPS.has(code) ? 0 : 1 + pushBytes(code);
  const plain = (flags: readonly RowFlag[]): Instruction =>
    make(name, [pops, pushes], flags, { gas, length });
  if (isArithmetic(code)) return plain(["asksOperands", "pushesAnswer"]);
  if (ENVIRONMENT.has(code)) return plain(["asksFrame", "pushesAnswer"]);
  if (code === 0x56) return plain(["asksOperands", "asksFrame", "jumps"]);
  if (code === 0x57) return plain(["asksOperands", "asksPc", "asksFrame", "jumps"]);
  if (code === 0x58) return plain(["asksPc", "asksFrame", "pushesAnswer"]);
  if (length > 1) return plain(["asksPc", "pushesAnswer"]);
  if (ZERO.has(code)) return plain(["pushesAnswer"]);
  if (code >= 0x80 && code <= 0x8f) return make(name, [pops, pushes], [], { gas, length, dip: pops });
  if (code >= 0x90 && code <= 0x9f) return make(name, [pops, pushes], ["pushesX"], { gas, length, sink: pops - 1 }); // prettier-ignore
  const operands: readonly RowFlag[] = pops > 0 ? ["asksOperands"] : [];
  const timed = TIMED_OPS.get(code);
  if (timed !== undefined) return plain([...operands, ...TIMED, ...timed]);
  if (ENDS.has(code)) return make(name, [pops, 0], [...operands, ...TIMED], { gas, next: Tag.LEAVE });
  const chain = CHAINS.find(([codes]) => codes.includes(code));
  if (chain !== undefined)
    return make(name, [2, 0], ["asksOperands", ...TIMED], {
      gas,
      length,
      next: chain[1][0]![0],
    });
  return plain([]);
}

function chainRows(): (readonly [number, Instruction])[] {
  return CHAINS.flatMap(([, rows]) =>
    rows.map(([tag, pops], i) => {
      const flags: RowFlag[] = ["asksOperands", ...TIMED, ...(LAST_ROW.get(tag) ?? [])];
      const next = rows[i + 1]?.[0];
      const pushes = tag === Tag.MODULUS ? 1 : 0;
      const name = Object.keys(Tag).find((key) => Tag[key as keyof typeof Tag] === tag)!;
      return [tag, make(name, [pops, pushes], flags, next === undefined ? {} : { next })] as const;
    }),
  );
}

const SYSTEM: readonly (readonly [number, Instruction])[] = [
  [Tag.BEGIN, make("BEGIN", [0, 0], [...TIMED, "jumps", "changesFrame"])],
  [Tag.END, make("END", [1, 0], [...TIMED, "jumps"])],
  [Tag.HALT, make("HALT", [0, 0], [])],
  [Tag.PRECOMPILE, make("PRECOMPILE", [0, 0], [...TIMED], { next: Tag.LEAVE })],
  [Tag.FAIL, make("FAIL", [0, 0], [...TIMED], { next: Tag.LEAVE })],
  [Tag.EXCEPTION, make("EXCEPTION", [0, 0], ["replaces", ...TIMED], { gas: -EXCEPTION_CREDIT, next: Tag.LEAVE })],
  [Tag.LEAVE, make("LEAVE", [0, 0], [...TIMED, "jumps", "changesFrame", "clearsStack"], { next: Tag.RESULT })],
  [Tag.RESULT, make("RESULT", [0, 1], [...TIMED, "pushesAnswer"])],
  [Tag.PUSH_MASK, make("PUSH_MASK", [0, 1], ["replaces", "asksPc", "pushesAnswer"], { gas: PUSHED_MASK_GAS, length: PUSHED_MASK_LENGTH, peak: PUSHED_MASK_PEAK })],
]; // prettier-ignore

/** By number; undefined: nothing a row can execute. */
export const INSTRUCTION: readonly (Instruction | undefined)[] = (() => {
  const own = new Map([...chainRows(), ...SYSTEM]);
  return Array.from({ length: INSTRUCTIONS }, (_, i) => (i < 256 ? opcode(i) : own.get(i)));
})();

/** Instructions whose fact holds nothing but the instruction itself: proven once a circuit. */
export const PLAIN_INSTRUCTIONS: readonly number[] = INSTRUCTION.flatMap((instruction, i) => {
  const asks: readonly RowFlag[] = ["asksOperands", "asksPc", "asksFrame", "asksTime"];
  return instruction !== undefined && asks.every((flag) => !instruction.flags.has(flag)) ? [i] : [];
});
