import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { keyRom } from "../../../circuits/builder/rom.ts";
import { type Key, layFields, pack } from "../../../circuits/builder/pack.ts";
import { check } from "../../../circuits/builder/check.ts";
import { witnessBool, witnessU16, witnessU8 } from "../../../circuits/builder/ranges.ts";
import type { Bool, Wire } from "../../../circuits/builder/wire.ts";
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

  it("packs a field under a condition, and a multiple", () => {
    const b = new Builder();
    const [x, on, off] = [witnessU8(b, "x", () => 200n), witnessBool(b, "on", () => 1n), witnessBool(b, "off", () => 0n)]; // prettier-ignore
    const key = pack(b, [{ wire: x, at: 0, bits: 8, condition: on }, { wire: x, at: 8, bits: 8, condition: off }, { wire: on, at: 16, bits: 8, times: 77n }], "key"); // prettier-ignore
    const { circuit, witness } = b.finish();
    expect(witness[key.index]).to.equal(200n + 77n * 2n ** 16n);
    expect(check(circuit, witness).broken).to.deep.equal([]);
    expect(lintBounds(circuit).faults).to.deep.equal([]);
  });

  it("refuses a condition that is no boolean, and a multiple that does not fit", () => {
    const b = new Builder("shape");
    const [x, wide] = [witnessU8(b, "x", () => 0n), witnessU16(b, "wide", () => 0n)];
    const conditional = () => pack(b, [{ wire: x, at: 0, bits: 8, condition: wide as Wire as Bool }], "key"); // prettier-ignore
    expectCode(conditional, { code: "BOUND_TOO_LARGE", where: "key", wire: wide.index, max: 65_535n, bits: 1 }); // prettier-ignore
    const multiple = () => pack(b, [{ wire: x, at: 0, bits: 8, times: 2n }], "key");
    expectCode(multiple, { code: "BOUND_TOO_LARGE", where: "key", wire: x.index, max: 510n, bits: 8 });
  });

  it("records a condition that the lint proves: one made by a cast does not pass it", () => {
    const b = new Builder("shape");
    const x = witnessU8(b, "x", () => 0n);
    const free = b.witness("free", () => 0n);
    pack(b, [{ wire: x, at: 0, bits: 8, condition: { index: free.index, max: 1n } as Bool }], "key");
    const { faults } = lintBounds(b.finish().circuit);
    expect(faults.map(({ problem, where }) => `${problem} ${where}`)).to.deep.equal([
      "CLAIM_NOT_PROVEN free",
      "KEY_FIELD_NOT_PROVEN key",
    ]);
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
