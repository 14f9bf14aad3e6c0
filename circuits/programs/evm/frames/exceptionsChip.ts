/** The entries of the exceptions chip: causes, and opcodes no other chip can execute. */
import type { Builder } from "../../../builder/builder.ts";
import type { ExceptionEntry } from "../../../../protocol/evm/plan/frames/framesPlan.ts";
import { cause, CauseTable } from "./causes.ts";
import type { FrameServices } from "./frameServices.ts";

export function exceptionsChip(
  b: Builder,
  services: FrameServices,
  entry: (i: number) => ExceptionEntry | undefined,
): void {
  const table = new CauseTable(b);
  for (let i = 0; i < services.capacities.exceptions; i++)
    b.scope(`exception[${i}]`, () => {
      cause(b, { ...services, table }, i, () => entry(i)?.cause);
      for (const which of [1, 2])
        services.facts.defineKey("exceptions", i, b.zero, { op: 0n }, `unused[${which}]`, which);
    });
}
