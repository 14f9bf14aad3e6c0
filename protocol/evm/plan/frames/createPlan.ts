/** Creations, natively as circuits/programs/evm/frames/{createStart,newAccount,deposit,settleCreations}.ts prove them. */
import type { FactKey } from "../../factKey.ts";
import { create2Address, createAddress } from "../../machine/contractAddress.ts";
import { NOBLE } from "../../machine/primitives.ts";
import { encodeBytes, encodeList, encodeUint } from "../../machine/rlp.ts";
import type { FrameTrace, Step } from "../../machine/trace.ts";
import { uintToBytes, wordToBytes } from "../../machine/word.ts";
import { concatBytes } from "../../../bytes.ts";
import { codeIdentity } from "../../../state/code.ts";
import { OPCODE } from "../../opcodes.ts";
import { SystemCode, Tag } from "../../tags.ts";
import { Sub } from "../memory/memoryBusPlan.ts";
import type { ReadMessage } from "../memory/messagesPlan.ts";
import { moveBalance } from "./balances.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";
import { CREATE_GAS, CREATE_SUB, MAX_DEPTH, MAX_INIT_CODE, MAX_NONCE, NO_FRAME, OPEN_SUB, PENALTY } from "./frameEntry.ts"; // prettier-ignore
import { allButOne64th, byteAddress, memoryGrowth, openRange } from "./memoryRange.ts";

const RESULT_POPS = { create: 3, create2: 4 } as const;

export function planCreate(
  services: FramePlanServices,
  frames: FramesPlan,
  step: Step,
  child: FrameTrace | undefined,
): void {
  const { book, machine, state, numbers, memory } = services;
  const isCreate2 = step.opcode === OPCODE.CREATE2;
  const number = child === undefined ? numbers.ofStep(step) : numbers.ofFrame(child);
  const { frame: f, t, pc } = machine;
  const caller = frames.values(f);
  const at = (depth: number): bigint => book.value(machine.operand(depth));
  const [value, valueId] = [at(0), machine.operand(0)];
  const initCode = openRange(at(1), at(2));
  const salt = isCreate2 ? at(RESULT_POPS.create2 - 1) : 0n;

  const growth = memoryGrowth(memory.bus, Number(caller.memoryBase), initCode.words);
  const words = BigInt(Math.ceil(initCode.length / 32));
  const cost = growth.gas + (isCreate2 ? CREATE_GAS.hashedWord : CREATE_GAS.word) * words;
  const left = machine.gas - caller.floor - CREATE_GAS.fixed - cost;
  const isHard = left < 0n || initCode.isHuge || BigInt(initCode.length) > MAX_INIT_CODE;
  memory.bus.write(t, Sub.SIZE, Number(caller.memoryBase), isHard ? growth.before : growth.after);
  const given = isHard ? 0n : allButOne64th(left);
  const paid = isHard ? PENALTY : cost;
  const floor = machine.gas - CREATE_GAS.fixed - paid - given;

  const creatorAddress = book.value(Number(caller.address));
  const creator = state.account(creatorAddress);
  const funds = book.value(state.getAccount({ t, sub: CREATE_SUB.funds }, creator, "balance"));
  const nonce = book.value(state.getAccount({ t, sub: CREATE_SUB.nonce }, creator, "nonce"));
  const opens = !isHard && caller.depth !== MAX_DEPTH && funds >= value && nonce !== MAX_NONCE;
  const question = machine.question(step.opcode);
  let opened = { codeBase: SystemCode.FAIL as number, codeSize: 0 };
  let [address, checkpoint, account] = [0n, 0, 0];
  if (opens) {
    state.setAccount({ t, sub: CREATE_SUB.count }, creator, "nonce", book.literal(nonce + 1n));
    const code = readInitCode(services, { t, start: byteAddress(caller, initCode.offset), length: initCode.length }); // prettier-ignore
    address = nameAccount(services, { creator: creatorAddress, nonce, salt: isCreate2 ? salt : undefined, bytes: code.bytes }); // prettier-ignore
    account = state.account(address);
    state.setAccount({ t, sub: CREATE_SUB.warm }, account, "warm", 1);
    checkpoint = state.bus.checkpoint(t, CREATE_SUB.checkpoint);
    if (value !== 0n) moveBalance(services, { t, sub: CREATE_SUB.from, from: creator, to: account, value });
    const isDoomed = child !== undefined && numbers.isDoomed(child);
    opened = planNewAccount(services, { t, sub: CREATE_SUB.open, account, code, isDoomed });
  } else checkpoint = state.bus.checkpoint(t, CREATE_SUB.checkpoint);

  const questions = createRows(services, question, { number, isCreate2, paid, codeBase: opened.codeBase });
  const id = book.literal(address);
  const values = {
    ...NO_FRAME,
    codeBase: BigInt(opened.codeBase),
    codeSize: BigInt(opened.codeSize),
    stackBase: BigInt(machine.sp + 1),
    address: BigInt(id),
    caller: caller.address,
    value: BigInt(valueId),
    floor,
    parent: BigInt(f),
    returnPc: BigInt(pc + 1),
    depth: caller.depth + 1n,
    transaction: caller.transaction,
    checkpoint: BigInt(checkpoint),
  };
  frames.open(number, { values, start: { questions, address: id }, finish: undefined }, undefined);
  if (opens) frames.made(number, account);
}

