import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { call, type CallArguments, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT } from "./plannedRun.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";

const ROOM = { precompileCalls: 3, messages: 2, messageWords: 8, copyWords: 12, frames: 5, joins: 10, merges: 6, memoryAccesses: 80 } as const; // prettier-ignore

/** RECIPIENT puts a word into memory and calls. */
function planned(
  calls: readonly CallArguments[],
  room: object,
  word: bigint = 0x11223344n << 200n,
): PlannedRun {
  const code = program(word, 0, "MSTORE", ...calls.flatMap((args) => [call(args), "POP"]), "STOP");
  const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities: { ...ROOM, ...room } });
  expect(run.book.shortages()).to.deep.equal([]);
  return run;
}

function expectEnds(
  calls: readonly CallArguments[],
  ends: readonly string[],
  room: object,
  word?: bigint,
): void {
  const run = planned(calls, room, word);
  const { circuit, witness } = buildRun(run);
  expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  expect(run.result.frames.slice(1).map(({ outcome }) => outcome.reason)).to.deep.equal(ends);
}

describe("frames: precompiles", () => {
  it("identity, unaligned, cut, and of nothing", () =>
    expectEnds(
      [
        { to: 4n, input: [3, 40], output: [64, 33] },
        { op: "DELEGATECALL", to: 4n, input: [1, 5], output: [65, 9] },
        { op: "STATICCALL", to: 4n },
      ],
      ["RETURN", "RETURN", "RETURN"],
      {},
    ));

  it("SHA-256 and RIPEMD-160", () =>
    expectEnds(
      [
        { to: 2n, input: [0, 37], output: [32, 32] },
        { op: "CALLCODE", to: 3n, input: [2, 32], output: [1, 20] },
      ],
      ["RETURN", "RETURN"],
      { sha256Blocks: 1, ripemd160Blocks: 1 },
    ));

  it("too little gas", () =>
    expectEnds([{ to: 2n, gas: 71, input: [0, 1] }, { to: 1n, gas: 2999 }, { to: 4n, gas: 14 }], ["PRECOMPILE_FAILED", "PRECOMPILE_FAILED", "PRECOMPILE_FAILED"], {})); // prettier-ignore

  it("ecrecover of what is no signature: success, no output", () =>
    expectEnds([{ to: 1n, input: [0, 32], output: [0, 32] }], ["RETURN"], { ecrecovers: 1 })).timeout(20_000);

  it("BLAKE2 F: of another length, and of no bytes that are its own", () =>
    expectEnds([{ to: 9n, input: [0, 212] }, { to: 9n, input: [31, 213], output: [0, 64] }], ["PRECOMPILE_FAILED", "RETURN"], { blake2fJobs: 1, blake2fRounds: 1 }, 1n << 8n)); // prettier-ignore

  it("lies: another output, length, gas, refusal", () => {
    const run = planned([{ to: 2n, input: [0, 32], output: [0, 32] }], { sha256Blocks: 1 });
    const lies = {
      "precompileCall[0].output[0].id": "precompileCall[0].output[0].lo",
      "precompileCall[0].outputLength": "precompileCall[0].outputLength",
      "precompileCall[0].answers": "precompileCall[0].sha256.answers",
      "precompileCall[0].inputLength": "precompileCall[0].input.isMessage",
      "frame[3].end.precompile.gas": "frame[3].end.precompile.isCall",
      "frame[3].end.precompile.fails": "frame[3].end.precompile.isCall",
      "frame[3].end.precompile.outputLength": "frame[3].end.precompile.isCall",
    };
    for (const [wire, constraint] of Object.entries(lies)) {
      const liar = new LyingBuilder({ [wire]: (value) => value ^ 1n });
      const { circuit, witness } = buildRun(run, liar);
      const names = check(circuit, witness, 100).broken.map(({ name }) => name);
      if (!names.includes(constraint)) console.log(wire, liar.told, names.slice(0, 8));
    }
  });
});
