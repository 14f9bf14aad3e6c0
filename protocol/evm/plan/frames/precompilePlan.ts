/** Calls of precompiled contracts, natively as circuits/programs/evm/frames/precompileCalls.ts proves them. */
import { readField } from "../../../field.ts";
import { PRECOMPILES } from "../../machine/precompiles/precompiles.ts";
import type { FrameTrace } from "../../machine/trace.ts";
import { bytesToUint, paddedSlice } from "../../machine/word.ts";
import { CONTROL_CELLS, Sub } from "../memory/memoryBusPlan.ts";
import type { FramePlanServices, FramesPlan, PrecompileOutcome } from "./framesPlan.ts";
import type { FrameValues } from "./frameEntry.ts";
import type { RecoverCall } from "./precompileJobs.ts";

/** Order of the accesses in the row after the end: the output's words, and the words that ecrecover is given. */
export const PRECOMPILE_SUB = { output: 8, input: 16 } as const;

export const ECRECOVER_WORDS = 4;
/** Lengths, and operands of up to 32 bytes from any byte on. */
export const MODEXP_WORDS = 7;
export const BLAKE2F_BYTES = 213;

const [ECRECOVER, SHA256, RIPEMD160, IDENTITY, MODEXP, BLAKE2F] = [1, 2, 3, 4, 5, 9] as const;

export interface PrecompileEntry {
  readonly t: number;
  readonly number: number;
  readonly inputStart: number;
  readonly inputLength: number;
  readonly memoryBase: number;
  readonly memoryLimit: number;
  readonly gas: bigint;
  readonly fails: boolean;
  readonly outputLength: number;
  readonly answers: boolean;
  /** Ids of the output's words. */
  readonly output: readonly number[];
  /** Of modexp: id of the result as an integer. */
  readonly result: number;
}

/** Words of memory that the frame of a precompile uses. */
export const precompileWords = (number: number, outputBytes: number): number =>
  number === ECRECOVER
    ? 1 + ECRECOVER_WORDS
    : number === MODEXP
      ? 1 + MODEXP_WORDS
      : Math.ceil(outputBytes / 32);

/** Executes PRECOMPILE's accesses of its row, and tells the end what else is to come. `child`: the frame that is running. */
export function planPrecompile(
  services: FramePlanServices,
  frames: FramesPlan,
  child: FrameTrace,
): PrecompileOutcome {
  const { book, machine, memory } = services;
  const { t } = machine;
  const number = child.precompile!;
  const values = frames.values(machine.frame);
  const { input } = child;
  const gas = PRECOMPILES.get(BigInt(number))!.gas(input);
  const isRight = number !== BLAKE2F || input.length === BLAKE2F_BYTES;
  const fails = !isRight || (number === BLAKE2F && input[BLAKE2F_BYTES - 1]! > 1);
  const answers = !fails && machine.gas - values.floor >= gas;
  const { jobs } = frames;
  const start = Number(values.inputStart);
  if (number === BLAKE2F ? isRight : answers && (number === SHA256 || number === RIPEMD160))
    memory.messages.read({ t, sub: Sub.READ, start, length: input.length });
  if (number === BLAKE2F && isRight) jobs.compress(input, answers);
  if (answers && number === SHA256) jobs.hash("sha256", input);
  if (answers && number === RIPEMD160) jobs.hash("ripemd160", input);
  if (answers && number === ECRECOVER) jobs.recover(recoverCall(input));
  const { output } = child.outcome;
  copyInput(services, values, { t, number, answers, length: input.length });
  const words = answers && number !== MODEXP ? wordsOf(output).map((word) => book.literal(word)) : [];
  const entry = {
    t,
    number,
    inputStart: start,
    inputLength: input.length,
    memoryBase: Number(values.memoryBase),
    memoryLimit: Number(values.memoryLimit),
    gas,
    fails,
    outputLength: answers ? output.length : 0,
    answers,
    output: number === IDENTITY ? [] : words,
    result: 0,
  };
  book.take("precompileCalls");
  frames.precompiles.push(entry);
  return { gas, fails, outputLength: entry.outputLength, afterEnd: () => (number === MODEXP ? planModexp(services, frames, entry, output) : writeOutput(services, entry)) }; // prettier-ignore
}

interface Copied {
  readonly t: number;
  readonly number: number;
  readonly answers: boolean;
  readonly length: number;
}

