/**
 * What a block takes of each capacity of the program `evm`, in numbers that add up: blocks proven together take at most the sum of
 * what each takes alone (of `stack` and `ancestors`: the most that one takes). Most are counted as they are. Those that depend on a
 * profile's other capacities are counted without them, under names of their own:
 *
 *   calls = frames - places of transactions and creations; memoryWords = memoryCells - dataWords - what these places have anyway;
 *   rows without the last, which ends the chunk; treeLeaves = treeReads + treeWrites, for a leaf that is read may stand among the written.
 *
 * Adding up is sound because facts are shared by ids alone (`FactBook.found`), each code, message and key is counted in every block,
 * and a leaf that is changed by a chunk is changed by one of its blocks.
 */
import type { BlockData } from "../../block.ts";
import type { Use } from "../../programs/capacity.ts";
import { isEmptyAccount } from "../../state/account.ts";
import { type Capacities, type Capacity, CHIP_FACTS, TABLES } from "../capacities.ts";
import type { BlockTrace } from "../machine/trace.ts";
import { type OpenedTransaction, transactionsUse } from "../transactionsUse.ts";
import { countWork } from "./countWork.ts";
import { creationEntries } from "./frames/frameNumbers.ts";
import { CONTROL_CELLS } from "./memory/memoryBusPlan.ts";
import { type ExecutionBefore, ExecutionPlan } from "./planChunk.ts";

/** Capacities that blocks proven together share. */
export const SHARED_CAPACITIES: readonly string[] = ["stack", "ancestors"];

/** What takes more rows than this is counted by its rows alone: no circuit comes near. */
export const MOST_ROWS_PLANNED = 2 ** 15;

/** A transaction of the block, executed as if it were the only one of a block of its own. */
export interface MeteredTransaction {
  readonly trace: BlockTrace;
  readonly opened: OpenedTransaction;
}

/** `before`: the state before the block. Throws what `before` does. */
export function blockUse(
  block: BlockData,
  transactions: readonly MeteredTransaction[],
  before: ExecutionBefore & { readonly ancestorsAsked: number },
): Use {
  const traces = transactions.map(({ trace }) => trace);
  const steps = traces.reduce((sum, trace) => sum + trace.steps.length, 0);
  if (steps > MOST_ROWS_PLANNED) return { blocks: 1, transactions: transactions.length, rows: steps };
  const plan = new ExecutionPlan(ROOM, traces, before, { apart: true }).run();
  const opened = transactions.map((transaction) => transaction.opened);
  const use = transactionsUse([block], before.ancestorsAsked, opened);
  countWork(plan, { use, messages: opened.flatMap(({ payload, key }) => [payload, key]) });
  return { ...plainUses(plan), ...treeUses(plan) };
}

/** What a profile holds, in the same terms. */
export function meteredCapacities(capacities: Capacities): Use {
  const places = capacities.transactions + creationEntries(capacities);
  const { frames, memoryCells, treeReads, treeWrites, rows, ...plain } = capacities;
  return {
    ...plain,
    calls: frames - places,
    memoryWords: memoryCells - capacities.dataWords - CONTROL_CELLS * places,
    rows: rows - 1,
    treeWrites,
    treeLeaves: treeReads + treeWrites,
  };
}

/** Cells of slots stand after those of accounts, so these need room; of all else a plan needs none to be counted. */
const ROOM: Capacities = {
  ...(Object.fromEntries([...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, 0])) as Capacities),
  accounts: 2 ** 14,
};

function plainUses({ book, memoryEnd }: ExecutionPlan): Use {
  const { transactions, dataWords } = book.capacities;
  const places = transactions + creationEntries(book.capacities);
  const uses = new Map<Capacity, number>(book.uses());
  const frames = uses.get("frames") ?? 0;
  for (const name of ["frames", "memoryCells"] as const) uses.delete(name);
  uses.set("rows", book.used("rows") - 1);
  const counted = [...uses].filter(([, count]) => count > 0);
  // A copy may read the word after its range, which may be the word after the last frame's.
  const end = Math.max(memoryEnd, book.used("memoryCells"));
  return { ...Object.fromEntries(counted), calls: frames - places, memoryWords: end - dataWords };
}

/**
 * A key that is empty before may have a leaf or none: if it stays empty it is counted as absent, if not as inserted, which takes
 * as much as any other case.
 */
function treeUses({ book, state }: ExecutionPlan): Use {
  let [leaves, writes, insertions, absences] = [0, 0, 0, 0];
  const count = (wasEmpty: boolean, cells: readonly number[], isChanged: boolean): void => {
    const isBorn = wasEmpty && cells.some((cell) => state.bus.birth(cell) !== 0);
    leaves += 1;
    if (isBorn) insertions += 1;
    else if (wasEmpty) absences += 1;
    if (isBorn || (!wasEmpty && isChanged)) writes += 1;
  };
  const idOf = (cell: number): number => state.bus.cells[cell]?.id ?? 0;
  state.accounts.forEach(({ before, code }, i) => {
    const [balance, nonce] = [state.accountCell(i, "balance"), state.accountCell(i, "nonce")];
    const codeCell = state.accountCell(i, "code");
    const isSame =
      book.value(idOf(balance)) === before.balance &&
      book.value(idOf(nonce)) === before.nonce &&
      idOf(codeCell) === code;
    count(isEmptyAccount(before), [balance, nonce, codeCell], !isSame);
  });
  state.slots.forEach(({ before }, i) => {
    const cell = state.slotCell(i, "value");
    count(before === 0n, [cell], book.value(idOf(cell)) !== before);
  });
  return {
    treeLeaves: leaves,
    treeWrites: writes,
    treeInsertions: insertions,
    treeAbsences: absences,
  };
}
