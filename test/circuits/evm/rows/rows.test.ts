/** Rows: what a row does is its instruction's entry; what takes the place of code is proven to; where the limits are. */
import { expect } from "chai";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Profile } from "../../../../protocol/evm/capacities.ts";
import { CONTRACT } from "../execution/contracts.ts";
import { assemble, chunkOf } from "../execution/demoChain.ts";
import { type Attempt, attempt, fitting } from "../execution/prove.ts";
import type { Lie } from "../../gadgets/lyingBuilder.ts";

const MASK = ["PUSH1", 1, "PUSH1", 1, "PUSH1", 160, "SHL", "SUB"] as const;
/** A mask that is called, and one that is data of a PUSH, at bytes 0 and 1; a jump over an INVALID. */
const CODE = assemble("PUSH8", ...assemble(...MASK), "PUSH1", 3, "SWAP1", "DUP2", "ADD", ...MASK, "AND", "PUSH1", 27, "JUMP", 0xfe, "JUMPDEST", "SSTORE", "STOP"); // prettier-ignore
/** Rows of the transaction: BEGIN, PUSH8, PUSH1, then these. */
const ROW = { swap: 3, dup: 4, add: 5, mask: 6, jump: 9, leave: 12 } as const;

interface Given {
  readonly profile: Profile;
  readonly input: ChunkInput;
}

async function given(code: Uint8Array, gasLimit = 100_000n): Promise<Given> {
  const input = await chunkOf([{ transactions: [{ from: 0, to: CONTRACT, gasLimit }] }], {
    contracts: { [CONTRACT]: code },
  });
  return { input, profile: fitting(input, { stack: 1_100, codeRows: 2 + Math.ceil(code.length / 84) }) };
}

const attempts = ({ profile, input }: Given, wires: Readonly<Record<string, Lie>> = {}): Attempt =>
  attempt(profile, input, { wires });

const plus = (n: bigint) => (honest: bigint) => honest + n;
const other = (bit: bigint): bigint => 1n - bit;

/** What the machine did: the rows it took, and the halt of the transaction's frame. */
const did = ({ plan }: Attempt): { substitutes: readonly number[]; reason: string } => {
  const { machine, blocks } = plan.chunk;
  return { substitutes: [...machine.substitutes.values()], reason: blocks[0]!.frames[0]!.outcome.reason };
};

