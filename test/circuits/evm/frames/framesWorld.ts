/** A message over hand-written contracts: executed by the native machine, planned, and proven by rows, frames, state and memory. */
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { constantBits, witnessBits, witnessWord } from "../../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../../circuits/builder/wire.ts";
import { Powers256 } from "../../../../circuits/gadgets/byteStream.ts";
import { CodeObjects } from "../../../../circuits/programs/evm/code/codeObjects.ts";
import { codeRows } from "../../../../circuits/programs/evm/code/codeRows.ts";
import { jumpChip } from "../../../../circuits/programs/evm/code/jumps.ts";
import { pushChip } from "../../../../circuits/programs/evm/code/pushes.ts";
import { Facts } from "../../../../circuits/programs/evm/facts/facts.ts";
import { exceptionsChip } from "../../../../circuits/programs/evm/frames/exceptionsChip.ts";
import { framesChip } from "../../../../circuits/programs/evm/frames/framesChip.ts";
import { FrameTable } from "../../../../circuits/programs/evm/frames/frameTable.ts";
import { byteFactChips } from "../../../../circuits/programs/evm/memory/byteFacts.ts";
import { CopyRows } from "../../../../circuits/programs/evm/memory/copyRows.ts";
import { MemoryBus } from "../../../../circuits/programs/evm/memory/memoryBus.ts";
import { memoryOpChip } from "../../../../circuits/programs/evm/memory/memoryOps.ts";
import { BytePowers } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import { executeRows } from "../../../../circuits/programs/evm/rows/rows.ts";
import { Accounts, cellOfAccount } from "../../../../circuits/programs/evm/state/accounts.ts";
import { Slots } from "../../../../circuits/programs/evm/state/slots.ts";
import { StateBus, timeOf } from "../../../../circuits/programs/evm/state/stateBus.ts";
import { storageOpChip } from "../../../../circuits/programs/evm/state/storageOps.ts";
import { accountCell, cellCount, slotCell } from "../../../../protocol/evm/stateCells.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import { CALLER, type PlannedRun, RECIPIENT } from "./plannedRun.ts";

/** Builds the circuit of a planned run. */
export function buildRun(run: PlannedRun, b: Builder = new Builder()): Built {
  const { book, capacities, code, state, memory, frames: plan, machine } = run;
  const facts = new Facts(b, capacities, () => book);
  for (let i = 0; i < capacities.literals; i++)
    facts.defineWord(
      "literals",
      i,
      witnessWord(b, `literal[${i}]`, () => book.value(Number(facts.wordId("literals", i)))),
    );
  const powers = new Powers256(b, 84 * (capacities.codeRows + 1));
  const { symbols, bytes, segments } = codeRows(b, capacities.codeRows, powers, (row) => code.rows[row]);
  const codes = new CodeObjects(b, capacities.codes, segments, (i) => code.objects[i]);
  const frames = new FrameTable(b, capacities.frames, (f, column) => plan.hint(f, column));
  const stateBus = new StateBus(b, facts, { accesses: capacities.stateAccesses }, () => state.bus.entries);
  const accounts = new Accounts(b, capacities.accounts, () => state.accounts);
  const slots = new Slots(b, capacities.slots, () => state.slots);
  const memoryBus = new MemoryBus(b, capacities, [], () => memory.bus.entries);
  const memoryServices = { b, facts, bus: memoryBus, frames };
  const copies = new CopyRows(memoryServices, capacities.copyWords);
  pushChip(b, facts, capacities.pushes, bytes, (i) => code.pushes[i]);
  jumpChip(b, { facts, frames, symbols }, capacities.jumps, (i) => code.jumps[i]);
  storageOpChip(
    b,
    { facts, frames, state: stateBus, accounts, slots, capacities },
    (i) => run.storage.entries[i],
  );
  memoryOpChip(memoryServices, capacities.memoryOps, (i) => memory.ops.entries[i]);
  byteFactChips(b, facts, new BytePowers(b), capacities, () => memory.bytes);
  const services = {
    facts,
    frames,
    state: stateBus,
    accounts,
    codes,
    memory: memoryBus,
    copies,
    symbols,
    capacities,
  };
  framesChip(b, services, [begin(b, run, facts, stateBus)], (i) => plan.entries[i]);
  exceptionsChip(b, services, (i) => plan.exceptions[i]);
  executeRows(b, { facts, frames, symbols }, capacities, b.constant(BigInt(SystemCode.BEGIN)), () => machine);
  copies.close();
  memoryBus.close();
  stateBus.run(startCells(b, run));
  frames.close();
  facts.close();
  return b.finish();
}

