import { expect } from "chai";
import { assertEqual, isEqual, isZero, mul, mux, sum } from "../../../circuits/builder/arithmetic.ts";
import { all, and, any, not, or, xorBool } from "../../../circuits/builder/bool.ts";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import { assertAtMost, isLess, toBits } from "../../../circuits/builder/compare.ts";
import { inferBounds } from "../../../circuits/builder/inferBounds.ts";
import { layFields, pack } from "../../../circuits/builder/pack.ts";
import { ram } from "../../../circuits/builder/ram.ts";
import { assertBits, witnessBool, witnessU32, witnessU8 } from "../../../circuits/builder/ranges.ts";
import { rom } from "../../../circuits/builder/rom.ts";
import { lintUsage } from "../../../circuits/builder/usageLint.ts";
import type { U8, Wire } from "../../../circuits/builder/wire.ts";
import { OPCODE_KINDS } from "./opcodeKinds.ts";

const faultsOf = (b: Builder) =>
  lintBounds(b.finish().circuit).faults.map(({ problem, where }) => `${problem} ${where}`);

describe("bounds lint", () => {
  it("proves every bound the builder gives", () => {
    const b = new Builder("shape");
    for (const kind of OPCODE_KINDS) kind.build(b);
    const [x, y] = [witnessBool(b, "x", () => 0n), witnessBool(b, "y", () => 0n)];
    const bools = [and(b, x, y, "and"), or(b, x, y, "or"), xorBool(b, x, y, "xor"), not(b, x, "not")];
    bools.push(
      all(b, bools, "all"),
      any(b, bools, "any"),
      isZero(b, x, "isZero"),
      isEqual(b, x, y, "isEqual"),
    );
    const [u, v] = [witnessU32(b, "u", () => 0n), witnessU8(b, "v", () => 0n)];
    bools.push(isLess(b, u, v, 32, "less"), ...toBits(b, v, 8, "bits"));
    const small: Wire[] = [mux(b, x, u, v, "mux"), sum(b, [[3n, u], [5n, v]], 7n, "sum"), mul(b, u, v, "mul")]; // prettier-ignore
    const table = ram(b, [u, v], 32, "ram");
    table.write(b, x, u, "write");
    small.push(table.read(b, x, "read"), rom(b, [u, v], "rom").read(b, y, "romRead"));
    assertAtMost(b, v, u, 32, "ordered");
    const fields = [
      ...bools.map((wire) => ({ wire, bits: 1 })),
      ...small.map((wire) => ({ wire, bits: 41 })),
    ];
    pack(b, layFields(fields), "key");
    expect(faultsOf(b)).to.deep.equal([]);
  });

  it("finds a type that was cast and not proven", () => {
    const b = new Builder("shape");
    const free = b.witness("free", () => 0n);
    const cast = { index: free.index, max: 255n } as U8;
    pack(b, [{ wire: cast, at: 0, bits: 8 }], "key");
    expect(faultsOf(b)).to.deep.equal(["CLAIM_NOT_PROVEN free", "KEY_FIELD_NOT_PROVEN key"]);
  });

  it("finds a RAM value that was cast", () => {
    const b = new Builder("shape");
    const free = b.witness("free", () => 0n);
    ram(b, [b.zero], 8, "table").write(b, b.zero, { index: free.index, max: 255n }, "write");
    expect(faultsOf(b)).to.deep.equal(["CLAIM_NOT_PROVEN free", "RAM_VALUE_NOT_PROVEN write"]);
  });

  it("finds an index that nothing but its table bounds", () => {
    const b = new Builder("shape");
    const [free, other] = [b.witness("free", () => 0n), witnessU8(b, "other", () => 0n)];
    const table = rom(b, [b.zero, b.one], "table");
    table.read(b, other, "good");
    table.read(b, { index: free.index, max: 255n }, "read");
    expect(inferBounds(b.circuit)[other.index], "with a bound, the table's is believed").to.equal(1n);
    expect(inferBounds(b.circuit)[free.index]).to.equal(undefined);
    expect(faultsOf(b)).to.deep.equal(["CLAIM_NOT_PROVEN free", "INDEX_NOT_PROVEN read"]);
  });

  it("finds a key whose sum is not the recorded one", () => {
    const b = new Builder("shape");
    const x = witnessU8(b, "x", () => 0n);
    const key = b.witness("key", () => 0n);
    const fields = [{ wire: x.index, at: 0, bits: 8 }];
    b.recordPack({ key: key.index, where: "key", fields, constant: 0n });
    expect(faultsOf(b)).to.deep.equal(["KEY_NOT_CONSTRAINED key"]);
  });

  it("does not take x * i + z = 1 alone for a boolean", () => {
    const b = new Builder("shape");
    const [x, i, z] = b.witnesses("w", 3, () => []) as [Wire, Wire, Wire];
    b.assertZero([[1n, x, i]], [[1n, z]], -1n, "half");
    expect(inferBounds(b.circuit)[z.index]).to.equal(undefined);
    b.assertZero([[1n, x, z]], [], 0n, "other half");
    expect(inferBounds(b.circuit)[z.index]).to.equal(1n);
  });

  it("is not fooled by constraints whose coefficient is zero", () => {
    const b = new Builder("shape");
    const [x, i, z] = b.witnesses("w", 3, () => []) as [Wire, Wire, Wire];
    b.assertZero([[1n, x, i]], [[1n, z]], -1n, "half");
    b.assertZero([[0n, x, z]], [], 0n, "says nothing");
    b.assertZero([[0n, i, i]], [[0n, i]], 0n, "says nothing");
    expect(inferBounds(b.circuit).filter((max) => max !== undefined)).to.deep.equal([]);
  });

  it("does not bound a difference or a sum that may wrap", () => {
    const b = new Builder("shape");
    const [x, y] = [witnessU8(b, "x", () => 0n), witnessU8(b, "y", () => 0n)];
    const difference = sum(b, [[1n, x], [-1n, y]], 0n, "difference"); // prettier-ignore
    const big = sum(b, [[1n << 250n, x]], 0n, "big");
    const bounds = inferBounds(b.circuit);
    expect(bounds[difference.index]).to.equal(undefined);
    expect(bounds[big.index]).to.equal(undefined);
  });
});