describe("EVM: rows", function () {
  this.timeout(120_000);
  let run: Given;
  before(async () => {
    run = await given(CODE);
  });

  it("are proven: a mask is one row, and so is a jump with its JUMPDEST", () => {
    const honest = attempts(run);
    expect(honest.broken).to.deep.equal([]);
    expect(did(honest)).to.deep.equal({ substitutes: [Tag.PUSH_MASK], reason: "STOP" });
    expect([...honest.plan.chunk.machine.substitutes.keys()]).to.deep.equal([ROW.mask]);
  });

  describe("what a row does otherwise than its entry breaks the line of its instruction", () => {
    const changed = ["stack.spare", "stack.to", "sp", "stack.room", "stack.from", "pc", "gas"];
    for (const name of ["swap", "dup", "mask", "leave"] as const)
      it(`${name}: ${changed.join(", ")}`, () => {
        const t = ROW[name];
        for (const wire of changed)
          expect(attempts(run, { [`rows.row[${t}].${wire}`]: plus(1n) }).broken, wire).to.include(`rows.row[${t}].instruction`); // prettier-ignore
      });

    const flags = ["asksOperands", "asksPc", "asksFrame", "asksTime", "pushesAnswer", "pushesX", "jumps", "changesFrame", "clearsStack", "isSymbol"]; // prettier-ignore
    for (const flag of flags)
      it(`a flag: ${flag}`, () => {
        for (const t of [ROW.swap, ROW.add, ROW.jump, ROW.leave])
          expect(attempts(run, { [`rows.row[${t}].${flag}`]: other }).broken).to.include(`rows.row[${t}].instruction`); // prettier-ignore
      });
  });

  /** Row t + 1 executes `op` in place of what the code holds. */
  const replaced = (t: number, op: number): Readonly<Record<string, Lie>> => ({
    [`rows.row[${t}].op`]: BigInt(op),
    [`rows.row[${t}].replaces`]: 1n,
    [`rows.row[${t}].isSymbol`]: 0n,
  });

  const lies: readonly (readonly [string, Readonly<Record<string, Lie>>, string])[] = [
    ["another opcode than the code's", { "rows.row[4].op": BigInt(OPCODE.MUL!) }, "rows.row[4].instruction"],
    ["an opcode in place of the code's", replaced(4, OPCODE.MUL!), "rows.row[5].instruction"],
    ["EXCEPTION as if the code held it", { "rows.row[4].op": BigInt(Tag.EXCEPTION) }, "rows.row[4].instruction"],
    ["EXCEPTION without a cause", replaced(4, Tag.EXCEPTION), "rows.row[5].fact"],
    ["a mask where the code has none", replaced(4, Tag.PUSH_MASK), "rows.row[5].fact"],
    ["the same by the mask's entry", { "pushedMask[0].pc": plus(2n) }, "pushedMask[0].symbol[2].isOpcode"],
    ["a mask that is data", { "pushedMask[0].pc": plus(-14n) }, "pushedMask[0].symbol[0].isOpcode"],
    ["a mask of another number", { "pushedMask[0].shift.z": plus(1n) }, "pushedMask[0].shift"],
    ["another instruction where one continues", replaced(11, Tag.EXCEPTION), "rows.row[11].instruction"],
    ["a jump that does not pay its JUMPDEST", { [`rows.row[${ROW.jump}].fact.y`]: 0n }, `rows.row[${ROW.jump}].fact`],
    ["a jump past an instruction", { "jump[0].from": plus(1n) }, "jump[0].target.isPosition"],
  ]; // prettier-ignore
  for (const [name, wires, constraint] of lies)
    it(`refuses ${name}`, () => expect(attempts(run, wires).broken).to.include(constraint));

  describe("limits", () => {
    const pushes = (count: number): Uint8Array => assemble(...Array.from({ length: count }, () => "PUSH0"), ...MASK, "STOP"); // prettier-ignore

    it("a mask on a stack that has just room for its five opcodes", async () => {
      const honest = attempts(await given(pushes(1021)));
      expect(honest.broken).to.deep.equal([]);
      expect(did(honest)).to.deep.equal({ substitutes: [Tag.PUSH_MASK], reason: "STOP" });
    });

    it("on one word more the third PUSH1 overflows", async () => {
      const honest = attempts(await given(pushes(1022)));
      expect(honest.broken).to.deep.equal([]);
      expect(did(honest)).to.deep.equal({ substitutes: [Tag.EXCEPTION], reason: "STACK_OVERFLOW" });
    });

    const jump = assemble("PUSH1", 3, "JUMP", "JUMPDEST", "STOP");
    const outcomes = { 21_010: "OUT_OF_GAS", 21_011: "OUT_OF_GAS", 21_012: "STOP" } as const;
    for (const [gas, reason] of Object.entries(outcomes))
      it(`a jump with ${gas} gas: ${reason}`, async () => {
        const honest = attempts(await given(jump, BigInt(gas)));
        expect(honest.broken).to.deep.equal([]);
        expect(did(honest).reason).to.equal(reason);
      });

    for (const [at, name] of ["PUSH1", "PUSH1", "PUSH1", "SHL", "SUB"].entries())
      it(`gas that ends within a mask, at its ${name} ${at}`, async () => {
        const honest = attempts(await given(assemble(...MASK, "STOP"), 21_000n + 3n * BigInt(at) + 2n));
        expect(honest.broken).to.deep.equal([]);
        expect(did(honest)).to.deep.equal({ substitutes: [Tag.EXCEPTION], reason: "OUT_OF_GAS" });
      });
  });
});
