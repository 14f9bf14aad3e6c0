/** Facts with another answer than the true one: the planner records it, its row goes on from it. */
import { type FactKey, factKey, questionOf } from "../../../../../protocol/evm/factKey.ts";
import type { Chip } from "../../../../../protocol/evm/capacities.ts";
import type { ChunkPlan } from "../../../../../protocol/evm/plan/planChunk.ts";
import { OPCODE } from "../../../../../protocol/evm/opcodes.ts";
import { type LieKind, patch, type Tell } from "../lieKind.ts";

type Change = (fact: FactKey) => Partial<FactKey>;

interface Which {
  readonly chip: Chip;
  /** Number of the key in its entry. */
  readonly key?: number;
  readonly op?: string;
}

function lieAbout({ chip, key, op }: Which, change: Change): NonNullable<LieKind["plan"]> {
  return ({ book, machine }: ChunkPlan, tell: Tell) => {
    const lied = new Map<bigint, FactKey>();
    patch(book, "key", (honest) => (of, entry, fact, which = 0) => {
      const concerns =
        of === chip && (key ?? which) === which && (op === undefined || OPCODE[op] === fact.op);
      const told = concerns && tell() ? { ...fact, ...change(fact) } : fact;
      if (told !== fact) lied.set(questionOf(factKey(told)), told);
      honest(of, entry, told, which);
    });
    patch(machine, "step", (honest) => (instruction, answer) => {
      const told = lied.size > 0 ? lied.get(questionOf(factKey(machine.question(instruction)))) : undefined;
      honest(instruction, told === undefined ? answer : { z: Number(told.z ?? 0), y: told.y ?? 0 });
    });
  };
}

const other: Change = ({ z = 0 }) => ({ z: Number(z) ^ 1 });
const more: Change = ({ y = 0 }) => ({ y: BigInt(y) + 100n });
const less: Change = ({ y = 0 }) => ({ y: BigInt(y) > 0n ? BigInt(y) - 1n : 1n });

const kind = (name: string, which: Which, change: Change): LieKind => ({
  name,
  plan: lieAbout(which, change),
});

export const ANSWER_LIES: readonly LieKind[] = [
  kind("a comparison that is the other way round", { chip: "compares" }, other),
  kind("a signed comparison that is the other way round", { chip: "signedCompares" }, other),
  kind("a sum that is another word", { chip: "sums" }, other),
  kind("the word of another PUSH", { chip: "pushes" }, other),
  kind("a jump one symbol further", { chip: "jumps" }, ({ z = 0 }) => ({ z: Number(z) + 1 })),
  kind("a jump not taken", { chip: "jumps" }, ({ pc = 0 }) => ({ z: Number(pc) + 1 })),
  kind("EXP for less gas", { chip: "exponentiations" }, less),
  kind("memory for less gas", { chip: "memoryOps" }, less),
  kind("memory for more gas", { chip: "memoryOps" }, more),
  kind("a loaded word that is another", { chip: "memoryOps", op: "MLOAD" }, other),
  kind("call data that is another word", { chip: "memoryOps", op: "CALLDATALOAD" }, other),
  kind("a size of return data that is another", { chip: "memoryOps", op: "RETURNDATASIZE" }, other),
  kind("a copy for less gas", { chip: "copies", key: 0 }, less),
  kind("KECCAK256 that is another word", { chip: "keccaks" }, other),
  kind("KECCAK256 for less gas", { chip: "keccaks" }, less),
  kind("a log for less gas", { chip: "logs", key: 0 }, less),
  kind("SLOAD of another word", { chip: "storageOps", op: "SLOAD" }, other),
  kind("SLOAD of a cold slot as of a warm one, or the reverse", { chip: "storageOps", op: "SLOAD" }, ({ y }) => ({ y: y === 100n ? 2_100n : 100n })),
  kind("SSTORE for less gas", { chip: "storageOps", op: "SSTORE" }, less),
  kind("TLOAD of another word", { chip: "storageOps", op: "TLOAD" }, other),
  kind("the balance of another", { chip: "accountOps" }, other),
  kind("a call for less gas", { chip: "frames", key: 0 }, less),
  kind("an end of a frame for less gas", { chip: "frames", key: 4 }, less),
  kind("a return to another place", { chip: "frames", key: 5 }, ({ z = 0 }) => ({ z: Number(z) + 1 })),
  kind("a return into another frame", { chip: "frames", key: 5 }, ({ y = 0 }) => ({ y: BigInt(y) ^ 1n })),
  kind("a callee's success that is told as failure, or the reverse", { chip: "frames", key: 6 }, ({ z }) => ({ z: Number(z) === 0 ? 1 : 0 })),
  kind("a transaction that begins in other code", { chip: "transactions", key: 0 }, ({ z = 0 }) => ({ z: Number(z) + 1 })),
  kind("a last transaction that is not, or the reverse", { chip: "transactions", key: 1 }, ({ z }) => ({ z: Number(z) ^ 2 })),
]; // prettier-ignore
