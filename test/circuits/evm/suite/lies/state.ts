/** State that is not what was put there, undone wrongly, or settled wrongly. */
import {
  ACCOUNT_CELLS,
  firstSlotCell,
  GLOBAL_CELLS,
  SLOT_CELLS,
} from "../../../../../protocol/evm/stateCells.ts";
import { planTree } from "../../../../../protocol/evm/plan/execution/leavesPlan.ts";
import { ChunkPlan } from "../../../../../protocol/evm/plan/planChunk.ts";
import type { StateAccessEntry } from "../../../../../protocol/evm/plan/state/stateBusPlan.ts";
import { type LieKind, patch } from "../lieKind.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Bus = ChunkPlan["state"]["bus"];

/** What a cell is: `account.balance`, `slot.value`, `global.refund`. */
function cellKind({ book }: ChunkPlan, cell: number): string {
  const first = firstSlotCell(book.capacities);
  if (cell < GLOBAL_CELLS.length) return `global.${GLOBAL_CELLS[cell]}`;
  if (cell < first) return `account.${ACCOUNT_CELLS[(cell - GLOBAL_CELLS.length) % ACCOUNT_CELLS.length]}`;
  return `slot.${SLOT_CELLS[(cell - first) % SLOT_CELLS.length]}`;
}

/** The tree is asked for a leaf once, whoever claims it. */
function oneAccessEach(plan: ChunkPlan): void {
  const leaves = Object.getOwnPropertyDescriptor(ChunkPlan.prototype, "leaves")!.get!;
  Object.defineProperty(plan, "leaves", {
    get: () => {
      const all = leaves.call(plan) as ChunkPlan["leaves"];
      return { ...all, accesses: [...new Map(all.accesses.map((access) => [access.key, access])).values()] };
    },
  });
}

const last = ({ entries }: Bus): Writable<StateAccessEntry> => entries.at(-1)!;

type Set = Bus["set"];
const set = (
  name: string,
  concerns: (kind: string) => boolean,
  lie: (plan: ChunkPlan, honest: Set, ...access: Parameters<Set>) => number,
): LieKind => ({
  name,
  plan: (plan, tell) =>
    patch(plan.state.bus, "set", (honest) => (t, sub, cell, scope, id) =>
      concerns(cellKind(plan, cell)) && tell() ? lie(plan, honest, t, sub, cell, scope, id) : honest(t, sub, cell, scope, id),
    ),
}); // prettier-ignore

const dropped = (kind: string, name: string): LieKind =>
  set(name, (of) => of === kind, ({ state: { bus } }, honest, t, sub, cell, scope) => honest(t, sub, cell, scope, bus.peek(cell, scope))); // prettier-ignore

const stale = (kind: string, name: string): LieKind => ({
  name,
  plan: (plan, tell) =>
    patch(plan.state.bus, "get", (honest) => (t, sub, cell, scope) => {
      const id = honest(t, sub, cell, scope);
      if (cellKind(plan, cell) !== kind || !tell()) return id;
      Object.assign(last(plan.state.bus), { before: id ^ 1, after: id ^ 1 });
      return id ^ 1;
    }),
}); // prettier-ignore

const whenReverted = (name: string, change: (bus: Bus, first: number) => void): LieKind => ({
  name,
  plan: ({ state: { bus } }, tell) =>
    patch(bus, "revert", (honest) => (t, sub, height) => {
      const first = bus.entries.length;
      honest(t, sub, height);
      if (bus.entries.length > first + 1 && tell()) change(bus, first);
    }),
}); // prettier-ignore

/** An address, or a slot of an account, that has two numbers. */
const twice = (name: string, which: "account" | "slot"): LieKind => ({
  name,
  plan: (plan, tell) => {
    const { before, state } = plan;
    oneAccessEach(plan);
    const [HIGH_ACCOUNT, HIGH_SLOT] = [1n << 170n, 1n << 300n];
    patch(before, "account", (honest) => (address) => honest(address % HIGH_ACCOUNT));
    patch(before, "slot", (honest) => (address, slot) => honest(address % HIGH_ACCOUNT, slot % HIGH_SLOT));
    const seen = new Set<string>();
    if (which === "account")
      patch(state, "account", (honest) => (address) => {
        if (!seen.has(`${address}`) || !tell()) return seen.add(`${address}`), honest(address);
        const number = honest(address + HIGH_ACCOUNT);
        (state.accounts[number] as Writable<(typeof state.accounts)[number]>).address = address;
        return number;
      });
    else
      patch(state, "slot", (honest) => (account, slot) => {
        if (!seen.has(`${account} ${slot}`) || !tell()) return seen.add(`${account} ${slot}`), honest(account, slot);
        const number = honest(account, slot + HIGH_SLOT);
        (state.slots[number] as Writable<(typeof state.slots)[number]>).slot = slot;
        return number;
      });
  },
}); // prettier-ignore