/** In place of the chip of transactions: BEGIN and END of one message from CALLER to RECIPIENT, both warm. */
function begin(b: Builder, run: PlannedRun, facts: Facts, state: StateBus) {
  const { book, start } = run;
  const zero = b.zero;
  const at = (sub: number): Wire => timeOf(b, zero, sub, `begin.time[${sub}]`);
  state.newTransaction(at(1), b.one, "begin.transaction");
  const warm = (sub: number, address: bigint): void => {
    const number = b.compute(() => run.state.account(address)) ?? 0;
    const account = witnessBits(b, 14, `begin.account[${sub}]`, () => BigInt(number));
    state.set(
      at(sub),
      cellOfAccount(b, account, "warm", `begin.cell[${sub}]`),
      "transaction",
      b.one,
      `begin.warm[${sub}]`,
      b.one,
    );
  };
  warm(2, CALLER);
  warm(3, RECIPIENT);
  const checkpoint = state.checkpoint(at(4), "begin.checkpoint");
  const given = (name: string, bits: number, value: () => number | bigint): Wire =>
    witnessBits(b, bits, `begin.${name}`, () => BigInt(value()));
  const question = (which: number) => ({ ...run.rows[which]! });
  for (const which of [0, 1]) {
    const fields = ["t", "f", "sp", "pc", "gas", "z", "y"] as const;
    const bits = { t: 20, f: 14, sp: 16, pc: 20, gas: 36, z: 20, y: 36 } as const;
    const wires = Object.fromEntries(
      fields.map((field) => [
        field,
        given(`${field}[${which}]`, bits[field], () => question(which)[field] ?? 0),
      ]),
    );
    facts.defineTimedKey(
      "transactions",
      0,
      b.one,
      { op: BigInt(which === 0 ? 256 : 257), ...wires },
      `begin.key[${which}]`,
      which,
    );
  }
  void book;
  return {
    active: b.one,
    isCreation: zero,
    t: zero,
    checkpoint,
    codeBase: given("codeBase", 20, () => start.codeBase),
    codeSize: given("codeSize", 24, () => start.codeSize),
    address: given("address", 20, () => start.address),
    caller: given("caller", 20, () => start.caller),
    value: given("value", 20, () => start.value),
    inputStart: zero,
    inputLength: zero,
    floor: given("floor", 36, () => start.floor),
    code: given("code", 14, () => start.code),
  };
}

/** What the cells hold at the start: in a program it is proven against the tree. */
function startCells(b: Builder, { state, capacities }: PlannedRun): Wire[] {
  const cells: Wire[] = Array.from({ length: cellCount(capacities) }, () => constantBits(b, 20, 0n));
  for (let i = 0; i < capacities.accounts; i++)
    for (const kind of ["balance", "nonce", "code"] as const)
      cells[accountCell(i, kind)] = witnessBits(b, 20, `start.${kind}[${i}]`, () =>
        BigInt(state.accounts[i]?.[kind] ?? 0),
      );
  for (let i = 0; i < capacities.slots; i++)
    cells[slotCell(capacities, i, "value")] = witnessBits(b, 20, `start.slot[${i}]`, () =>
      BigInt(state.slots[i]?.value ?? 0),
    );
  return cells;
}
