/** The cheating prover: a planner that claims what is not so, and wires that take other values. Each breaks a named constraint. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { type Cause, CAUSES } from "../../../../protocol/evm/plan/frames/causes.ts";
import { PENALTY } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { call, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

const [B, C] = [0xbbbbn, 0xccccn];

function world(callee: Uint8Array, lie?: World["lie"]): World {
  const caller = program(call({ to: B, value: 5, output: [3, 16] }), "POP", "STOP");
  const contracts = new Map([[RECIPIENT, caller], [B, callee], [C, program("STOP")]]); // prettier-ignore
  return { contracts, balances: new Map([[RECIPIENT, 1000n]]), ...(lie && { lie }) };
}

function firstBroken(run: PlannedRun): string | undefined {
  const { circuit, witness } = buildRun(run);
  return check(circuit, witness).broken[0]?.name;
}

/** A lie about the first step of the callee (frame 2). */
const atCallee =
  (op: number | undefined, lie: (run: PlannedRun) => boolean): NonNullable<World["lie"]> =>
  (run, step) =>
    step.frame === 1 && (op === undefined || step.opcode === op) && lie(run);

describe("frames: lies of the planner", () => {
  const falseCauses: Readonly<Record<Cause, string>> = {
    gas: "exception[0].cause.isMet",
    underflow: "exception[0].cause.isMet",
    overflow: "exception[0].cause.isMet",
    sentry: "exception[0].cause.isMet",
    invalid: "exception[0].invalid.isNoInstruction",
    static: "exception[0].static.isWrite",
  };
  for (const cause of CAUSES)
    it(`a halt whose cause is not ${cause}`, () => {
      const lie = atCallee(undefined, (run) => {
        run.frames.exception(cause);
        return true;
      });
      expect(firstBroken(new PlannedRun(world(program(1, 1, "SSTORE", "STOP"), lie)))).to.equal(
        falseCauses[cause],
      );
    });

  it("SSTORE halts in a frame that is not static, or with gas to spare", () => {
    for (const [cause, name] of [
      ["static", "exception[0].static.isStaticFrame"],
      ["sentry", "exception[0].cause.isMet"],
    ] as const) {
      // prettier-ignore
      const lie = atCallee(OPCODE.SSTORE, (run) => {
        run.frames.exception(cause);
        return true;
      });
      expect(firstBroken(new PlannedRun(world(program(1, 1, "SSTORE", "STOP"), lie)))).to.equal(name);
    }
  });

  it("a halt without any cause", () => {
    const lie = atCallee(undefined, (run) => {
      run.frames.exception("gas");
      run.frames.exceptions.length = 0;
      return true;
    });
    expect(firstBroken(new PlannedRun(world(program(1, "POP", "STOP"), lie)))).to.equal("frame[2].end.cause");
  });

  it("a jump to a JUMPDEST goes nowhere", () => {
    const lie = atCallee(OPCODE.JUMP, (run) => {
      const question = run.machine.question(OPCODE.JUMP!);
      const answer = { z: SystemCode.INVALID };
      run.book.key("exceptions", run.frames.exceptionEntry({ badJump: { question } }), {
        ...question,
        ...answer,
      });
      run.machine.step(OPCODE.JUMP!, answer);
      run.frames.exception("invalid");
      return true;
    });
    const callee = program(3, "JUMP", "JUMPDEST", "STOP");
    expect(firstBroken(new PlannedRun(world(callee, lie)))).to.equal(
      "exception[0].badJump.target.isNoJumpdest",
    );
  });

  it("memory that can be paid is called too dear", () => {
    const lie = atCallee(OPCODE.MSTORE, (run) => {
      const { machine, memory, book, frames } = run;
      const question = machine.question(OPCODE.MSTORE!);
      memory.bus.write(machine.t, Sub.SIZE, frames.column("memoryBase", machine.frame), 0);
      const entry = frames.exceptionEntry({ misfit: { op: OPCODE.MSTORE!, questions: [question] } });
      book.key("exceptions", entry, { ...question, y: PENALTY }, 1);
      machine.step(OPCODE.MSTORE!, { y: PENALTY });
      frames.exception("gas");
      return true;
    });
    const callee = program(1, 0, "MSTORE", "STOP");
    expect(firstBroken(new PlannedRun(world(callee, lie)))).to.equal("exception[0].misfit.cannotBeExecuted");
  });

  for (const [name, op] of [
    ["STOP", OPCODE.STOP!],
    ["FAIL", Tag.FAIL],
  ] as const)
    // prettier-ignore
    it(`${name} where the code says otherwise`, () => {
      const lie = atCallee(undefined, (run) => {
        run.frames.end(op);
        return true;
      });
      const broken = firstBroken(new PlannedRun(world(program(1, 1, "SSTORE", "STOP"), lie)));
      expect(broken).to.match(/^rows\.row\[\d+\]\.fact$/);
    });

  it("REVERT ends as RETURN does", () => {
    const lie = atCallee(OPCODE.REVERT, (run) => {
      run.frames.end(OPCODE.RETURN!);
      return true;
    });
    const broken = firstBroken(new PlannedRun(world(program(1, 1, "SSTORE", 0, 0, "REVERT"), lie)));
    expect(broken).to.match(/^rows\.row\[\d+\]\.fact$/);
  });
});

