/**
 * The frames of a chunk: entry k is frame k + 1. First the transactions' own, which the transaction chip starts, then creations,
 * then calls; each has an end.
 *
 * Proves: every frame has one start and one end, and its columns are what both say (callStart.ts, createStart.ts, frameEnd.ts).
 * Assumes: a `TransactionStart` proves its columns (begin.ts); memory's first `dataWords` cells are nobody's.
 * Enforces: regions of memory follow one another, 2 + limit cells each, so no two frames share a cell.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, constantBits, witnessBits } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import type { FrameEntry } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { TransactionStart } from "../execution/transactionStart.ts";
import { callStart } from "./callStart.ts";
import { type EndHooks, type FrameEnd, frameEnd } from "./frameEnd.ts";
import type { FrameServices } from "./frameServices.ts";
import { MEMORY_HEAD, type OpenFrame } from "./openFrame.ts";

/** What happens at ends beyond the frame's own matters. */
export interface FrameHooks {
  readonly transaction?: (place: number) => EndHooks;
  readonly call?: (
    i: number,
    frame: OpenFrame,
    memory: { readonly base: Wire; readonly limit: Wire },
  ) => EndHooks;
}

export function framesChip(
  b: Builder,
  services: FrameServices,
  starts: readonly TransactionStart[],
  entry: (i: number) => FrameEntry | undefined,
  hooks: FrameHooks = {},
): readonly FrameEnd[] {
  const { frames, capacities } = services;
  const ends: FrameEnd[] = [];
  let base = b.constant(BigInt(capacities.dataWords));
  for (let i = 0; i < capacities.frames; i++)
    b.scope(`frame[${i + 1}]`, () => {
      const limit = witnessBits(b, 20, "memoryLimit", () => entry(i)?.values.memoryLimit ?? 0n);
      const memory = { base: assertBits(b, base, 20, "memoryBase"), limit };
      const own = starts[i];
      const frame: OpenFrame =
        own === undefined
          ? b.scope("start", () => callStart(b, services, i, () => entry(i)?.start))
          : transactionFrame(b, services, own, i);
      const extra = own === undefined ? hooks.call?.(i, frame, memory) : hooks.transaction?.(i);
      const end = b.scope("end", () => frameEnd(b, services, i, frame, memory, () => entry(i)?.finish?.question, extra)); // prettier-ignore
      const { outputStart, outputLength } = end;
      frames.define(i + 1, { ...frame.columns, memoryBase: memory.base, memoryLimit: limit, outputStart, outputLength }); // prettier-ignore
      ends.push(end);
      base = sum(b, [[1n, base], [1n, limit]], MEMORY_HEAD, "memoryEnd"); // prettier-ignore
    });
  return ends;
}

/** Keys of an entry before those of its end. */
const START_ROWS = 4;

/** The frame of place i: called by the system, at depth 0, as transaction i + 1. */
function transactionFrame(
  b: Builder,
  { facts }: FrameServices,
  start: TransactionStart,
  i: number,
): OpenFrame {
  for (let row = 0; row < START_ROWS; row++)
    facts.defineKey("frames", i, b.zero, { op: 0n }, `row[${row}].isNone`, row);
  const { active, isCreation: _, t: _row, ...own } = start;
  const columns = {
    ...own,
    stackBase: constantBits(b, 16, BigInt(SYSTEM_STACK_BASE)),
    parent: b.zero,
    returnPc: constantBits(b, 20, BigInt(SystemCode.END)),
    isStatic: b.zero,
    depth: b.zero,
    transaction: constantBits(b, 14, BigInt(i + 1)),
  };
  return { active, columns, caller: undefined, room: undefined };
}
