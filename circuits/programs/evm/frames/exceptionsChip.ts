/** The entries of the exceptions chip: a cause or a bad jump (key 0), and the rows of an opcode that cannot be (keys 1 to 3). */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { ExceptionEntry } from "../../../../protocol/evm/plan/frames/framesPlan.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import { badJump } from "./badJumps.ts";
import { cause, CauseTable } from "./causes.ts";
import type { FrameServices } from "./frameServices.ts";
import { misfit } from "./misfits.ts";

export function exceptionsChip(
  b: Builder,
  services: FrameServices,
  entry: (i: number) => ExceptionEntry | undefined,
): void {
  const table = new CauseTable(b);
  for (let i = 0; i < services.capacities.exceptions; i++)
    b.scope(`exception[${i}]`, () => {
      untimedFact(b, services, table, i, () => entry(i));
      misfit(b, services, i, () => entry(i)?.misfit);
    });
}

/**
 * CAUSE(f, sp, pc, gas), or JUMP(a, f) or JUMPI(a, b, f, pc), answered by INVALID. A field that the fact does not have may be
 * anything: nobody asks with it.
 */
function untimedFact(
  b: Builder,
  services: FrameServices,
  table: CauseTable,
  i: number,
  entry: () => ExceptionEntry | undefined,
): void {
  const { facts, frames, symbols } = services;
  const place = (field: "f" | "pc"): Wire =>
    witnessBits(b, FACT_FIELDS[field].bits, field, () =>
      BigInt(entry()?.cause?.[field] ?? entry()?.badJump?.question[field] ?? 0),
    );
  const [f, pc] = [place("f"), place("pc")];
  const { isCause, sp, gas } = cause(b, { frames, symbols, table }, { f, pc }, () => entry()?.cause);
  const jump = badJump(b, { facts, frames, symbols }, f, () => entry()?.badJump);
  const { isJump, isJumpi } = jump;
  const kinds = [[1n, isCause], [1n, isJump], [1n, isJumpi]] as const; // prettier-ignore
  const active = assertBits(b, sum(b, kinds, 0n, "active"), 1, "kind.one");
  const op = sum(b, [[BigInt(Tag.CAUSE), isCause], [BigInt(OPCODE.JUMP!), isJump], [BigInt(OPCODE.JUMPI!), isJumpi]], 0n, "op"); // prettier-ignore
  const z = sum(b, [[BigInt(SystemCode.INVALID), isJump], [BigInt(SystemCode.INVALID), isJumpi]], 0n, "nowhere"); // prettier-ignore
  facts.defineKey("exceptions", i, active, { op, a: jump.a, b: jump.b, z, f, sp, pc, gas }, "fact");
}
