import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { call, type CallArguments, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT } from "./plannedRun.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";

const ROOM = { precompileCalls: 3, messages: 2, messageWords: 8, copyWords: 12, frames: 5, joins: 10, merges: 6, memoryAccesses: 80 } as const; // prettier-ignore

/** Inverses of zero; which entry a flag of none has; `masks` as in perturbation.test.ts. */
const HARMLESS = /\.inverse$|\.masks$/;

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

  for (const [name, lengths, data, gas] of [
    ["3^5 mod 7, of one byte each", [1, 1, 1], 0x030507n << 232n, 100_000],
    ["operands over words' ends", [31, 3, 32], (0xabcdefn << 232n) + 0x5566_7788n, 100_000],
    ["full words", [32, 32, 32], 2n ** 255n + 12_345n, 100_000],
    ["without modulus", [1, 0, 0], 9n << 248n, 100_000],
    ["with too little gas", [1, 1, 1], 0x030507n << 232n, 199],
  ] as const)
    it(`modexp: ${name}`, () => {
      const stores = [...lengths, data, data ^ 77n, data + 5n].flatMap((value, i) => [value, 32 * i, "MSTORE"] as const); // prettier-ignore
      const code = program(...stores, call({ to: 5n, gas, input: [0, 192], output: [0, 32] }), "POP", "STOP");
      const capacities = {
        ...ROOM,
        modexps: 1,
        modexpSteps: 64,
        joins: 24,
        rows: 128,
        memoryOps: 6,
        merges: 12,
        copyWords: 20,
      };
      const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities });
      expect(run.book.shortages()).to.deep.equal([]);
      const { circuit, witness } = buildRun(run);
      expect(check(circuit, witness, 5).broken).to.deep.equal([]);
    });

  it("modexp: a longer operand is over every capacity", () => {
    const code = program(33, 0, "MSTORE", call({ to: 5n, input: [0, 96] }), "POP", "STOP");
    const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities: { ...ROOM, modexps: 1 } }); // prettier-ignore
    expect(run.book.shortages()).to.deep.include({ capacity: "modexps", needed: 2 ** 20, available: 1 });
  });

  describe("calls of the same input share a job, whichever of them can pay", () => {
    const short = { to: 5n, gas: 199, input: [0, 99] } as const;
    const enough = { ...short, gas: 200, output: [0, 1] } as const;
    const room = {
      modexps: 1,
      modexpSteps: 1,
      joins: 24,
      merges: 12,
      copyWords: 40,
      memoryAccesses: 120,
      rows: 128,
    };
    /** 3^5 mod 7: a lengths' word, stored thrice, then the operands. */
    const stores = [1, 1, 1].flatMap((length, i) => [length, 32 * i, "MSTORE"] as const);
    const modexps = (...calls: readonly CallArguments[]): PlannedRun => {
      const sent = calls.flatMap((args) => [call(args), "POP"]);
      const code = program(...stores, 0x030507n << 232n, 96, "MSTORE", ...sent, "STOP");
      return new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities: { ...ROOM, ...room } });
    };
    const expectProven = (run: PlannedRun, ends: readonly string[]): void => {
      expect(run.book.shortages()).to.deep.equal([]);
      expect(run.result.frames.slice(1).map(({ outcome }) => outcome.reason)).to.deep.equal(ends);
      const { circuit, witness } = buildRun(run);
      expect(check(circuit, witness, 5).broken).to.deep.equal([]);
    };

    for (const [name, calls, ends] of [
      ["first too little gas", [short, enough], ["PRECOMPILE_FAILED", "RETURN"]],
      ["then too little gas", [{ ...enough, output: [200, 1] }, short], ["RETURN", "PRECOMPILE_FAILED"]],
    ] as const)
      it(`modexp: ${name}`, () => {
        const run = modexps(...calls);
        expect(run.book.used("modexps")).to.equal(1);
        expectProven(run, ends);
      });

    it("modexp: a call that cannot pay takes no steps", () => {
      const run = modexps(short, short);
      expect([run.book.used("modexps"), run.book.used("modexpSteps")]).to.deep.equal([1, 0]);
      expectProven(run, ["PRECOMPILE_FAILED", "PRECOMPILE_FAILED"]);
    });

    it("BLAKE2 F: first too little gas", () => {
      const input = { to: 9n, input: [28, 213] } as const;
      const room = { blake2fJobs: 1, blake2fRounds: 1, messageWords: 16 };
      const calls = [
        { ...input, gas: 0 },
        { ...input, output: [0, 64] as const },
      ];
      expectEnds(calls, ["PRECOMPILE_FAILED", "RETURN"], room, 1n);
    });
  });

  it("lies: another output, length, gas, refusal", () => {
    const run = planned([{ to: 2n, input: [0, 32], output: [0, 32] }], { sha256Blocks: 1 });
    const lies = {
      "precompileCall[0].output[0].id": "precompileCall[0].output[0].lo",
      "precompileCall[0].outputLength": "precompileCall[0].outputLength",
      "precompileCall[0].answers": "frame[2].end.precompile.isCall",
      "precompileCall[0].inputLength": "precompileCall[0].input.isMessage",
      "precompileCall[0].sha256.job": "precompileCall[0].sha256.isInput",
      "frame[2].end.precompile.gas": "frame[2].end.precompile.isCall",
      "frame[2].end.precompile.fails": "frame[2].end.precompile.isCall",
      "frame[2].end.precompile.answers": "frame[2].end.precompile.answersIfPaid",
      "frame[2].end.precompile.outputLength": "frame[2].end.precompile.isCall",
    };
    for (const [wire, constraint] of Object.entries(lies)) {
      const { circuit, witness } = buildRun(run, new LyingBuilder({ [wire]: (value) => value ^ 1n }));
      expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.include(constraint, wire);
    }
  });

  it("ecrecover of a signature", () => {
    const key = Uint8Array.of(...new Uint8Array(31), 7);
    const digest = new Uint8Array(32).fill(5);
    const signature = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
    const word = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
    const words = [word(digest), 27n + BigInt(signature[0]!), word(signature.subarray(1, 33)), word(signature.subarray(33))]; // prettier-ignore
    const stores = words.flatMap((value, i) => [value, 32 * i, "MSTORE"] as const);
    const code = program(...stores, call({ to: 1n, input: [0, 128], output: [0, 32] }), "POP", "STOP");
    const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities: { ...ROOM, ecrecovers: 1 } }); // prettier-ignore
    expect(run.result.frames[1]!.outcome.output).to.have.length(32);
    const { circuit, witness } = buildRun(run);
    expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  });

  it("every wire of a call, changed alone, is noticed", () => {
    const run = planned([{ to: 2n, input: [0, 32], output: [0, 32] }], { sha256Blocks: 1, precompileCalls: 1, frames: 2 }); // prettier-ignore
    const built = buildRun(run);
    const own = (wire: number): boolean => /^precompileCall\[/.test(built.circuit.wireName(wire));
    expect(freeWires(built, own).filter((name) => !HARMLESS.test(name))).to.deep.equal([]);
  }).timeout(60_000);

  it("every wire of modexp, changed alone, is noticed", () => {
    const code = program(1, 0, "MSTORE", 1, 64, "MSTORE", call({ to: 5n, input: [0, 99] }), "POP", "STOP");
    const capacities = { ...ROOM, modexps: 1, modexpSteps: 1, joins: 24, merges: 12, copyWords: 20, precompileCalls: 1, frames: 2 }; // prettier-ignore
    const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities });
    expect(run.book.shortages()).to.deep.equal([]);
    const built = buildRun(run);
    const own = (wire: number): boolean => /^precompileCall\[0\]\.modexp/.test(built.circuit.wireName(wire));
    expect(freeWires(built, own).filter((name) => !HARMLESS.test(name))).to.deep.equal([]);
  }).timeout(60_000);

  it("proves every bound it relies on", () => {
    const run = planned([{ to: 2n, input: [0, 32] }], { sha256Blocks: 1, ripemd160Blocks: 1, blake2fJobs: 1, blake2fRounds: 1, ecrecovers: 1, modexps: 1, modexpSteps: 1 }); // prettier-ignore
    expect(lintBounds(buildRun(run).circuit).faults).to.deep.equal([]);
  });
});