describe("frames: lies in wires", () => {
  const callee = program(1, 1, "SSTORE", 5, 0, "MSTORE", 64, 0, "REVERT");
  const run = new PlannedRun(world(callee));

  /** The constraints broken by values that everything after is filled from. */
  function brokenWith(lies: ConstructorParameters<typeof LyingBuilder>[0]): string[] {
    const liar = new LyingBuilder(lies);
    const { circuit, witness } = buildRun(run, liar);
    expect([...liar.told]).to.have.members(Object.keys(lies));
    return check(circuit, witness, 200).broken.map(({ name }) => name);
  }

  const start = "frame[2].start";
  const end = "frame[2].end";
  const more = (value: bigint): bigint => value + 1n;
  const lies: readonly (readonly [string, Parameters<typeof brokenWith>[0], string | RegExp])[] = [
    ["another caller", { [`${start}.callerOfCallee`]: more }, `${start}.callerOfCallee`],
    ["another value", { [`${start}.a[1]`]: more }, /^rows\.row\[\d+\]\.fact$|^frame\[2\]/],
    ["another value for CALLVALUE alone", { [`${start}.valueOfCallee`]: more }, `${start}.valueOfCallee`],
    ["another address", { [`${start}.target.id`]: more }, `${start}.target.id.lo`],
    ["a transfer that is skipped", { [`${start}.transfer.happens`]: 0n }, `${start}.transfer.happens`],
    ["value that is not there", { [`${start}.transfer.from.after.borrow`]: more }, /^frame\[2\]\.start\.transfer\.from\.after/],
    ["a call that is called refused", { [`${start}.isPoor`]: 1n }, /^frame\[2\]\.start\.isPoor/],
    ["more gas for the callee", { [`${start}.given`]: more }, `${start}.given`],
    ["a request that is not capped", { [`${start}.given.isCapped`]: (v) => 1n - v }, `${start}.given.isLess`],
    ["gas that is short", { [`${start}.isShort`]: 1n }, `${start}.isShort.isProven`],
    ["a 64th too much", { [`${start}.cap.64th`]: (v) => v - 1n }, `${start}.cap.isDivision`],
    ["a warm account that was cold", { [`${start}.target.warm.before`]: 1n }, `${start}.target.warm.isAccess`],
    ["another return position", { [`${start}.returnPc`]: more }, `${start}.returnPc`],
    ["another parent", { [`${start}.f`]: more }, /./],
    ["another depth", { [`${start}.depth`]: more }, `${start}.depth`],
    ["a static frame that is not", { [`${start}.isStatic`]: 1n }, `${start}.isStatic`],
    ["a longer output", { [`${end}.output.own`]: more }, /^frame\[2\]\.end/],
    ["a longer range of output", { [`${end}.output.length`]: more }, `${end}.output.length`],
    ["more of it copied", { [`${end}.copied`]: more }, `${end}.copied`],
    ["other return data", { [`${end}.returnData.before`]: more }, /^frame\[2\]\.end\.returnData/],
    ["a revert that does not happen", { [`${end}.failed`]: 0n }, `${end}.failed`],
    ["a revert that is a success", { [`${end}.success`]: 1n }, `${end}.success`],
    ["REVERT that is a RETURN", { [`${end}.endsREVERT`]: 0n, [`${end}.endsRETURN`]: 1n }, /./],
    ["an end that is free", { [`${end}.paid`]: 0n }, `${end}.paid`],
    ["a result of 1", { [`${end}.result`]: 1n }, `${end}.result`],
    ["memory of another frame", { "frame[2].memoryLimit": (v) => v - 1n }, /memoryLimit$/],
  ]; // prettier-ignore
  for (const [name, told, broken] of lies)
    it(name, () => {
      const names = brokenWith(told);
      if (typeof broken === "string") expect(names).to.include(broken);
      else
        expect(
          names.some((wire) => broken.test(wire)),
          names.join(", "),
        ).to.equal(true);
    });
});
