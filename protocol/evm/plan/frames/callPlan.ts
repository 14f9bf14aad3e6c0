/** Calls, natively as circuits/programs/evm/frames/callStart.ts proves them. */
import type { FactKey } from "../../factKey.ts";
import { Gas } from "../../machine/gas.ts";
import { PRECOMPILES } from "../../machine/precompiles/precompiles.ts";
import type { FrameTrace, Step } from "../../machine/trace.ts";
import { OPCODE } from "../../opcodes.ts";
import { SystemCode, Tag } from "../../tags.ts";
import { Sub } from "../memory/memoryBusPlan.ts";
import { allButOne64th, byteAddress, memoryGrowth, type NativeRange, openRange } from "./memoryRange.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";
import { CALL_GAS, CALL_SUB, MAX_DEPTH, NO_FRAME, PENALTY } from "./frameEntry.ts";
import { moveBalance } from "./balances.ts";

const ADDRESS = (1n << 160n) - 1n;

interface Operands {
  readonly gas: bigint;
  readonly target: bigint;
  readonly value: bigint;
  readonly input: NativeRange;
  readonly output: NativeRange;
}

export function planCall(
  services: FramePlanServices,
  frames: FramesPlan,
  step: Step,
  child: FrameTrace | undefined,
): void {
  const { book, machine, state, numbers, memory } = services;
  const { opcode } = step;
  const number = child === undefined ? numbers.ofStep(step) : numbers.ofFrame(child);
  const hasValue = opcode === OPCODE.CALL || opcode === OPCODE.CALLCODE;
  const { frame: f, t, pc } = machine;
  const caller = frames.values(f);
  const ids = readOperands(services, hasValue);
  const operands = ids.operands;
  const pays = operands.value !== 0n;
  const sends = pays && opcode === OPCODE.CALL;

  const question = machine.question(opcode);
  const target = state.account(operands.target);
  const own = pays ? state.account(book.value(Number(caller.address))) : 0;
  const isUnknown = state.setAccount({ t, sub: CALL_SUB.warm }, target, "warm", 1) === 0;
  const isCold = isUnknown && !PRECOMPILES.has(operands.target);
  const object = state.getAccount({ t, sub: CALL_SUB.code }, target, "code");
  const isDead = sends && isDeadAccount(services, t, target, object);
  const funds = pays ? book.value(state.getAccount({ t, sub: CALL_SUB.funds }, own, "balance")) : 0n;

  const words = Math.max(operands.input.words, operands.output.words);
  const growth = memoryGrowth(memory.bus, Number(caller.memoryBase), words);
  const cost =
    (isCold ? CALL_GAS.cold : CALL_GAS.warm) +
    (pays ? CALL_GAS.value : 0n) +
    (isDead ? CALL_GAS.newAccount : 0n) +
    growth.gas;
  const left = machine.gas - caller.floor - cost;
  const breaksStatic = sends && caller.isStatic === 1n;
  const isHard = left < 0n || operands.input.isHuge || operands.output.isHuge || breaksStatic;
  memory.bus.write(t, Sub.SIZE, Number(caller.memoryBase), isHard ? growth.before : growth.after);
  const cap = isHard ? 0n : allButOne64th(left);
  const given = operands.gas < cap ? operands.gas : cap;
  const stipend = pays && !isHard ? Gas.CALL_STIPEND : 0n;
  const paid = isHard ? PENALTY : cost - stipend;
  const floor = machine.gas - paid - given - stipend;

  const refused = caller.depth === MAX_DEPTH || funds < operands.value;
  const fails = isHard || refused;
  const code = fails ? FAILING : calleeCode(services, operands.target, object, child);
  const checkpoint = state.bus.checkpoint(t, CALL_SUB.checkpoint);
  if (!fails && sends) moveBalance(services, { t, sub: CALL_SUB.from, from: own, to: target, value: operands.value }); // prettier-ignore
  const questions = callRows(services, question, { number, hasValue, paid, codeBase: code.base });

  const isDelegate = opcode === OPCODE.DELEGATECALL;
  const enters = opcode === OPCODE.CALL || opcode === OPCODE.STATICCALL;
  const address = book.literal(operands.target);
  const values = {
    ...NO_FRAME,
    codeBase: BigInt(code.base),
    codeSize: BigInt(code.size),
    stackBase: BigInt(machine.sp + 1),
    address: enters ? BigInt(address) : caller.address,
    caller: isDelegate ? caller.caller : caller.address,
    value: isDelegate ? caller.value : BigInt(ids.value),
    inputStart: BigInt(byteAddress(caller, operands.input.offset)),
    inputLength: BigInt(operands.input.length),
    floor,
    parent: BigInt(f),
    returnPc: BigInt(pc + 1),
    isStatic: opcode === OPCODE.STATICCALL ? 1n : caller.isStatic,
    depth: caller.depth + 1n,
    transaction: caller.transaction,
    checkpoint: BigInt(checkpoint),
    code: BigInt(object),
  };
  const room = { start: byteAddress(caller, operands.output.offset), length: operands.output.length };
  frames.open(number, { values, start: { questions, address }, finish: undefined }, room);
}

