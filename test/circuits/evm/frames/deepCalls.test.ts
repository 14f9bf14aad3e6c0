/**
 * The last depth. No gas limit that is proven leads there: 63/64 of the gas go down at each call, and each costs 112 gas at least
 * (the first test). So the circuit is given a frame that deep, with the native machine's trace of a chain that had the gas.
 */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { MAX_PROVABLE_GAS_LIMIT } from "../../../../protocol/constants.ts";
import { CALL_GAS, MAX_DEPTH } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { call, program } from "./assembler.ts";
import { ROOM } from "./creationWorld.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

const SELF = call({ op: "DELEGATECALL", to: RECIPIENT, gas: 2n ** 64n });
/** Calls itself with all its gas, then stores what the call answered. */
const STORES = program(SELF, 7, "SSTORE", "STOP");
/** ... then creates if the call was refused. */
const CREATES = program(SELF, SELF.length + 10, "JUMPI", 0, 0, 0, "CREATE", "JUMPDEST", "STOP");

const TWO_ABOVE = Number(MAX_DEPTH) - 2;
const deep = (code: Uint8Array, rest: Partial<World> = {}): World => ({
  contracts: new Map([[RECIPIENT, code]]),
  gas: 10n ** 12n,
  depth: TWO_ABOVE,
  capacities: { ...ROOM, segments: 2, jumps: 3 },
  ...rest,
});

const at = (frame: number): string => `frame[${frame}].start`;

function broken(run: PlannedRun, lies: ConstructorParameters<typeof LyingBuilder>[0] = {}): string[] {
  const liar = new LyingBuilder(lies);
  const { circuit, witness } = buildRun(run, liar);
  expect([...liar.told]).to.have.members(Object.keys(lies));
  return check(circuit, witness, 200).broken.map(({ name }) => name);
}

describe("frames: calls at depth 1,024", function () {
  this.timeout(20_000);

  it("cannot be reached with a gas limit that is proven", () => {
    // The dearest way down with the least cost: six operands at 2 gas, and a warm account.
    const cost = 6n * 2n + CALL_GAS.warm;
    let gas = MAX_PROVABLE_GAS_LIMIT;
    let depth = 0n;
    for (; gas >= cost; depth++) gas -= cost + (gas - cost) / 64n;
    expect(depth).to.equal(713n).and.to.be.lessThan(MAX_DEPTH);
  });

  it("a call is refused", () => {
    const run = new PlannedRun(deep(STORES));
    expect(run.book.shortages()).to.deep.equal([]);
    expect(run.result.frames.map(({ outcome }) => outcome.reason)).to.deep.equal(["STOP", "STOP", "STOP", "CALL_DEPTH"]); // prettier-ignore
    expect(broken(run)).to.deep.equal([]);
  });

  it("a creation is refused", () => {
    const run = new PlannedRun(deep(CREATES));
    expect(run.book.shortages()).to.deep.equal([]);
    expect(run.result.frames.map(({ outcome }) => outcome.reason)).to.deep.equal(["STOP", "STOP", "STOP", "CALL_DEPTH", "CALL_DEPTH"]); // prettier-ignore
    expect(broken(run)).to.deep.equal([]);
  });

  it("a frame that says it is one less deep than it is", () => {
    const lie = { [`${at(3)}.depth`]: (depth: bigint) => depth - 1n };
    expect(broken(new PlannedRun(deep(STORES)), lie)).to.include(`${at(3)}.depth`);
  });

  for (const [name, code, frame] of [
    ["call", STORES, 5],
    ["creation", CREATES, 2],
  ] as const)
    it(`a ${name} that is not refused`, () => {
      const run = new PlannedRun(deep(code));
      expect(broken(run, { [`${at(frame)}.isTooDeep`]: 0n })).to.include(`${at(frame)}.isTooDeep.one`);
    });

  it("a call at depth 1,023 that is called too deep", () => {
    const lie = { [`${at(4)}.isTooDeep`]: 1n };
    expect(broken(new PlannedRun(deep(STORES)), lie)).to.include(`${at(4)}.isTooDeep.zero`);
  });
});
