/** What each opcode that does not end its frame does in the plan: which planner answers it. */
import type { Step } from "../machine/trace.ts";
import { OPCODE, pushBytes } from "../opcodes.ts";
import type { AluPlan } from "./alu/aluPlan.ts";
import type { CodePlan } from "./code/codePlan.ts";
import type { AccountOps } from "./execution/accountOps.ts";
import type { Answers } from "./execution/answers.ts";
import type { EnvironmentOps, TransactionEnvironment } from "./execution/environmentOps.ts";
import type { FactBook } from "./factBook.ts";
import type { FramesPlan } from "./frames/framesPlan.ts";
import type { MemoryPlan } from "./memory/memoryPlan.ts";
import { MEMORY_OPS } from "./memory/memoryOpsPlan.ts";
import type { RowMachine } from "./rowMachine.ts";
import type { StorageOps } from "./state/storageOps.ts";

/** The planners of all chips that rows ask. */
export interface ChipPlans {
  readonly book: FactBook;
  readonly machine: RowMachine;
  readonly code: CodePlan;
  readonly frames: FramesPlan;
  readonly memory: MemoryPlan;
  readonly alu: AluPlan;
  readonly storage: StorageOps;
  readonly environment: EnvironmentOps;
  readonly answers: Answers;
  readonly accountOps: AccountOps;
}

export interface Surroundings extends TransactionEnvironment {
  readonly blockHash: (number: bigint) => bigint;
}

type Execute = (plans: ChipPlans, op: number, around: Surroundings) => void;

const codes = (...names: string[]): number[] => names.map((name) => OPCODE[name]!);

const byOne: Execute = ({ machine }, op) => machine.step(op);
const arithmetic: Execute = ({ machine, alu }, op) => {
  const { a, b } = machine.question(op);
  machine.step(op, { z: alu.result(op, Number(a), Number(b)) });
};
const push: Execute = ({ machine, code }, op) => machine.step(op, { z: code.push(machine.question(op)) });
const storage: Execute = ({ machine, storage: ops, frames, book }, op) => {
  const address = book.value(frames.column("address", machine.frame));
  machine.step(op, ops.execute(machine.question(op), address));
};
const environment: Execute = ({ machine, environment: ops }, op, around) =>
  machine.step(op, { z: ops.answer(machine.question(op), around) });
const account: Execute = ({ machine, accountOps, frames, book }, op) => {
  const self = book.value(frames.column("address", machine.frame));
  machine.step(op, accountOps.execute(machine.question(op), self));
};
const jump: Execute = ({ machine, code, frames }, op) =>
  machine.step(op, code.jump(machine.question(op), frames.column("codeBase", machine.frame)));

/** By opcode; those that are not here have no fact: POP, JUMPDEST, DUP, SWAP, PUSH0, PREVRANDAO, BLOBHASH. */
const EXECUTE: ReadonlyMap<number, Execute> = new Map<number, Execute>([
  ...codes("SLOAD", "SSTORE", "TLOAD", "TSTORE").map((op) => [op, storage] as const),
  ...codes("ADDRESS", "ORIGIN", "CALLER", "CALLVALUE", "CALLDATASIZE", "CODESIZE", "GASPRICE", "COINBASE", "TIMESTAMP", "NUMBER", "GASLIMIT", "CHAINID", "BASEFEE", "BLOBBASEFEE", "PC").map((op) => [op, environment] as const), // prettier-ignore
  ...codes("BALANCE", "SELFBALANCE", "EXTCODESIZE", "EXTCODEHASH").map((op) => [op, account] as const),
  ...codes("JUMP", "JUMPI").map((op) => [op, jump] as const),
  ...codes("ADDMOD", "MULMOD").map((op) => [op, ((plans) => plans.alu.modular(op, plans.machine)) as Execute] as const), // prettier-ignore
  ...[...MEMORY_OPS].map((op) => [op, ((plans) => plans.memory.ops.execute(op)) as Execute] as const),
  ...codes("LOG0", "LOG1", "LOG2", "LOG3", "LOG4").map((op) => [op, ((plans) => plans.memory.logs.execute(op)) as Execute] as const), // prettier-ignore
  ...codes("CALLDATACOPY", "CODECOPY", "RETURNDATACOPY", "MCOPY", "EXTCODECOPY").map((op) => [op, ((plans) => plans.memory.copies.execute(op)) as Execute] as const), // prettier-ignore
  [OPCODE.KECCAK256!, ({ memory }) => memory.keccaks.execute()],
  [OPCODE.EXP!, ({ machine, alu }, op) => machine.step(op, alu.power(machine.question(op)))],
  [
    OPCODE.GAS!,
    ({ machine, answers, frames }, op) =>
      machine.step(op, answers.gas(machine.question(op), frames.values(machine.frame).floor)),
  ],
  [
    OPCODE.BLOCKHASH!,
    ({ machine, answers }, op, { block, blockHash }) =>
      machine.step(op, answers.blockHash(machine.question(op), block.number, blockHash)),
  ],
]);

/** Has the row of a jump executed this JUMPDEST? */
export function hasLanded(
  { machine, frames }: Pick<ChipPlans, "machine" | "frames">,
  { opcode, pc, halt }: Step,
): boolean {
  if (opcode !== OPCODE.JUMPDEST || halt !== undefined) return false;
  return machine.pc > frames.column("codeBase", machine.frame) + pc;
}

/** Executes the opcode's rows. Assumes that it neither halts nor calls. */
export function executeOpcode(plans: ChipPlans, op: number, around: Surroundings): void {
  if (plans.alu.has(op)) return arithmetic(plans, op, around);
  if (pushBytes(op) > 0) return push(plans, op, around);
  (EXECUTE.get(op) ?? byOne)(plans, op, around);
}
