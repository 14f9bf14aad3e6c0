import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { keyRom } from "../../../circuits/builder/rom.ts";
import { type Key, layFields, pack } from "../../../circuits/builder/pack.ts";
import { witnessU16, witnessU8 } from "../../../circuits/builder/ranges.ts";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { expectCode } from "./expectCode.ts";

describe("pack", () => {
  it("refuses a field without a bound", () => {
    const b = new Builder("shape");
    const wire = b.witness("free", () => 0n);
    const attempt = () => b.scope("row", () => pack(b, layFields([{ wire, bits: 20 }]), "key"));
    expectCode(attempt, { code: "BOUND_UNKNOWN", where: "row.key", wire: wire.index });
  });

  it("refuses a field wider than its place", () => {
    const b = new Builder("shape");
    const wire = witnessU16(b, "x", () => 0n);
    const attempt = () => pack(b, [{ wire, at: 0, bits: 15 }], "key");
    expectCode(attempt, { code: "BOUND_TOO_LARGE", where: "key", wire: wire.index, max: 65_535n, bits: 15 });
  });

  it("refuses overlapping fields and an overlapping constant", () => {
    const b = new Builder("shape");
    const wire = witnessU8(b, "x", () => 0n);
    const two = () => pack(b, [{ wire, at: 0, bits: 8 }, { wire, at: 7, bits: 8 }], "key"); // prettier-ignore
    expectCode(two, { code: "FIELDS_OVERLAP", where: "key", at: 7, previousEnd: 8 });
    expectCode(() => pack(b, [{ wire, at: 4, bits: 8 }], "key", 16n), {
      code: "FIELDS_OVERLAP",
      where: "key",
      at: 4,
      previousEnd: 12,
    });
  });

  it("refuses keys that could wrap", () => {
    const b = new Builder("shape");
    const wire = witnessU8(b, "x", () => 0n);
    const attempt = () => pack(b, [{ wire, at: 246, bits: 8 }], "key");
    expectCode(attempt, { code: "KEY_TOO_WIDE", where: "key", bits: 254, limit: 253 });
  });

  it("makes keys the bounds lint proves; a key made by a cast does not pass it", () => {
    const b = new Builder("shape");
    const honest = pack(b, layFields([{ wire: witnessU8(b, "x", () => 1n), bits: 8 }]), "key");
    const table = keyRom(b, [honest], "table");
    table.assertAt(b, b.zero, b.witness("forged", () => 0n) as Key, "lookup");
    const { faults, packs } = lintBounds(b.finish().circuit);
    expect(packs).to.equal(1);
    expect(faults.map(({ problem, where }) => `${problem} ${where}`)).to.deep.equal([
      "KEY_NOT_PACKED lookup",
    ]);
  });
});
