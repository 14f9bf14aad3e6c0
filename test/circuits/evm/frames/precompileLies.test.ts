/** Of each precompiled contract: another job, another output, an answer where there is none. Each breaks a named constraint. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";
import { call, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT } from "./plannedRun.ts";

const ROOM = { precompileCalls: 3, messages: 2, messageWords: 16, copyWords: 40, joins: 24, merges: 12, memoryAccesses: 120, rows: 128 } as const; // prettier-ignore

interface Case {
  readonly name: string;
  readonly to: bigint;
  /** Words in memory, from byte 0. */
  readonly words: readonly bigint[];
  readonly input: readonly [number, number];
  readonly room: object;
  /** Wires whose lowest bit is flipped, and what breaks. */
  readonly lies: Readonly<Record<string, string>>;
}

const own = (wire: string): string => `precompileCall[0].${wire}`;
const isCall = "frame[2].end.precompile.isCall";

const CASES: readonly Case[] = [
  {
    ...{ name: "identity", to: 4n, words: [77n << 100n], input: [3, 40], room: {} },
    lies: {
      [own("identity")]: own("answers.active"),
      [own("inputStart")]: isCall,
      [own("memoryBase")]: isCall,
    },
  },
  {
    ...{ name: "RIPEMD-160", to: 3n, words: [77n], input: [0, 32], room: { ripemd160Blocks: 1 } },
    lies: {
      [own("ripemd160.job")]: own("ripemd160.isInput"),
      [own("output[0].id")]: own("output[0].lo"),
      [own("t")]: isCall,
    },
  },
  {
    ...{ name: "ecrecover", to: 1n, words: [77n], input: [0, 128], room: { ecrecovers: 1 } },
    lies: {
      [own("ecrecover.job")]: own("ecrecover.isJob"),
      [own("ecrecover.recovers")]: own("ecrecover.recovers"),
      [own("output[0].id")]: own("output[0].lo"),
    },
  },
  {
    ...{ name: "modexp", to: 5n, words: [1n, 1n, 1n, 0x030507n << 232n], input: [0, 99] },
    room: { modexps: 1, modexpSteps: 2 },
    lies: {
      [own("modexp.job")]: own("modexp.job.isOne"),
      [own("modexp.result.id")]: own("modexp.result.word.lo"),
      [own("modexp.window.isSecond")]: own("modexp.window.shift.inWord"),
      "modexpPool.job[0].answered": own("modexp.isAnswered"),
      "modexpPool.job[0].exponentLength": own("modexp.job.isexponentLength"),
    },
  },
  {
    ...{
      name: "BLAKE2 F",
      to: 9n,
      words: [1n],
      input: [28, 213],
      room: { blake2fJobs: 1, blake2fRounds: 1 },
    },
    lies: {
      [own("blake2f.job")]: own("blake2f.isInput"),
      [own("output[1].id")]: own("output[1].lo"),
      [own("answers")]: isCall,
      "blake2fPool.job[0].answered": own("blake2f.isAnswered"),
    },
  },
];

describe("frames: lies about precompiled contracts", function () {
  this.timeout(60_000);

  for (const { name, to, words, input, room, lies } of CASES)
    it(name, () => {
      const stores = words.flatMap((word, i) => [word, 32 * i, "MSTORE"] as const);
      const code = program(...stores, call({ to, input, output: [0, 64] }), "POP", "STOP");
      const run = new PlannedRun({ contracts: new Map([[RECIPIENT, code]]), capacities: { ...ROOM, ...room } }); // prettier-ignore
      expect(run.book.shortages()).to.deep.equal([]);
      expect(run.result.frames[1]!.outcome.reason).to.equal("RETURN");
      for (const [wire, constraint] of Object.entries(lies)) {
        const { circuit, witness } = buildRun(run, new LyingBuilder({ [wire]: (honest) => honest ^ 1n }));
        expect(check(circuit, witness, 100).broken.map(({ name }) => name)).to.include(constraint, wire);
      }
    });
});
