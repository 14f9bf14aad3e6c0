/**
 * The leaves of a chunk: what the cells of accounts and slots hold at the start is in the tree before, what they hold at the end
 * makes the tree after.
 *
 * Proves: the tree after is the tree before with the changes of the chunk's transactions in canonical order (I-STATE-03).
 * Assumes: the state bus over `initialCells`; TreeAccesses; the tables of accounts and slots, whose active rows differ.
 * Enforces: L-1 the key of an account is that of its address, of a slot that of its account's address and its number; L-2 the value
 *   before is the hash of the first contents, and an absent leaf's are empty: words 0, object 0; L-3 the value after is the hash
 *   of the last; L-4 nonces are below 2^64 and an object other than 0 has code; L-5 an absent leaf is inserted iff it was not
 *   empty at the end of a transaction, and its birth is the first such one.
 * Sound because: active rows differ, hence their keys do (A-STATE-01), so each leaf is claimed once (places.ts). By L-4 the first
 *   element of an account's value has one reading.
 * Cost: 565 gates an account, 291 a slot, and what the tree takes.
 */
import { isEqual, isZero, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { accountKeyOf, accountValueOf } from "../../../gadgets/account.ts";
import { hashFields } from "../../../gadgets/sponge.ts";
import type { TreeAccesses } from "../../../gadgets/treeAccesses/treeAccesses.ts";
import { Domain } from "../../../../protocol/domains.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import type { LeavesPlan } from "../../../../protocol/evm/plan/execution/leavesPlan.ts";
import type { AccountEntry, SlotEntry } from "../../../../protocol/evm/plan/state/statePlan.ts";
import {
  ACCOUNT_CELLS,
  accountCell,
  GLOBAL_CELLS,
  SLOT_CELLS,
  slotCell,
} from "../../../../protocol/evm/stateCells.ts";
import { OBJECT_BITS } from "../code/codeObjects.ts";
import type { AccountRow } from "../state/accounts.ts";
import type { SlotRow } from "../state/slots.ts";
import { firstBirth } from "./firstBirth.ts";
import type { ExecutionServices } from "./services.ts";

const ID_BITS = FACT_FIELDS.z.bits;

interface AccountIds {
  readonly balance: Wire;
  readonly nonce: Wire;
  readonly code: Wire;
}

/** What the cells hold before the chunk: free, until `settleLeaves` proves them. */
export interface InitialCells {
  readonly accounts: readonly AccountIds[];
  /** Of `value`. */
  readonly slots: readonly Wire[];
  /** All cells, for StateBus.run. */
  readonly cells: readonly Wire[];
}

export function initialCells(
  b: Builder,
  { accounts, slots }: { readonly accounts: number; readonly slots: number },
  given: {
    readonly account: (i: number) => AccountEntry | undefined;
    readonly slot: (i: number) => SlotEntry | undefined;
  },
): InitialCells {
  const id = (name: string, bits: number, value: () => number | undefined): Wire =>
    witnessBits(b, bits, name, () => BigInt(value() ?? 0));
  return b.scope("initial", () => {
    const ofAccounts = Array.from({ length: accounts }, (_, i): AccountIds => ({
      balance: id(`account[${i}].balance`, ID_BITS, () => given.account(i)?.balance),
      nonce: id(`account[${i}].nonce`, ID_BITS, () => given.account(i)?.nonce),
      code: id(`account[${i}].code`, OBJECT_BITS, () => given.account(i)?.code),
    }));
    const ofSlots = Array.from({ length: slots }, (_, i) =>
      id(`slot[${i}].value`, ID_BITS, () => given.slot(i)?.value),
    );
    const accountCells = ofAccounts.flatMap((ids) =>
      ACCOUNT_CELLS.map((cell) => (cell in ids ? ids[cell as keyof AccountIds] : b.zero)),
    );
    const slotCells = ofSlots.flatMap((value) =>
      SLOT_CELLS.map((cell) => (cell === "value" ? value : b.zero)),
    );
    const globals = GLOBAL_CELLS.map(() => b.zero);
    return { accounts: ofAccounts, slots: ofSlots, cells: [...globals, ...accountCells, ...slotCells] };
  });
}

/** After StateBus.run. Every active row of both tables claims its leaf. */
export function settleLeaves(
  b: Builder,
  services: ExecutionServices,
  tree: TreeAccesses,
  initial: InitialCells,
  plan: () => LeavesPlan,
): void {
  services.accounts.rows.forEach((row, i) =>
    b.scope(`leaf.account[${i}]`, () => {
      const isPresent = (): boolean => plan().accounts[i]?.isPresent ?? false;
      settleAccount(b, services, tree, { row, i, before: initial.accounts[i]!, isPresent });
    }),
  );
  if (services.slots.rows.length === 0) return;
  const addresses = rom(b, services.accounts.rows.map(({ address }) => address), "leaf.addresses"); // prettier-ignore
  const actives = rom(b, services.accounts.rows.map(({ active }) => active), "leaf.actives"); // prettier-ignore
  services.slots.rows.forEach((row, i) =>
    b.scope(`leaf.slot[${i}]`, () => {
      const address = addresses.read(b, row.account, "address");
      assertImplies(b, row.active, actives.read(b, row.account, "account.active"), "account.isActive");
      const isPresent = (): boolean => plan().slots[i]?.isPresent ?? false;
      settleSlot(b, services, tree, { row, i, address, before: initial.slots[i]!, isPresent });
    }),
  );
}

type AccountSource = { row: AccountRow; i: number; before: AccountIds; isPresent: () => boolean };

function settleAccount(
  b: Builder,
  services: ExecutionServices,
  tree: TreeAccesses,
  { row, i, before, isPresent }: AccountSource,
): void {
  const final = (cell: "balance" | "nonce" | "code") =>
    services.state.final(accountCell(i, cell), `final.${cell}`);
  const [balance, nonce, code] = [final("balance"), final("nonce"), final("code")];
  const old = accountValue(b, services, before, "before");
  const now = accountValue(b, services, { balance: balance.id, nonce: nonce.id, code: code.id }, "after");
  const births = [balance.birth, nonce.birth, code.birth];
  claim(b, tree, {
    active: row.active,
    key: accountKeyOf(b, row.address, "key"), // L-1
    old,
    now: now.hash,
    birth: firstBirth(b, births, "birth"),
    isPresent,
  });
}

type SlotSource = { row: SlotRow; i: number; address: Wire; before: Wire; isPresent: () => boolean };

function settleSlot(
  b: Builder,
  { facts, state, capacities }: ExecutionServices,
  tree: TreeAccesses,
  { row, i, address, before, isPresent }: SlotSource,
): void {
  const { active, slot } = row;
  const { id, birth } = state.final(slotCell(capacities, i, "value"), "final.value");
  const valueOf = (word: Word, name: string): Wire =>
    hashFields(b, Domain.STORAGE_VALUE, [word.hi, word.lo], name);
  const first = facts.word(before, "before.word");
  const isEmpty = isZero(b, sum(b, [[1n, first.lo], [1n, first.hi]], 0n, "before.sum"), "before.isEmpty"); // prettier-ignore
  claim(b, tree, {
    active,
    key: hashFields(b, Domain.STORAGE_KEY, [address, slot.hi, slot.lo], "key"), // L-1
    old: { hash: valueOf(first, "before"), isEmpty },
    now: valueOf(facts.word(id, "after.word"), "after"),
    birth,
    isPresent,
  });
}

interface Value {
  readonly hash: Wire;
  readonly isEmpty: Bool;
}

/** L-2, L-3, L-4: protocol/state/account.ts `accountValueHash`. */
function accountValue(
  b: Builder,
  { facts, objects }: ExecutionServices,
  ids: AccountIds,
  name: string,
): Value {
  return b.scope(name, () => {
    const balance = facts.word(ids.balance, "balance");
    const nonce = facts.word(ids.nonce, "nonce");
    b.assertZero([], [[1n, nonce.hi]], 0n, "nonce.hi.isZero"); // prettier-ignore
    const count = assertBits(b, nonce.lo, 64, "nonce.small");
    const [hash, size] = [objects.hash(ids.code, "code.hash"), objects.size(ids.code, "code.size")];
    const isNone = isZero(b, ids.code, "code.isNone");
    const hasNoBytes = isZero(b, size, "code.hasNoBytes");
    b.assertZero([], [[1n, isNone], [-1n, hasNoBytes]], 0n, "code.isNoneIfEmpty"); // prettier-ignore
    const codeCommitment = objects.commitment(ids.code, "code.commitment");
    const account = { nonce: count, balance, codeSize: size, codeHash: hash, codeCommitment };
    const all: Term[] = [[1n, count], [1n, balance.lo], [1n, balance.hi], [1n, ids.code]]; // prettier-ignore
    return {
      hash: accountValueOf(b, account, "value"),
      isEmpty: isZero(b, sum(b, all, 0n, "sum"), "isEmpty"), // prettier-ignore
    };
  });
}

type Touched = {
  active: Bool;
  key: Wire;
  old: Value;
  now: Wire;
  birth: Wire;
  isPresent: () => boolean;
};

function claim(b: Builder, tree: TreeAccesses, { active, key, old, now, birth, isPresent }: Touched): void {
  const present = witnessBool(b, "present", isPresent);
  const absent = and(b, active, not(b, present, "isAbsent"), "absent");
  assertImplies(b, absent, old.isEmpty, "absent.isEmpty"); // L-2
  const isBorn = not(b, isZero(b, birth, "birth.isNone"), "isBorn");
  const isInserted = and(b, absent, isBorn, "isInserted"); // L-5
  const isChanged = not(b, isEqual(b, old.hash, now, "isSame"), "isChanged");
  const small = promiseBits(b, birth, 14, "birth.small");
  tree.access(b, { key, active, present, before: old.hash, after: now, isChanged, isInserted, birth: small }, "claim"); // prettier-ignore
}
