/** How the accounts and slots of a chunk are settled in the state tree. */
import { parseAddress } from "../../../address.ts";
import type { Field } from "../../../field.ts";
import { accountValueHash, storageValueHash, type AccountState } from "../../../state/account.ts";
import { NO_CODE } from "../../../state/code.ts";
import type { IndexedTree } from "../../../state/indexedTree.ts";
import { accountKey, storageKey } from "../../../state/keys.ts";
import { planTreeAccesses, type TreeAccessPlan } from "../../../state/treeAccessPlan.ts";
import type { TreeAccessShape } from "../../../state/treeAccessShape.ts";
import { newLeaves, oldLeaves, type TreeAccess } from "../../../state/treeLinks.ts";
import type { Profile } from "../../capacities.ts";
import type { CodePlan } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";
import type { AccountEntry, SlotEntry, StatePlan } from "../state/statePlan.ts";

/** A key that a chunk touched, as the tree before has it. */
export interface LeafEntry {
  readonly isPresent: boolean;
}

export interface LeavesPlan {
  /** By number. */
  readonly accounts: readonly LeafEntry[];
  readonly slots: readonly LeafEntry[];
  readonly accesses: readonly TreeAccess[];
}

/** What a profile gives the tree. */
export const treeShape = ({
  treeHeight,
  capacities,
}: Pick<Profile, "treeHeight" | "capacities">): TreeAccessShape => ({
  height: treeHeight,
  reads: capacities.treeReads,
  writes: capacities.treeWrites,
  insertions: capacities.treeInsertions,
  absences: capacities.treeAbsences,
});

export interface LeafSources {
  readonly book: FactBook;
  readonly state: StatePlan;
  readonly code: CodePlan;
  /** Before the chunk; holds all keys it touched. */
  readonly tree: IndexedTree;
}

/** Counts treeReads, treeWrites, treeInsertions and treeAbsences. Throws what `IndexedTree.locate` throws. */
export function planLeaves(sources: LeafSources): LeavesPlan {
  const { state, tree } = sources;
  const accounts = state.accounts.map((account, i) => accountAccess(sources, account, i));
  const slots = state.slots.map((slot, i) => slotAccess(sources, slot, i));
  const accesses = [...accounts, ...slots];
  countUses(sources, accesses);
  const isPresent = ({ key }: TreeAccess): LeafEntry => ({ isPresent: tree.locate(key).present });
  return { accounts: accounts.map(isPresent), slots: slots.map(isPresent), accesses };
}

/** Throws what `planTreeAccesses` throws. */
export const planTree = (
  { accesses }: LeavesPlan,
  tree: IndexedTree,
  profile: Pick<Profile, "treeHeight" | "capacities">,
): TreeAccessPlan => planTreeAccesses(tree, accesses, treeShape(profile));

function accountAccess(sources: LeafSources, { address, before }: AccountEntry, number: number): TreeAccess {
  const { book, state } = sources;
  const idOf = (cell: "balance" | "nonce" | "code"): number =>
    state.bus.cells[state.accountCell(number, cell)]?.id ?? 0;
  const code = idOf("code");
  const { codeHash, codeSize, codeCommitment } =
    code === 0 ? NO_CODE : sources.code.objects[code - 1]!.identity;
  const after: AccountState = {
    nonce: BigInt.asUintN(64, book.value(idOf("nonce"))),
    balance: book.value(idOf("balance")),
    codeHash,
    codeSize,
    codeCommitment,
  };
  const cells = (["balance", "nonce", "code"] as const).map((cell) => state.accountCell(number, cell));
  const text = addressOf(address);
  return access(sources, accountKey(text), cells, [accountValueHash(before), accountValueHash(after)]);
}

function slotAccess(sources: LeafSources, { account, slot, before }: SlotEntry, number: number): TreeAccess {
  const { book, state } = sources;
  const cell = state.slotCell(number, "value");
  const after = book.value(state.bus.cells[cell]?.id ?? 0);
  const key = storageKey(addressOf(state.accounts[account]!.address), slot);
  return access(sources, key, [cell], [storageValueHash(before), storageValueHash(after)]);
}

/** `hashes`: before and after. Changed, or inserted when one of its cells was not empty at the end of some transaction. */
function access(
  { state, tree }: LeafSources,
  key: Field,
  cells: readonly number[],
  [before, after]: readonly [Field, Field],
): TreeAccess {
  const births = cells.map((cell) => state.bus.birth(cell)).filter((birth) => birth !== 0);
  const birth = births.length === 0 ? 0 : Math.min(...births);
  const isWritten = tree.locate(key).present ? before !== after : birth !== 0;
  return isWritten ? { key, write: { valueHash: after, birth } } : { key };
}

function countUses({ book, tree }: LeafSources, accesses: readonly TreeAccess[]): void {
  const located = accesses.map((one) => ({ ...one, ...tree.locate(one.key) }));
  const added = newLeaves(located, tree.leafCount);
  const old = oldLeaves(located, added);
  const changed = old.filter(({ isUpdated, isLinked }) => isUpdated || isLinked).length;
  const absent = located.filter(({ present, write }) => !present && write === undefined).length;
  book.reach("treeWrites", changed);
  book.reach("treeReads", old.length - changed);
  book.reach("treeAbsences", absent);
  book.reach("treeInsertions", added.length);
}

const addressOf = (address: bigint) => parseAddress(`0x${address.toString(16).padStart(40, "0")}`);
