/**
 * The frames of a chunk: entry k is frame k + 1. First the transactions' own, which the transaction chip starts, then creations,
 * then calls; each has an end.
 *
 * Proves: every frame has one start and one end, and its columns are what both say (callStart.ts, createStart.ts, frameEnd.ts).
 * Assumes: a `TransactionStart` proves its columns (begin.ts); memory's first `dataWords` cells are nobody's.
 * Enforces: regions of memory follow one another, 2 + limit cells each, so no two frames share a cell.
 */
import { mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, constantBits, witnessBits } from "../../../builder/ranges.ts";
import type { FrameEntry } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { creationEntries, firstMemoryCell } from "../../../../protocol/evm/plan/frames/frameNumbers.ts";
import { SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { TransactionStart } from "../execution/transactionStart.ts";
import { addressOfWord } from "../state/accounts.ts";
import { callStart } from "./callStart.ts";
import { createStart, type CreateServices, type OpenCreation } from "./createStart.ts";
import { deposit } from "./deposit.ts";
import { type EndHooks, type FrameEnd, frameEnd } from "./frameEnd.ts";
import type { PrecompileCalls } from "./precompileCalls.ts";
import type { FrameServices } from "./frameServices.ts";
import { MEMORY_HEAD, type OpenFrame } from "./openFrame.ts";
import type { MadeAccount } from "./settleCreations.ts";

/** What proves creations and precompiles. Parameters: without `creations`, no capacity of segments. */
export interface FrameHooks {
  readonly creations?: Pick<CreateServices, "digest" | "messages">;
  readonly precompiles?: PrecompileCalls;
}

export interface FramesProven {
  /** By place, from frame 1. */
  readonly ends: readonly FrameEnd[];
  /** For `settleCreations`, once the END rows are known. */
  readonly made: readonly MadeAccount[];
}

export function framesChip(
  b: Builder,
  services: FrameServices,
  starts: readonly TransactionStart[],
  entry: (i: number) => FrameEntry | undefined,
  hooks: FrameHooks = {},
): FramesProven {
  const { frames, capacities } = services;
  const ends: FrameEnd[] = [];
  const made: MadeAccount[] = [];
  const creations = hooks.creations === undefined ? undefined : { ...services, ...hooks.creations };
  const firstCall = starts.length + creationEntries(capacities);
  let base = b.constant(BigInt(firstMemoryCell(capacities)));
  for (let i = 0; i < capacities.frames; i++)
    b.scope(`frame[${i + 1}]`, () => {
      const limit = witnessBits(b, 20, "memoryLimit", () => entry(i)?.values.memoryLimit ?? 0n);
      const memory = { base: assertBits(b, base, 20, "memoryBase"), limit };
      const start = (): OpenFrame & Partial<OpenCreation> => {
        if (i < starts.length) return transactionFrame(b, services, starts[i]!, i);
        if (i < firstCall) return createStart(b, creations!, i, () => entry(i)?.start);
        return callStart(b, services, i, () => entry(i)?.start);
      };
      const frame = b.scope("start", start);
      const end = b.scope("end", () => {
        const opened = openedBy(b, services, frame, starts[i]);
        if (opened !== undefined && creations !== undefined) made.push(opened);
        const deposits: EndHooks["deposit"] =
          opened === undefined || creations === undefined
            ? undefined
            : (row, range) => deposit(b, creations, { account: opened.account, isCreation: opened.opens, memory, startsReserved: () => entry(i)?.finish?.startsReserved ?? false }, row, range); // prettier-ignore
        const calls = hooks.precompiles;
        const precompile: EndHooks["precompile"] =
          calls === undefined
            ? undefined
            : (row) => calls.end(precompileInput(services, frame, i < starts.length), memory, row);
        const result = frame.opens === undefined ? undefined : frame.columns.address;
        const extra = { ...(deposits && { deposit: deposits }), ...(precompile && { precompile }), ...(result && { result }) }; // prettier-ignore
        return frameEnd(b, services, i, frame, memory, () => entry(i)?.finish?.question, extra);
      });
      const { outputStart, outputLength } = end;
      frames.define(i + 1, { ...frame.columns, memoryBase: memory.base, memoryLimit: limit, outputStart, outputLength }); // prettier-ignore
      ends.push(end);
      base = sum(b, [[1n, base], [1n, limit]], MEMORY_HEAD, "memoryEnd"); // prettier-ignore
    });
  return { ends, made };
}

/** Which precompile a frame runs: of a transaction's own its address, else where other frames have the size of their code. */
function precompileInput({ facts }: FrameServices, { columns }: OpenFrame, isOwn: boolean) {
  const { address, codeSize, inputStart: start, inputLength: length } = columns;
  return { number: isOwn ? facts.word(address, "precompile.address").lo : codeSize, start, length };
}

/** The account that a frame makes; undefined: it makes none. */
function openedBy(
  b: Builder,
  { facts, accounts }: FrameServices,
  frame: OpenFrame & Partial<OpenCreation>,
  start: TransactionStart | undefined,
): MadeAccount | undefined {
  const { address, transaction } = frame.columns;
  if (frame.opens !== undefined) return { account: frame.account!, opens: frame.opens, transaction };
  if (start === undefined) return undefined;
  const word = facts.word(
    assertBits(b, mul(b, start.isCreation, address, "made.id"), 20, "made.id"),
    "made.word",
  );
  const account = accounts.find(addressOfWord(b, word, "made.address"), "made.account", start.isCreation);
  return { account, opens: start.isCreation, transaction };
}

/** Keys of an entry before those of its end. */
const START_ROWS = 4;

/** The frame of place i: called by the system as transaction i + 1. */
function transactionFrame(
  b: Builder,
  { facts }: FrameServices,
  start: TransactionStart,
  i: number,
): OpenFrame {
  for (let row = 0; row < START_ROWS; row++)
    facts.defineKey("frames", i, b.zero, { op: 0n }, `row[${row}].isNone`, row);
  const { active, codeBase, codeSize, address, caller, value, inputStart, inputLength, floor, depth, checkpoint, code } = start; // prettier-ignore
  const columns = {
    ...{
      codeBase,
      codeSize,
      address,
      caller,
      value,
      inputStart,
      inputLength,
      floor,
      depth,
      checkpoint,
      code,
    },
    stackBase: constantBits(b, 16, BigInt(SYSTEM_STACK_BASE)),
    parent: b.zero,
    returnPc: constantBits(b, 20, BigInt(SystemCode.END)),
    isStatic: b.zero,
    transaction: constantBits(b, 14, BigInt(i + 1)),
  };
  return { active, columns, caller: undefined, room: undefined };
}
