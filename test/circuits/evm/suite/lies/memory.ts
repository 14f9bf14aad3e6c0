/** Memory that does not hold what was put there; messages and logs of something else. */
import { Sub } from "../../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import type { LogsPlan } from "../../../../../protocol/evm/plan/memory/logsPlan.ts";
import type { MessagesPlan } from "../../../../../protocol/evm/plan/memory/messagesPlan.ts";
import type { ChunkPlan } from "../../../../../protocol/evm/plan/planChunk.ts";
import { type LieKind, patch, type Tell } from "../lieKind.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Bus = ChunkPlan["memory"]["bus"];
type Write = Bus["write"];

const isData = (sub: number): boolean => sub >= Sub.READ;

const write = (
  name: string,
  concerns: (sub: number) => boolean,
  lie: (bus: Bus, honest: Write, ...access: Parameters<Write>) => number,
): LieKind => ({
  name,
  plan: ({ memory: { bus } }, tell) =>
    patch(bus, "write", (honest) => (t, sub, cell, id) =>
      concerns(sub) && tell() ? lie(bus, honest, t, sub, cell, id) : honest(t, sub, cell, id),
    ),
}); // prettier-ignore

const read = (name: string, concerns: (plan: ChunkPlan, cell: number) => boolean, to: (cell: number) => number): LieKind => ({
  name,
  plan: (plan, tell) =>
    patch(plan.memory.bus, "read", (honest) => (t, sub, cell) =>
      honest(t, sub, isData(sub) && concerns(plan, cell) && tell() ? to(cell) : cell),
    ),
}); // prettier-ignore

/** A planner's function after which something it wrote is changed. */
const afterwards = <T extends object, K extends keyof T>(
  name: string,
  of: (plan: ChunkPlan) => T,
  method: K,
  change: (object: T) => void,
): LieKind => ({
  name,
  plan: (plan, tell) => {
    const object = of(plan);
    patch(object, method, (honest) => ((...given: unknown[]) => {
      const result = (honest as (...all: unknown[]) => unknown)(...given);
      if (tell()) change(object);
      return result;
    }) as T[K]);
  },
}); // prettier-ignore

const copied = (name: string, field: "length" | "source" | "destination", by: number): LieKind => ({
  name,
  plan: ({ memory: { copyRows } }, tell) =>
    patch(copyRows, "copy", (honest) => (job) =>
      honest(job.length > 1 && tell() ? { ...job, [field]: job[field] + by } : job),
    ),
}); // prettier-ignore

const message = (name: string, change: (range: { start: number; length: number }) => object): LieKind => ({
  name,
  plan: ({ memory: { messages } }, tell) =>
    patch(messages, "read", (honest) => (range) =>
      honest(range.length > 1 && tell() ? { ...range, ...change(range) } : range),
    ),
}); // prettier-ignore

/** The digest is false for the planner; the rows go on from it. */
const falseDigest: LieKind = {
  name: "a digest that is not KECCAK256's",
  plan: ({ memory: { keccaks }, book }, tell) =>
    patch(keccaks, "execute", (honest) => () => {
      const isLie = tell();
      const literal = book.literal;
      if (isLie) book.literal = (value) => literal.call(book, value ^ 1n);
      honest();
      book.literal = literal;
    }),
}; // prettier-ignore

const shuffled: LieKind = {
  name: "two accesses to memory in the wrong order",
  plan: ({ memory: { bus } }, tell: Tell) =>
    patch(bus, "write", (honest) => (t, sub, cell, id) => {
      const before = honest(t, sub, cell, id);
      const { entries } = bus;
      if (entries.length > 1 && tell()) entries.push(...entries.splice(-2).reverse());
      return before;
    }),
}; // prettier-ignore

export const MEMORY_LIES: readonly LieKind[] = [
  write("a dropped store", isData, (bus, honest, t, sub, cell) => honest(t, sub, cell, bus.peek(cell))),
  write("a store of another word", isData, (_, honest, t, sub, cell, id) => honest(t, sub, cell, id ^ 1)),
  write("a store into another cell", isData, (_, honest, t, sub, cell, id) => honest(t, sub, cell + 1, id)),
  write("memory that grows by more", (sub) => sub === Sub.SIZE, (_, honest, t, sub, cell, id) => honest(t, sub, cell, id + 1)),
  write("memory that does not grow", (sub) => sub === Sub.SIZE, (bus, honest, t, sub, cell) => honest(t, sub, cell, bus.peek(cell))),
  write("an access to memory that nobody claims", isData, (bus, honest, t, sub, cell, id) => {
    const before = honest(t, sub, cell, id);
    bus.read(t, sub + 3_000, cell);
    return before;
  }),
  shuffled,
  read("a load of the next cell", (plan, cell) => cell >= plan.data.length, (cell) => cell + 1),
  read("call data of another place", (plan, cell) => cell < plan.data.length, (cell) => cell ^ 1),
  copied("a shorter copy", "length", -1),
  copied("a copy from elsewhere", "source", 1),
  copied("a copy to elsewhere", "destination", 1),
  message("a shorter message", ({ length }) => ({ length: length - 1 })),
  message("a message from elsewhere", ({ start }) => ({ start: start + 1 })),
  afterwards("a wrong commitment to a message", ({ memory }) => memory.messages, "read", ({ entries }: MessagesPlan) => {
    const last = entries.at(-1)! as Writable<MessagesPlan["entries"][number]>;
    last.commitment += 1n;
  }),
  falseDigest,
  afterwards("a wrong log", ({ memory }) => memory.logs, "execute", ({ heads }: LogsPlan) => heads.push(heads.pop()! + 1n)),
  afterwards("a log with one topic less", ({ memory }) => memory.logs, "execute", ({ entries }: LogsPlan) => {
    const last = entries.at(-1)! as Writable<LogsPlan["entries"][number]>;
    last.topics = last.topics === 0 ? 1 : last.topics - 1;
  }),
]; // prettier-ignore