/** Leaves that are settled otherwise. */
const settled = (name: string, change: (access: ChunkPlan["leaves"]["accesses"][number]) => object | undefined): LieKind => ({
  name,
  change: (plan, tell) => {
    const { leaves, before, profile } = plan.chunk;
    const accesses = leaves.accesses.flatMap((access) => {
      const other = change(access);
      return other === undefined || !tell() ? [access] : "key" in other ? [other as typeof access] : [];
    });
    return { ...plan, tree: planTree({ ...leaves, accesses }, before.before.tree, profile) };
  },
}); // prettier-ignore

export const STATE_LIES: readonly LieKind[] = [
  dropped("account.balance", "a skipped credit or debit"),
  dropped("account.nonce", "a nonce that is not counted"),
  dropped("account.code", "a creation without code"),
  dropped("account.warm", "an account that stays cold"),
  dropped("account.created", "a creation that is not noted"),
  dropped("slot.value", "a dropped SSTORE"),
  dropped("slot.warm", "a slot that stays cold"),
  dropped("slot.transient", "a dropped TSTORE"),
  dropped("global.refund", "a refund that is not counted"),
  dropped("global.logs", "a dropped log"),
  set("a wei more", (of) => of === "account.balance", ({ book }, honest, t, sub, cell, scope, id) => honest(t, sub, cell, scope, book.literal(book.value(id) + 1n))),
  set("a refund of more", (of) => of === "global.refund", ({ book }, honest, t, sub, cell, scope, id) => honest(t, sub, cell, scope, book.literal(book.value(id) + 1n))),
  set("a write to another's cell", (of) => of === "account.balance", (_, honest, t, sub, cell, scope, id) => honest(t, sub, cell + ACCOUNT_CELLS.length, scope, id)),
  set("a write to another slot", (of) => of === "slot.value", (_, honest, t, sub, cell, scope, id) => honest(t, sub, cell + SLOT_CELLS.length, scope, id)),
  set("an access to the state that nobody claims", () => true, ({ state: { bus } }, honest, t, sub, cell, scope, id) => {
    const before = honest(t, sub, cell, scope, id);
    bus.get(t, sub, cell, scope);
    last(bus).time++;
    return before;
  }),
  set("an access at another time", () => true, ({ state: { bus } }, honest, t, sub, cell, scope, id) => {
    const before = honest(t, sub, cell, scope, id);
    last(bus).time++;
    return before;
  }),
  stale("slot.value", "a stale slot"),
  stale("account.balance", "a stale balance"),
  stale("account.code", "the code of another"),
  stale("account.nonce", "a stale nonce"),
  whenReverted("an access that is not undone", ({ entries }) => void entries.pop()),
  whenReverted("an undo of another cell", (bus) => void last(bus).cell++),
  whenReverted("undone in the wrong order", ({ entries }, first) => void entries.push(...entries.splice(first + 1).reverse())),
  { name: "a revert that undoes nothing", plan: ({ state: { bus } }, tell) => patch(bus, "revert", (honest) => (...when) => (tell() ? undefined : honest(...when))) },
  { name: "a revert to another height", plan: ({ state: { bus } }, tell) => patch(bus, "revert", (honest) => (t, sub, height) => honest(t, sub, tell() ? height + 1 : height)) },
  { name: "a mark at another height", plan: ({ state: { bus } }, tell) => patch(bus, "checkpoint", (honest) => (t, sub) => {
    const height = honest(t, sub);
    if (!tell()) return height;
    last(bus).after = height + 1;
    return height + 1;
  }) },
  { name: "a transaction that does not begin anew", plan: ({ state: { bus } }, tell) => patch(bus, "newTransaction", (honest) => (t, sub) => (tell() ? undefined : honest(t, sub))) },
  { name: "a wrong birth", plan: ({ state: { bus } }, tell) => patch(bus, "birth", (honest) => (cell) => (honest(cell) > 0 && tell() ? honest(cell) + 1 : honest(cell))) },
  twice("an account with two leaves", "account"),
  twice("a slot with two leaves", "slot"),
  settled("a leaf that is skipped", () => ({})),
  settled("a leaf with another value", (access) => (access.write === undefined ? undefined : { ...access, write: { ...access.write, valueHash: access.write.valueHash + 1n } })),
  settled("a leaf that is not written", ({ key, write }) => (write === undefined ? undefined : { key })),
]; // prettier-ignore