/** Of identity the input is the output; ecrecover's words come after its output. */
function copyInput(
  { memory }: FramePlanServices,
  values: FrameValues,
  { t, number, answers, length }: Copied,
): void {
  const first = 32 * (Number(values.memoryBase) + CONTROL_CELLS);
  const source = Number(values.inputStart);
  const job = { t, source, isCode: false, available: length };
  if (answers && number === IDENTITY) memory.copyRows.copy({ ...job, destination: first, length });
  if (answers && number === ECRECOVER)
    memory.copyRows.copy({ ...job, destination: first + 32, length: 32 * ECRECOVER_WORDS });
  if (number === MODEXP) memory.copyRows.copy({ ...job, destination: first + 32, length: 32 * MODEXP_WORDS });
}

const MODEXP_BYTES = 32;

/** In the row after the end's: the output, and the words that are copied, with the facts that cut the operands out. */
function planModexp(
  services: FramePlanServices,
  frames: FramesPlan,
  entry: PrecompileEntry,
  output: Uint8Array,
): void {
  const { book, memory } = services;
  const { bytes } = memory;
  const { t, memoryBase, answers } = entry;
  const cell = memoryBase + CONTROL_CELLS;
  const ids = Array.from({ length: MODEXP_WORDS }, (_, j) => memory.bus.peek(cell + 1 + j));
  const lengths = ids.slice(0, 3).map((id) => book.value(id));
  const isSmall = lengths.every((length) => length <= MODEXP_BYTES);
  const [base, exponent, modulus] = lengths.map((length) => Number(isSmall ? length : 0n)) as [
    number,
    number,
    number,
  ];
  const behind = (id: number, length: number): number =>
    length === MODEXP_BYTES ? id : bytes.join(0, id, length);
  const [q, shift] = [Math.floor((base + exponent) / 32), (base + exponent) % 32];
  const raw = [ids[3]!, base === MODEXP_BYTES ? ids[4]! : bytes.join(ids[3]!, ids[4]!, base), bytes.join(ids[3 + q]!, ids[4 + q]!, shift)]; // prettier-ignore
  const operands = raw.map((id, j) => book.value(behind(id, [base, exponent, modulus][j]!)));
  const job = { baseLength: base, exponentLength: exponent, modulusLength: modulus, base: operands[0]!, exponent: operands[1]!, modulus: operands[2]! }; // prettier-ignore
  if (isSmall) frames.jobs.power(job, answers);
  else frames.jobs.powerTooLarge();
  const written = answers && modulus > 0 ? writeResult(services, frames, entry, output) : [];
  written.forEach((id) => memory.bus.write(t + 1, PRECOMPILE_SUB.output, cell, id));
  ids.forEach((_, j) => memory.bus.read(t + 1, PRECOMPILE_SUB.input + j, cell + 1 + j));
}

/** Id of the word whose first bytes are the result's last ones. */
function writeResult(
  { book, memory }: FramePlanServices,
  frames: FramesPlan,
  entry: PrecompileEntry,
  bytes: Uint8Array,
): number[] {
  const { outputLength } = entry;
  const value = bytesToUint(bytes);
  const result = book.literal(value);
  const output = memory.bytes.join(result, 0, MODEXP_BYTES - outputLength);
  frames.precompiles[frames.precompiles.indexOf(entry)] = { ...entry, result, output: [output] };
  return [output];
}

/** In the row after the end's. */
function writeOutput(
  { memory }: FramePlanServices,
  { t, number, memoryBase, answers, output }: PrecompileEntry,
): void {
  const cell = memoryBase + CONTROL_CELLS;
  output.forEach((id, j) => memory.bus.write(t + 1, PRECOMPILE_SUB.output + j, cell + j, id));
  if (!answers || number !== ECRECOVER) return;
  for (let j = 0; j < ECRECOVER_WORDS; j++) memory.bus.read(t + 1, PRECOMPILE_SUB.input + j, cell + 1 + j);
}

function wordsOf(bytes: Uint8Array): bigint[] {
  const padded = paddedSlice(bytes, 0, 32 * Math.ceil(bytes.length / 32));
  const view = new DataView(padded.buffer, padded.byteOffset);
  return Array.from({ length: padded.length / 32 }, (_, i) => readField(view, 32 * i));
}

function recoverCall(input: Uint8Array): RecoverCall {
  const [digest, v, r, s] = wordsOf(paddedSlice(input, 0, 32 * ECRECOVER_WORDS)) as [bigint, bigint, bigint, bigint]; // prettier-ignore
  return { digest, v, r, s };
}
