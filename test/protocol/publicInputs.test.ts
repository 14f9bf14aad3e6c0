import { expect } from "chai";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import type { Statement } from "../../protocol/publicInputs.ts";
import {
  epochFromFields,
  epochNodeFromFields,
  epochNodeToFields,
  epochToFields,
  STATEMENT_INPUTS,
  statementFromFields,
  statementHash,
  statementToFields,
} from "../../protocol/publicInputs.ts";
import { expectError } from "./expectError.ts";
import { Random } from "./random.ts";

describe("protocol/publicInputs", () => {
  const random = new Random();
  const tip = () => ({
    ...{ stateRoot: random.field(), dataHash: random.field(), blockNumber: random.bits(64) },
    ...{ timestamp: random.bits(64), baseFee: random.bits(64), gasUsed: random.bits(64) },
  });
  const statement: Statement = {
    chainId: random.bits(53),
    prev: tip(),
    next: tip(),
    gasLimit: random.bits(64),
    selfKeyHash: random.field(),
  };

  it(`reads back what it writes, each value where its name says (seed ${random.seed})`, () => {
    const fields = statementToFields(statement);
    expect(fields).to.have.length(15);
    expect(statementFromFields(fields)).to.deep.equal(statement);
    STATEMENT_INPUTS.forEach((name, i) => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const value = name.split(".").reduce((object: any, part) => object[part], statement);
      expect(fields[i], name).to.equal(value);
    });
    const node = { settlementIn: 1n, settlementOut: 2n, batchCount: 3n, selfKeyHash: 4n };
    expect(epochNodeToFields(node)).to.deep.equal([1n, 2n, 3n, 4n, ...Array<bigint>(11).fill(0n)]);
    expect(epochNodeFromFields(epochNodeToFields(node))).to.deep.equal(node);
    const epoch = { context: 9n, settlementIn: 1n, settlementOut: 2n, batchCount: 3n };
    expect(epochToFields(epoch)).to.deep.equal([9n, 1n, 2n, 3n]);
    expect(epochFromFields(epochToFields(epoch))).to.deep.equal(epoch);
  });

  it("hashes every input but the prover's own key", () => {
    const fields = statementToFields(statement);
    const hashes = fields.map((_, i) => statementHash(statementFromFields(fields.with(i, 12345n))));
    const original = statementHash(statement);
    expect(hashes.map((hash) => hash === original)).to.deep.equal([...Array<boolean>(14).fill(false), true]);
  });

  it("I-BLOCK-04: refuses wrong counts, padding, widths and elements that are not reduced", () => {
    const fields = statementToFields(statement);
    expectError(() => statementFromFields(fields.slice(1)), {
      code: "PUBLIC_INPUT_COUNT",
      expected: 15,
      actual: 14,
    });
    expectError(() => epochFromFields(fields), { code: "PUBLIC_INPUT_COUNT", expected: 4, actual: 15 });
    for (const i of [0, 3, 4, 5, 6, 9, 10, 11, 12, 13])
      expectError(() => statementFromFields(fields.with(i, 1n << 64n)), {
        code: "INTEGER_OUT_OF_RANGE",
        bits: 64,
      });
    expectError(() => statementFromFields(fields.with(1, FIELD_MODULUS)), { code: "FIELD_OUT_OF_RANGE" });
    const padded = epochNodeToFields({
      settlementIn: 1n,
      settlementOut: 2n,
      batchCount: 3n,
      selfKeyHash: 4n,
    });
    expectError(() => epochNodeFromFields(padded.with(14, 1n)), {
      code: "PUBLIC_INPUT_PADDING",
      index: 14,
      actual: 1n,
    });
  });
});
