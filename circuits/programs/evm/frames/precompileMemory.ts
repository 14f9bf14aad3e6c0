/**
 * What a call of a precompiled contract does in the memory of its frame, which is its own and as yet untouched: the input that is
 * copied there, its words, the output.
 */
import { combine, mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { ECRECOVER_WORDS, MODEXP_WORDS, PRECOMPILE_SUB } from "../../../../protocol/evm/plan/frames/precompilePlan.ts"; // prettier-ignore
import { memoryTime } from "../memory/memoryBus.ts";
import type { CreateServices } from "./createStart.ts";
import { byteAddress, MEMORY_HEAD } from "./openFrame.ts";

export type PrecompileServices = Pick<CreateServices, "facts" | "memory" | "copies" | "messages">;

/** The row of the end, the input, and the first cell of the frame. */
export interface CallRow {
  readonly t: Wire;
  readonly inputStart: Wire;
  readonly inputLength: Wire;
  readonly memoryBase: Wire;
}

export interface Copying {
  /** identity that answers, ecrecover that answers, modexp. */
  readonly copies: Bool;
  readonly recovers: Bool;
  readonly raises: Bool;
}

/**
 * The one copy of a call: identity's output, or the first words of ecrecover's or modexp's input, after the output. Returns the cell
 * of the first of these words.
 */
export function copyInput(
  b: Builder,
  { copies: rows }: PrecompileServices,
  { t, inputStart, inputLength, memoryBase }: CallRow,
  { copies, recovers, raises }: Copying,
): Wire {
  const offset = sum(b, [[32n, recovers], [32n, raises]], 0n, "copy.offset"); // prettier-ignore
  const length = combine(b, [[1n, copies, inputLength]], [[32n * BigInt(ECRECOVER_WORDS), recovers], [32n * BigInt(MODEXP_WORDS), raises]], 0n, "copy.length"); // prettier-ignore
  const destination = byteAddress(b, memoryBase, offset, "copy.to");
  rows.add({ t, destination, length: assertBits(b, length, 24, "copy.length"), source: inputStart, isCode: b.zero, available: inputLength }, "copy"); // prettier-ignore
  return cellOf(b, memoryBase, MEMORY_HEAD + 1n, "words.cell");
}

/** Ids of the words that were copied: four of ecrecover, seven of modexp; the others are 0. */
export function inputWords(
  b: Builder,
  { memory }: PrecompileServices,
  { t, cell }: { readonly t: Wire; readonly cell: Wire },
  { recovers, raises }: Omit<Copying, "copies">,
): Wire[] {
  const reads = assertBits(b, sum(b, [[1n, recovers], [1n, raises]], 0n, "words.reads"), 1, "words.reads"); // prettier-ignore
  const after = assertBits(b, sum(b, [[1n, t], [1n, reads]], 0n, "words.t"), 20, "words.t"); // prettier-ignore
  return Array.from({ length: MODEXP_WORDS }, (_, j) => {
    const condition = j < ECRECOVER_WORDS ? reads : raises;
    const time = memoryTime(b, after, PRECOMPILE_SUB.input + j, undefined, `words.time[${j}]`);
    const at = assertBits(b, sum(b, [[1n, cell]], BigInt(j), `words.cell[${j}]`), 20, `words.cell[${j}]`); // prettier-ignore
    const id = memory.read(time, at, `words.read[${j}]`, condition);
    return assertBits(b, mul(b, condition, id, `words.id[${j}]`), 20, `words.id[${j}]`);
  });
}

interface OutputWord {
  readonly j: number;
  readonly condition: Bool;
  readonly word: Word;
  /** Planned: id of the word. */
  readonly id: () => number;
}

/** Word j of the output, in the row after the end's. */
export function writeOutput(
  b: Builder,
  { memory, facts }: PrecompileServices,
  { t, memoryBase }: CallRow,
  { j, condition, word, id: planned }: OutputWord,
): void {
  const id = witnessBits(b, 20, `output[${j}].id`, () => BigInt(planned()));
  facts.assertWord(id, word, `output[${j}]`);
  const after = assertBits(b, sum(b, [[1n, t], [1n, condition]], 0n, `output[${j}].t`), 20, `output[${j}].t`); // prettier-ignore
  const time = memoryTime(b, after, PRECOMPILE_SUB.output + j, undefined, `output[${j}].time`);
  memory.write(time, cellOf(b, memoryBase, MEMORY_HEAD + BigInt(j), `output[${j}].cell`), id, `output[${j}].write`, condition); // prettier-ignore
}

const cellOf = (b: Builder, memoryBase: Wire, offset: bigint, name: string): Wire =>
  assertBits(b, sum(b, [[1n, memoryBase]], offset, name), 20, name); // prettier-ignore
