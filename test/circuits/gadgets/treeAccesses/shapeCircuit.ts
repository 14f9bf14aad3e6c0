/** The circuit of a shape, without a witness: for lints and sizes. */
import { expect } from "chai";
import { Builder } from "../../../../circuits/builder/builder.ts";
import type { Circuit } from "../../../../circuits/builder/circuit.ts";
import { witnessBool, witnessU16 } from "../../../../circuits/builder/ranges.ts";
import { TreeAccesses } from "../../../../circuits/gadgets/treeAccesses/treeAccesses.ts";
import type { TreeAccessPlan } from "../../../../protocol/state/treeAccessPlan.ts";
import type { TreeAccessShape } from "../../../../protocol/state/treeAccessShape.ts";

export function shapeCircuit(shape: TreeAccessShape, touched: number): Circuit {
  const b = new Builder("shape");
  const field = (name: string) => b.witness(name, () => 0n);
  const flag = (name: string) => witnessBool(b, name, () => 0n);
  const unplanned = (): TreeAccessPlan => expect.fail();
  const accesses = new TreeAccesses(
    b,
    { root: field("root"), leafCount: field("count") },
    shape,
    unplanned,
    "tree",
  );
  for (let i = 0; i < touched; i++)
    b.scope(`leaf[${i}]`, () => {
      const fields = { key: field("key"), before: field("before"), after: field("after") };
      const flags = { active: flag("active"), present: flag("present"), isChanged: flag("isChanged") };
      const inserted = { isInserted: flag("isInserted"), birth: witnessU16(b, "birth", () => 0n) };
      accesses.access(b, { ...fields, ...flags, ...inserted }, "claim");
    });
  accesses.finish(b);
  return b.finish().circuit;
}
