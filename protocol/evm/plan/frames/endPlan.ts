/** Ends of frames, natively as circuits/programs/evm/frames/frameEnd.ts proves them. */
import { codeIdentity } from "../../../state/code.ts";
import { PRECOMPILES } from "../../machine/precompiles/precompiles.ts";
import { OPCODE } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";
import { Sub } from "../memory/memoryBusPlan.ts";
import {
  CREATE_GAS,
  CREDIT,
  DEPOSIT_SUB,
  DESTROY_GAS,
  END_SUB,
  type FrameValues,
  MAX_CODE,
  RESERVED_BYTE,
} from "./frameEntry.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";
import { addToBalance } from "./balances.ts";
import { byteAddress, memoryGrowth, type NativeRange, openRange } from "./memoryRange.ts";

const { STOP, RETURN, REVERT, SELFDESTRUCT } = OPCODE as Record<string, number>;
const ADDRESS = (1n << 160n) - 1n;

export function planEnd(services: FramePlanServices, frames: FramesPlan, op: number): boolean {
  const { book, machine, state, memory } = services;
  const { frame: f, t, gas } = machine;
  const running = frames.running(f);
  const { entry, room } = running;
  const { values } = entry;
  const question = machine.question(op);
  entry.finish = { question };
  const reads = op === RETURN || op === REVERT;
  const value = (id: FactKeyField): bigint => book.value(Number(id ?? 0));
  const range = reads ? openRange(value(question.a), value(question.b)) : openRange(0n, 0n);
  const growth = memoryGrowth(memory.bus, Number(values.memoryBase), range.words);
  const precompile = op === Tag.PRECOMPILE ? running.precompile! : undefined;
  const heirGas =
    op === SELFDESTRUCT ? planDestruction(services, values, t, value(question.a) & ADDRESS) : 0n;
  const makes = op === RETURN ? frames.makes(f) : undefined;
  const output = depositOf(services, values, range, makes !== undefined);
  const cost = (reads ? growth.gas : 0n) + heirGas + (precompile?.gas ?? 0n) + output.cost;

  const above = gas - values.floor - (op === SELFDESTRUCT ? DESTROY_GAS.fixed : 0n);
  const isExempt = op === Tag.EXCEPTION || op === Tag.FAIL;
  const isBroken =
    (!isExempt && above < cost) || range.isHuge || (precompile?.fails ?? false) || output.fails;
  if (reads)
    memory.bus.write(
      t,
      Sub.SIZE,
      Number(values.memoryBase),
      isBroken && !output.startsReserved ? growth.before : growth.after,
    );
  if (output.startsReserved) entry.finish = { question, startsReserved: true };
  const paid = isBroken ? above : op === Tag.EXCEPTION ? above + CREDIT : cost;
  const success = !isBroken && [STOP, RETURN, SELFDESTRUCT, Tag.PRECOMPILE].includes(op);
  if (makes !== undefined) storeCode(services, { t, account: makes, range, values, success, startsReserved: output.startsReserved }); // prettier-ignore
  if (!success) state.bus.revert(t, END_SUB.revert, Number(values.checkpoint));
  const length = isBroken ? 0 : reads ? range.length : (precompile?.outputLength ?? 0);
  values.outputStart = BigInt(byteAddress(values, range.offset));
  values.outputLength = BigInt(length);

  const place = f - 1;
  book.key("frames", place, { ...question, y: paid }, 4);
  machine.step(op, { y: paid });
  const leaves = { z: Number(values.returnPc), y: values.parent };
  book.key("frames", place, { ...machine.question(Tag.LEAVE), ...leaves }, 5);
  const isMade = entry.start !== undefined && room === undefined;
  if (entry.start !== undefined) {
    const caller = frames.values(Number(values.parent));
    memory.bus.write(machine.t, 0, Number(caller.memoryBase) + 1, success && isMade ? 0 : f);
  }
  precompile?.afterEnd();
  machine.step(Tag.LEAVE, leaves);
  if (room !== undefined) {
    const copied = Math.min(room.length, length);
    memory.copyRows.copy({ t: machine.t, destination: room.start, length: copied, source: Number(values.outputStart), isCode: false, available: length }); // prettier-ignore
  }
  const result = { z: !success ? 0 : isMade ? Number(values.address) : 1 };
  book.key("frames", place, { ...machine.question(Tag.RESULT), ...result }, 6);
  machine.step(Tag.RESULT, result);
  return success;
}