describe("usage lint", () => {
  it("finds wires no constraint mentions and wires that are only range-checked", () => {
    const b = new Builder("shape");
    b.scope("tx[3]", () => {
      b.witness("forgotten", () => 0n);
      witnessU8(b, "loose", () => 0n);
      const x = witnessU8(b, "x", () => 0n);
      assertEqual(b, x, mul(b, x, x, "square"), "x is 0 or 1");
    });
    expect(lintUsage(b.finish().circuit).faults).to.deep.equal([
      { problem: "UNCONSTRAINED", wire: "tx[3].forgotten" },
      { problem: "UNTIED", wire: "tx[3].loose", constraint: "tx[3].loose" },
    ]);
  });

  it("finds results used nowhere, and takes exceptions that say why", () => {
    const b = new Builder("shape");
    const x = witnessU8(b, "x", () => 0n);
    mul(b, x, x, "result[0]");
    b.publicInput(x, "x");
    const { circuit } = b.finish();
    expect(lintUsage(circuit).faults).to.deep.equal([
      { problem: "USED_ONCE", wire: "result[0]", constraint: "result[0]" },
    ]);
    const exception = { name: /^result\[\]$/, because: "a test" };
    const unused = { name: /^nothing$/, because: "a test" };
    expect(lintUsage(circuit, [exception, unused])).to.deep.equal({ faults: [], unusedExceptions: [unused] });
  });

  it("excuses an inverse and a remainder only where the builder makes them", () => {
    const b = new Builder("shape");
    const x = witnessU8(b, "x", () => 0n);
    b.publicInput(isZero(b, x, "isZero"), "isZero");
    b.publicInput(isLess(b, x, b.one, 8, "isLess"), "isLess");
    mul(b, x, x, "value.inverse");
    mul(b, x, x, "balance.low");
    expect(lintUsage(b.finish().circuit).faults.map(({ wire }) => wire)).to.deep.equal([
      "value.inverse",
      "balance.low",
    ]);
  });

  it("counts a public input and a range check of an output as uses", () => {
    const b = new Builder("shape");
    const x = assertBits(
      b,
      b.witness("x", () => 0n),
      8,
      "x",
    );
    b.publicInput(mul(b, x, x, "square"), "square");
    expect(lintUsage(b.finish().circuit).faults).to.deep.equal([
      { problem: "USED_ONCE", wire: "x", constraint: "square" },
    ]);
  });
});
