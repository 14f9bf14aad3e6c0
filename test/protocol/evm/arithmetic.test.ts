/** Arithmetic against an independent EVM: every opcode on edge words and random ones. */
import { createEVM } from "@ethereumjs/evm";
import { expect } from "chai";
import {
  ARITHMETIC,
  type ArithmeticOpcode,
  arithmetic,
  byteLengthOf,
} from "../../../protocol/evm/arithmetic.ts";
import { OPCODES, OPCODE } from "../../../protocol/evm/opcodes.ts";
import { Random } from "../random.ts";

const random = new Random();
const HALF = 1n << 128n;
const SIGN = 1n << 255n;
const MAX = (1n << 256n) - 1n;
const EDGES = [
  0n,
  1n,
  2n,
  31n,
  32n,
  255n,
  256n,
  HALF - 1n,
  HALF,
  HALF + 1n,
  SIGN - 1n,
  SIGN,
  SIGN + 1n,
  MAX - 1n,
  MAX,
];
const word = (): bigint => random.bits(1 + random.below(256));

const PUSH32 = "7f";
/** Pushes the operands, the first last; runs the opcode; returns the word on top. */
const codeOf = (opcode: number, stack: readonly bigint[]): Uint8Array => {
  const pushes = [...stack].reverse().map((x) => PUSH32 + x.toString(16).padStart(64, "0"));
  const tail = "600052" + "60206000f3"; // MSTORE at 0, RETURN 32 bytes
  return Buffer.from(pushes.join("") + opcode.toString(16).padStart(2, "0") + tail, "hex");
};

describe(`arithmetic of words (seed ${random.seed})`, () => {
  const names = Object.keys(ARITHMETIC) as ArithmeticOpcode[];

  for (const name of names)
    it(`${name} is that of another EVM`, async () => {
      const evm = await createEVM();
      const code = OPCODE[name]!;
      const { pops } = OPCODES[code]!;
      const pairs = EDGES.flatMap((x) => EDGES.map((y) => [x, y, random.pick(EDGES)]));
      const stacks = [...pairs, ...Array.from({ length: 40 }, () => [word(), word(), word()])];
      for (const stack of stacks) {
        const operands = stack.slice(0, pops);
        const { returnValue } = await evm.runCode({ code: codeOf(code, operands), gasLimit: 100_000n });
        const wanted = BigInt(`0x${Buffer.from(returnValue).toString("hex")}`);
        const [x, y, n] = operands;
        expect(arithmetic(code, x!, y ?? 0n, n), `${name} ${operands.join(", ")}`).to.equal(wanted);
      }
    });

  it("has no number for other opcodes", () =>
    expect(() => arithmetic(OPCODE["MLOAD"]!, 0n, 0n)).to.throw("NOT_ARITHMETIC"));

  it("counts significant bytes", () => {
    expect([0n, 1n, 255n, 256n, HALF - 1n, HALF, MAX].map(byteLengthOf)).to.deep.equal([
      0, 1, 1, 2, 16, 17, 32,
    ]);
  });
});