function readOperands(
  { book, machine }: FramePlanServices,
  hasValue: boolean,
): { operands: Operands; value: number } {
  const at = (depth: number): bigint => book.value(machine.operand(depth));
  const first = hasValue ? 3 : 2;
  const value = hasValue ? machine.operand(2) : 0;
  const operands = {
    gas: at(0),
    target: at(1) & ADDRESS,
    value: book.value(value),
    input: openRange(at(first), at(first + 1)),
    output: openRange(at(first + 2), at(first + 3)),
  };
  return { operands, value };
}

/** No nonce, no balance, no code (EIP-161). */
function isDeadAccount(
  { book, state }: FramePlanServices,
  t: number,
  account: number,
  object: number,
): boolean {
  const nonce = book.value(state.getAccount({ t, sub: CALL_SUB.nonce }, account, "nonce"));
  const balance = book.value(state.getAccount({ t, sub: CALL_SUB.balance }, account, "balance"));
  return nonce === 0n && balance === 0n && object === 0;
}

interface Position {
  readonly base: number;
  readonly size: number;
}
const FAILING: Position = { base: SystemCode.FAIL, size: 0 };

/** What runs: a precompile, nothing, or the object's code, which is loaded if need be. */
function calleeCode(
  { code }: FramePlanServices,
  target: bigint,
  object: number,
  child: FrameTrace | undefined,
): Position {
  // In the place of a size: which one it is.
  if (PRECOMPILES.has(target)) return { base: SystemCode.PRECOMPILE, size: Number(target) };
  if (object === 0) return { base: SystemCode.STOP, size: 0 };
  const { identity } = code.objects[object - 1]!;
  const bytes = child?.code ?? new Uint8Array();
  code.object(identity, bytes);
  return { base: code.segment(identity.codeHash, bytes).base, size: bytes.length };
}

interface Rows {
  readonly number: number;
  readonly hasValue: boolean;
  readonly paid: bigint;
  readonly codeBase: number;
}

/** Executes the rows and defines their keys; their questions. */
function callRows({ book, machine }: FramePlanServices, first: FactKey, rows: Rows): FactKey[] {
  const { number, hasValue, paid, codeBase } = rows;
  const key = (question: FactKey, which: number): void => book.key("frames", number - 1, question, which);
  key({ ...first, y: paid }, 0);
  machine.step(first.op, { y: paid });
  const questions = [first];
  const tags = hasValue
    ? [Tag.CALL_VALUE, Tag.CALL_INPUT, Tag.CALL_OUTPUT]
    : [Tag.VIEW_INPUT, Tag.VIEW_OUTPUT];
  tags.forEach((tag, i) => {
    const question = machine.question(tag);
    questions.push(question);
    const answer = i === tags.length - 1 ? { z: codeBase, y: number } : {};
    key({ ...question, ...answer }, i + 1);
    machine.step(tag, answer);
  });
  return questions;
}
