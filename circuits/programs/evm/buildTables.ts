/** The tables and lists that the chips of the program share. */
import type { Builder } from "../../builder/builder.ts";
import { witnessWord } from "../../builder/ranges.ts";
import type { Rom } from "../../builder/rom.ts";
import type { Wire } from "../../builder/wire.ts";
import type { Capacities } from "../../../protocol/evm/capacities.ts";
import type { ChunkPlan } from "../../../protocol/evm/plan/planChunk.ts";
import { CodeObjects } from "./code/codeObjects.ts";
import { type CodeRows, codeRows } from "./code/codeRows.ts";
import { dataCells } from "./execution/dataCells.ts";
import type { EndServices } from "./execution/end.ts";
import { Facts } from "./facts/facts.ts";
import type { FrameServices } from "./frames/frameServices.ts";
import { FrameTable } from "./frames/frameTable.ts";
import { CopyRows } from "./memory/copyRows.ts";
import { LogHeads } from "./memory/logs.ts";
import { MemoryBus } from "./memory/memoryBus.ts";
import { Messages } from "./memory/messages.ts";
import type { MemoryServices } from "./memory/services.ts";
import { Accounts } from "./state/accounts.ts";
import { Slots } from "./state/slots.ts";
import { StateBus } from "./state/stateBus.ts";
import type { Transactions } from "./transactions/transactions.ts";

export interface EvmTables extends Omit<FrameServices, "copies">, EndServices {
  readonly frames: FrameTable;
  readonly code: CodeRows;
  readonly symbols: Rom<Wire>;
  readonly copies: CopyRows;
  readonly messages: Messages;
  readonly heads: LogHeads;
  readonly ofMemory: MemoryServices;
}

export function buildTables(
  b: Builder,
  capacities: Capacities,
  { dataWords }: Transactions,
  chunk: () => ChunkPlan,
): EvmTables {
  const facts = new Facts(b, capacities, () => chunk().book);
  defineLiterals(b, facts, capacities.literals, chunk);
  const analyses = capacities.segments > 0;
  const code = codeRows(b, { rows: capacities.codeRows, analyses }, (row) => chunk().code.rows[row]);
  const objects = new CodeObjects(b, capacities.codes, code, (i) => chunk().code.objects[i]);
  const frames = new FrameTable(b, capacities.frames, (f, column) => chunk().frames.hint(f, column));
  const state = new StateBus(
    b,
    facts,
    { accesses: capacities.stateAccesses },
    () => chunk().state.bus.entries,
  );
  const accounts = new Accounts(b, capacities.accounts, () => chunk().state.accounts);
  const slots = new Slots(b, capacities.slots, () => chunk().state.slots);
  const cells = dataCells(b, facts, dataWords, () => chunk().data);
  const memory = new MemoryBus(b, capacities, cells, () => chunk().memory.bus.entries);
  const ofMemory = { b, facts, bus: memory, frames };
  const heads = new LogHeads(b, capacities.logs, () => chunk().memory.logs.heads);
  return {
    capacities,
    facts,
    code,
    symbols: code.symbols,
    objects,
    codes: objects,
    frames,
    state,
    accounts,
    slots,
    memory,
    ofMemory,
    copies: new CopyRows(ofMemory, capacities.copyWords),
    messages: new Messages(ofMemory, capacities, () => chunk().memory.messages.entries, analyses ? code.bytes : undefined), // prettier-ignore
    heads,
    logHeads: (number, name) => heads.read(b, number, name),
  };
}

/** Free words: whoever uses one proves what it is. */
function defineLiterals(b: Builder, facts: Facts, count: number, chunk: () => ChunkPlan): void {
  for (let i = 0; i < count; i++) {
    const id = Number(facts.wordId("literals", i));
    facts.defineWord(
      "literals",
      i,
      witnessWord(b, `literal[${i}]`, () => chunk().book.value(id)),
    );
  }
}