interface Output {
  readonly cost: bigint;
  readonly fails: boolean;
  /** It fails by its first byte: it costs too little to fail otherwise. */
  readonly startsReserved: boolean;
}

/** What a creation's output costs, and whether it can be code. */
function depositOf(
  { book, memory }: FramePlanServices,
  values: FrameValues,
  range: NativeRange,
  isMade: boolean,
): Output {
  if (!isMade || range.length === 0) return { cost: 0n, fails: false, startsReserved: false };
  const isLong = BigInt(range.length) > MAX_CODE;
  const address = byteAddress(values, range.offset);
  const isInside = range.words <= Number(values.memoryLimit);
  const word = isInside ? book.value(memory.bus.peek(Math.floor(address / 32))) : 0n;
  const first = (word >> BigInt(8 * (31 - (address % 32)))) & 0xffn;
  const startsReserved = !isLong && first === RESERVED_BYTE;
  return { cost: CREATE_GAS.byte * BigInt(range.length), fails: isLong || startsReserved, startsReserved };
}

interface Stored {
  readonly t: number;
  readonly account: number;
  readonly range: NativeRange;
  readonly values: FrameValues;
  readonly success: boolean;
  readonly startsReserved: boolean;
}

/** Reads the output and puts it into the account; of one that may not be code its first byte alone. */
function storeCode(
  services: FramePlanServices,
  { t, account, range, values, success, startsReserved }: Stored,
): void {
  const { memory, code, state, digest } = services;
  const stores = success && range.length > 0;
  if (!stores && !startsReserved) return;
  const start = byteAddress(values, range.offset);
  const { bytes, standsAt } = memory.messages.read({ t, sub: Sub.READ, start, length: stores ? range.length : 1 }); // prettier-ignore
  if (!stores) return;
  digest(bytes);
  standsAt(code.make(bytes).base);
  state.setAccount({ t, sub: DEPOSIT_SUB }, account, "code", code.object(codeIdentity(bytes), bytes));
}

type FactKeyField = number | bigint | undefined;

/** The accesses of SELFDESTRUCT; what it costs beyond its fixed gas. */
function planDestruction(
  { book, state }: FramePlanServices,
  values: FrameValues,
  t: number,
  address: bigint,
): bigint {
  const own = state.account(book.value(Number(values.address)));
  const heir = state.account(address);
  const at = (sub: keyof typeof END_SUB): { t: number; sub: number } => ({ t, sub: END_SUB[sub] });
  const balance = book.value(state.getAccount(at("self"), own, "balance"));
  const isCreated = state.getAccount(at("created"), own, "created") !== 0;
  const isUnknown = state.setAccount(at("warm"), heir, "warm", 1) === 0;
  const nonce = book.value(state.getAccount(at("nonce"), heir, "nonce"));
  const object = state.getAccount(at("code"), heir, "code");
  const wealth = book.value(state.getAccount(at("heir"), heir, "balance"));
  const isCold = isUnknown && !PRECOMPILES.has(address);
  const isNew = balance !== 0n && nonce === 0n && object === 0 && wealth === 0n;
  const isOther = own !== heir;
  addToBalance({ book, state }, at("move"), own, isOther || isCreated ? -balance : 0n);
  addToBalance({ book, state }, at("receive"), heir, isOther ? balance : 0n);
  state.setAccount(at("destroyed"), own, "destroyed", isCreated ? 1 : 0);
  return (isCold ? DESTROY_GAS.cold : 0n) + (isNew ? DESTROY_GAS.newAccount : 0n);
}
