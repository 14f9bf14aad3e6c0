/**
 * The frames of a chunk: entry k is frame k + 1. First the transactions' own, which the transaction chip starts, then creations,
 * then calls; each has an end.
 *
 * Proves: every frame has one start and one end, and its columns are what both say (callStart.ts, createStart.ts, frameEnd.ts).
 * Assumes: `TransactionFrameStart` of an inactive place is all 0; memory's first `dataWords` cells are nobody's.
 * Enforces: regions of memory follow one another, 2 + limit cells each, so no two frames share a cell.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { FrameEntry } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { callStart } from "./callStart.ts";
import { type EndHooks, type FrameEnd, frameEnd } from "./frameEnd.ts";
import type { FrameServices } from "./frameServices.ts";
import { MEMORY_HEAD, type OpenFrame, type StartColumns } from "./openFrame.ts";

/** What the transaction chip proves of a transaction's own frame, each wire with its column's bound. */
export interface TransactionFrameStart {
  readonly active: Bool;
  readonly columns: StartColumns;
}

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
  starts: readonly TransactionFrameStart[],
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
          : { ...own, caller: undefined, room: undefined };
      const extra = own === undefined ? hooks.call?.(i, frame, memory) : hooks.transaction?.(i);
      const end = b.scope("end", () => frameEnd(b, services, i, frame, memory, () => entry(i)?.finish?.question, extra)); // prettier-ignore
      const { outputStart, outputLength } = end;
      frames.define(i + 1, { ...frame.columns, memoryBase: memory.base, memoryLimit: limit, outputStart, outputLength }); // prettier-ignore
      ends.push(end);
      base = sum(b, [[1n, base], [1n, limit]], MEMORY_HEAD, "memoryEnd"); // prettier-ignore
    });
  return ends;
}
