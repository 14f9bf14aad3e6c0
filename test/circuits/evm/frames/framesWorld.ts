/** A message over hand-written contracts: executed by the native machine, planned, and proven by rows, frames, state and memory. */
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { constantBits, witnessBits, witnessBool, witnessWord } from "../../../../circuits/builder/ranges.ts";
import type { Wire, Word } from "../../../../circuits/builder/wire.ts";
import { CodeObjects } from "../../../../circuits/programs/evm/code/codeObjects.ts";
import { codeRows } from "../../../../circuits/programs/evm/code/codeRows.ts";
import { jumpChip } from "../../../../circuits/programs/evm/code/jumps.ts";
import { pushChip } from "../../../../circuits/programs/evm/code/pushes.ts";
import { Facts } from "../../../../circuits/programs/evm/facts/facts.ts";
import { exceptionsChip } from "../../../../circuits/programs/evm/frames/exceptionsChip.ts";
import { framesChip } from "../../../../circuits/programs/evm/frames/framesChip.ts";
import { PrecompileCalls } from "../../../../circuits/programs/evm/frames/precompileCalls.ts";
import type { PrecompilePools } from "../../../../circuits/programs/evm/frames/precompileTables.ts";
import { sha256Pool } from "../../../../circuits/gadgets/precompiles/sha256.ts";
import { ripemd160Pool } from "../../../../circuits/gadgets/precompiles/ripemd160.ts";
import { ecrecoverJobs } from "../../../../circuits/gadgets/precompiles/ecrecover.ts";
import { modexpPool } from "../../../../circuits/gadgets/precompiles/modexp.ts";
import { blake2fPool } from "../../../../circuits/gadgets/precompiles/blake2f.ts";
import { settleCreations } from "../../../../circuits/programs/evm/frames/settleCreations.ts";
import { Messages } from "../../../../circuits/programs/evm/memory/messages.ts";
import { KeccakPool } from "../../../../circuits/gadgets/keccakPool.ts";
import { planKeccakJobs } from "../../../../protocol/evm/keccakUse.ts";
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
  const analyses = capacities.segments > 0;
  const codeTable = codeRows(b, { rows: capacities.codeRows, analyses }, (row) => code.rows[row]);
  const { symbols, bytes } = codeTable;
  const codes = new CodeObjects(b, capacities.codes, codeTable, (i) => code.objects[i]);
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
  const messages = new Messages(memoryServices, capacities, () => memory.messages.entries, analyses ? bytes : undefined); // prettier-ignore
  const start = begin(b, run, facts, stateBus);
  const creations = capacities.segments === 0 ? undefined : creationServices(b, run, messages);
  const precompiles =
    capacities.precompileCalls === 0
      ? undefined
      : new PrecompileCalls(b, capacities.precompileCalls, () => plan.precompiles);
  const { made } = framesChip(b, services, [start.frame], (i) => plan.entries[i], {
    ...(creations && { creations }),
    ...(precompiles && { precompiles }),
  });
  settleCreations(b, stateBus, [start.end], made);
  exceptionsChip(b, services, (i) => plan.exceptions[i]);
  executeRows(b, { facts, frames, symbols }, capacities, b.constant(BigInt(SystemCode.BEGIN)), () => machine);
  precompiles?.close({ facts, memory: memoryBus, copies, messages }, pools(b, run));
  messages.close();
  copies.close();
  memoryBus.close();
  stateBus.run(startCells(b, run));
  frames.close();
  facts.close();
  return b.finish();
}

/** Messages and the pool of hashes. */
function creationServices(b: Builder, run: PlannedRun, messages: Messages) {
  const { capacities, hashed } = run;
  const plan = b.compute(() => planKeccakJobs(hashed));
  const shape = {
    jobs: capacities.keccakJobs,
    words: capacities.keccakWords,
    blocks: capacities.keccakBlocks,
  };
  const pool = new KeccakPool(b, shape, () => plan?.messages ?? [], "keccak");
  const digest = (commitment: Wire, name: string): Word =>
    pool.digest(b, commitment, () => plan?.entryOf.get(b.value(commitment)) ?? 0, name);
  return { messages, digest };
}

/** Pools of precompiles. */
function pools(b: Builder, { capacities, frames }: PlannedRun): PrecompilePools {
  const { jobs } = frames;
  const blake = { jobs: capacities.blake2fJobs, rounds: capacities.blake2fRounds };
  const power = { jobs: capacities.modexps, steps: capacities.modexpSteps };
  const { sha256Blocks, ripemd160Blocks, ecrecovers } = capacities;
  return {
    sha256: sha256Blocks === 0 ? [] : sha256Pool(b, sha256Blocks, () => jobs.sha256, "sha256Pool"),
    ripemd160:
      ripemd160Blocks === 0 ? [] : ripemd160Pool(b, ripemd160Blocks, () => jobs.ripemd160, "ripemd160Pool"),
    ecrecover: ecrecoverJobs(b, ecrecovers, () => jobs.ecrecovers, "ecrecoverPool"),
    modexp: power.jobs === 0 ? [] : modexpPool(b, power, () => jobs.modexps, "modexpPool"),
    blake2f: blake.jobs === 0 ? [] : blake2fPool(b, blake, () => jobs.blake2f, "blake2fPool"),
  };
}

/** In place of the chip of transactions: BEGIN and END of one message from CALLER to RECIPIENT, both warm. */
function begin(b: Builder, run: PlannedRun, facts: Facts, state: StateBus) {
  const { start } = run;
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
  const ends: Wire[] = [];
  for (const which of [0, 1]) {
    const fields = ["t", "f", "sp", "pc", "gas", "z", "y"] as const;
    const bits = { t: 20, f: 14, sp: 16, pc: 20, gas: 36, z: 20, y: 36 } as const;
    const wires = Object.fromEntries(
      fields.map((field) => [
        field,
        given(`${field}[${which}]`, bits[field], () => question(which)[field] ?? 0),
      ]),
    );
    ends.push(wires.t!);
    facts.defineTimedKey(
      "transactions",
      0,
      b.one,
      { op: BigInt(which === 0 ? 256 : 257), ...wires },
      `begin.key[${which}]`,
      which,
    );
  }
  const frame = {
    active: b.one,
    isCreation: witnessBool(b, "begin.isCreation", () => false),
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
    depth: constantBits(b, 11, BigInt(run.depth)),
    code: given("code", 14, () => start.code),
  };
  return { frame, end: ends[1]! };
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