export type InitCode = Pick<ReadMessage, "bytes" | "standsAt">;

const NO_INIT_CODE: InitCode = { bytes: new Uint8Array(), standsAt: () => undefined };

/** The bytes in memory, by a message, whose hash may be asked for. */
const readInitCode = (
  { memory }: FramePlanServices,
  { t, start, length }: { readonly t: number; readonly start: number; readonly length: number },
): InitCode => (length === 0 ? NO_INIT_CODE : memory.messages.read({ t, sub: Sub.READ, start, length }));

interface Name {
  readonly creator: bigint;
  readonly nonce: bigint;
  readonly salt: bigint | undefined;
  readonly bytes: Uint8Array;
}

/** The new address; what it hashes goes to the pool. */
function nameAccount({ digest }: FramePlanServices, { creator, nonce, salt, bytes }: Name): bigint {
  if (salt === undefined) {
    digest(encodeList([encodeBytes(uintToBytes(creator, 20)), encodeUint(nonce)]));
    return createAddress(NOBLE, creator, nonce);
  }
  digest(bytes);
  const { codeHash } = codeIdentity(bytes);
  digest(
    concatBytes([Uint8Array.of(0xff), uintToBytes(creator, 20), wordToBytes(salt), wordToBytes(codeHash)]),
  );
  return create2Address(NOBLE, creator, salt, codeHash);
}

export interface NewAccountPlan {
  readonly t: number;
  readonly sub: number;
  readonly account: number;
  readonly code: InitCode;
  readonly isDoomed: boolean;
}

export function planNewAccount(
  { book, state, code: codes }: FramePlanServices,
  { t, sub, account, code: { bytes, standsAt }, isDoomed }: NewAccountPlan,
): { codeBase: number; codeSize: number } {
  const before = book.value(state.setAccount({ t, sub: sub + OPEN_SUB.nonce }, account, "nonce", 1));
  const object = state.getAccount({ t, sub: sub + OPEN_SUB.code }, account, "code");
  state.setAccount({ t, sub: sub + OPEN_SUB.created }, account, "created", 1);
  state.setAccount({ t, sub: sub + OPEN_SUB.doomed }, account, "doomed", isDoomed ? 1 : 0);
  if (before !== 0n || object !== 0) return { codeBase: SystemCode.INVALID, codeSize: 0 };
  if (bytes.length === 0) return { codeBase: SystemCode.STOP, codeSize: 0 };
  const { base } = codes.make(bytes);
  standsAt(base);
  return { codeBase: base, codeSize: bytes.length };
}

interface Rows {
  readonly number: number;
  readonly isCreate2: boolean;
  readonly paid: bigint;
  readonly codeBase: number;
}

function createRows({ book, machine }: FramePlanServices, first: FactKey, rows: Rows): FactKey[] {
  const { number, isCreate2, paid, codeBase } = rows;
  book.key("frames", number - 1, { ...first, y: paid }, 0);
  machine.step(first.op, { y: paid });
  const tag = isCreate2 ? Tag.CREATE2_LENGTH : Tag.CREATE_LENGTH;
  const second = machine.question(tag);
  const answer = { z: codeBase, y: number };
  book.key("frames", number - 1, { ...second, ...answer }, 1);
  machine.step(tag, answer);
  return [first, second];
}
