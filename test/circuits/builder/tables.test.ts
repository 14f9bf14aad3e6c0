import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { RAM_ACCESS_LIMIT, ram } from "../../../circuits/builder/ram.ts";
import { rom } from "../../../circuits/builder/rom.ts";
import { witnessBits, witnessU8 } from "../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { check } from "../../../circuits/builder/check.ts";
import { expectCode } from "./expectCode.ts";

describe("tables", () => {
  it("a ROM read has the bound of the widest entry, its index the bound of the table", () => {
    const b = new Builder();
    const table = rom(b, [b.constant(3n), witnessU8(b, "x", () => 9n)], "table");
    const index = witnessU8(b, "index", () => 1n);
    expect(table.read(b, index, "value").max).to.equal(255n);
    expect(table.checkedIndex(b, index).max).to.equal(1n);
    const other = b.witness("other", () => 1n);
    expectCode(() => table.checkedIndex(b, other), {
      code: "INDEX_NOT_READ",
      where: "table",
      wire: other.index,
    });
  });

  it("an index without a bound of its own, or with one too wide, is refused: -1 is an index in the field", () => {
    const b = new Builder("shape");
    const readOnly = rom(b, [b.zero], "rom");
    const written = ram(b, [b.zero], 8, "ram");
    const [index, wide] = [b.witness("index", () => -1n), witnessBits(b, 65, "wide", () => 0n)];
    const accesses: Record<string, (at: Wire) => void> = {
      read: (at) => void readOnly.read(b, at, "read"),
      assertAt: (at) => readOnly.assertAt(b, at, b.zero, "assertAt"),
      ramRead: (at) => void written.read(b, at, "ramRead"),
      ramWrite: (at) => written.write(b, at, b.zero, "ramWrite"),
    };
    for (const [where, access] of Object.entries(accesses)) {
      expectCode(() => access(index), { code: "BOUND_UNKNOWN", where, wire: index.index });
      expectCode(() => access(wide), {
        code: "BOUND_TOO_LARGE",
        where,
        wire: wide.index,
        max: (1n << 65n) - 1n,
        bits: 64,
      });
    }
  });

  it("a RAM refuses entries and writes that are not proven to fit", () => {
    const b = new Builder("shape");
    const free = b.witness("free", () => 0n);
    expectCode(() => ram(b, [free], 8, "table"), { code: "BOUND_UNKNOWN", where: "table", wire: free.index });
    const table = ram(b, [b.zero], 8, "table");
    expectCode(() => table.write(b, b.zero, free, "write"), {
      code: "BOUND_UNKNOWN",
      where: "write",
      wire: free.index,
    });
  });

  it(`a RAM takes ${RAM_ACCESS_LIMIT} accesses, initial entries included, and not one more`, () => {
    const b = new Builder("shape");
    const table = ram(b, [b.zero, b.zero], 8, "table");
    for (let i = 2; i < RAM_ACCESS_LIMIT; i++) table.read(b, b.zero, "read");
    expectCode(() => table.read(b, b.zero, "one more"), {
      code: "RAM_ACCESS_LIMIT",
      where: "one more",
      accesses: RAM_ACCESS_LIMIT + 1,
      limit: RAM_ACCESS_LIMIT,
    });
  });

  it("a ROM has no such limit", () => {
    const b = new Builder("shape");
    const table = rom(b, [b.zero, b.one], "table");
    for (let i = 0; i < RAM_ACCESS_LIMIT + 10; i++) table.read(b, b.one, "read");
  });

  it("an index out of range does not stop the builder: check names the access", () => {
    const b = new Builder();
    rom(b, [b.zero], "table").read(b, b.constant(7n), "read");
    const { circuit, witness } = b.finish();
    expect(check(circuit, witness).broken.map(({ name }) => name)).to.deep.equal(["read"]);
  });

  it("an empty table is refused", () => {
    const b = new Builder();
    expectCode(() => rom(b, [], "table"), { code: "EMPTY_TABLE", where: "table" });
    expectCode(() => ram(b, [], 8, "table"), { code: "EMPTY_TABLE", where: "table" });
  });
});
