import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { Builder, type Mode } from "../../../circuits/builder/builder.ts";
import { circuitDigest, emitAcir, emitProgram } from "../../../circuits/builder/emit.ts";
import { emitWitness } from "../../../circuits/builder/emitWitness.ts";
import { mul } from "../../../circuits/builder/arithmetic.ts";
import { MsgpackWriter } from "../../../circuits/builder/msgpack.ts";
import { witnessU8 } from "../../../circuits/builder/ranges.ts";
import { OPCODE_KINDS } from "./opcodeKinds.ts";
import { expectCode } from "./expectCode.ts";

const buildAll = (mode: Mode) => {
  const b = new Builder(mode);
  for (const kind of OPCODE_KINDS) kind.build(b);
  return b.finish();
};

describe("program file", () => {
  it("has the same digest whether or not there is a witness", () => {
    const [shape, prove] = [buildAll("shape"), buildAll("prove")];
    expect(circuitDigest(shape.circuit)).to.equal(circuitDigest(prove.circuit));
    expect(shape.witness).to.have.length(0);
    expect(prove.witness).to.have.length(prove.circuit.wireCount);
  });

  it("changes its digest with a constant, a wire, a public input", () => {
    const digest = (body: (b: Builder) => void) => {
      const b = new Builder("shape");
      body(b);
      return circuitDigest(b.finish().circuit);
    };
    const x = (b: Builder) => witnessU8(b, "x", () => 1n);
    const digests = [
      digest((b) => mul(b, x(b), b.one, "y")),
      digest((b) => mul(b, x(b), b.constant(2n), "y")),
      digest((b) => mul(b, b.one, x(b), "y")),
      digest((b) => b.publicInput(mul(b, x(b), b.one, "y"), "y")),
    ];
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("is the JSON of the gzipped ACIR with its digest", () => {
    const { circuit } = buildAll("shape");
    const file = JSON.parse(Buffer.from(emitProgram(circuit)).toString()) as {
      hash: string;
      bytecode: string;
    };
    expect(file.hash).to.equal(circuitDigest(circuit));
    expect(gunzipSync(Buffer.from(file.bytecode, "base64"))).to.deep.equal(Buffer.from(emitAcir(circuit)));
  });
});

describe("witness file", () => {
  it("lists every wire with its 32 bytes", () => {
    const values = [5n, (1n << 200n) + 9n, 0n, (1n << 53n) + 1n, (1n << 53n) - 1n];
    const bytes = gunzipSync(emitWitness(values));
    expect(bytes.subarray(0, 10).toString("hex")).to.equal("0391919200df00000005");
    values.forEach((value, i) => {
      const entry = bytes.subarray(10 + 35 * i, 45 + 35 * i);
      expect(entry.subarray(0, 3).toString("hex")).to.equal(`${i.toString(16).padStart(2, "0")}c420`);
      expect(BigInt(`0x${entry.subarray(3).toString("hex")}`)).to.equal(value);
    });
  });
});

describe("MessagePack", () => {
  it("takes the shortest form of every size", () => {
    const hex = (write: (out: MsgpackWriter) => void) => {
      const out = new MsgpackWriter(1);
      write(out);
      return Buffer.from(out.bytes).toString("hex");
    };
    const uints = [0, 127, 128, 255, 256, 65_535, 65_536, 4_294_967_295];
    expect(uints.map((n) => hex((o) => o.uint(n)))).to.deep.equal(
      ["00", "7f", "cc80", "ccff", "cd0100", "cdffff", "ce00010000", "ceffffffff"], // prettier-ignore
    );
    const lengths = [0, 15, 16, 65_535, 65_536];
    expect(lengths.map((n) => hex((o) => o.array(n)))).to.deep.equal([
      "90",
      "9f",
      "dc0010",
      "dcffff",
      "dd00010000",
    ]);
    expect(hex((o) => o.text("ab"))).to.equal("a26162");
    expect(hex((o) => o.text("x".repeat(32)))).to.equal(`d920${"78".repeat(32)}`);
  });
});

describe("builder", () => {
  it("gives values to witness functions only", () => {
    const b = new Builder();
    const x = b.witness("x", () => 7n);
    expectCode(() => b.value(x), { code: "VALUE_OUTSIDE_WITNESS", where: "value", wire: x.index });
    b.witness("y", () => b.value(x) + 1n);
  });

  it("never runs witness functions in mode shape", () => {
    const b = new Builder("shape");
    b.witness("x", () => expect.fail("ran"));
    b.witnesses("xs", 2, () => expect.fail("ran"));
  });

  it("accepts nothing after finish", () => {
    const b = new Builder();
    b.finish();
    expectCode(() => b.witness("x", () => 0n), { code: "BUILDER_FINISHED", where: "x" });
    expectCode(() => b.assertZero([], [], 0n, "c"), { code: "BUILDER_FINISHED", where: "c" });
  });
});
