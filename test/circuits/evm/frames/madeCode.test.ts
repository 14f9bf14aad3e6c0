/** Code that a chunk makes, as a cheating prover would have it: each lie has the commitment that fits it, and one thing that breaks. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { Domain } from "../../../../protocol/domains.ts";
import { writeField } from "../../../../protocol/field.ts";
import { spongeTag } from "../../../../protocol/hash.ts";
import type { CodeObjectEntry, CodeRowEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { sponge } from "../../../../protocol/poseidon2/permute.ts";
import { program } from "./assembler.ts";
import { create, returning, ROOM } from "./creationWorld.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT } from "./plannedRun.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The commitment of the rows as they are. */
function commitmentOf(rows: readonly CodeRowEntry[]): bigint {
  const symbol = (i: number): bigint => {
    const { bytes, pushData } = rows[Math.floor(i / 84)]!;
    return BigInt((bytes[i % 84] ?? 0) + 256 * (pushData[i % 84] ?? 0));
  };
  return sponge(spongeTag(Domain.CODE, rows[0]!.length), 3 * rows.length, (view, offset, group) => {
    let element = 0n;
    for (let i = 28 * group; i < 28 * (group + 1); i++) element = (element << 9n) | symbol(i);
    writeField(view, offset, element);
  });
}

/** What is broken when the rows of the code that was made last are changed, and its commitment with them. */
function brokenBy(initCode: Uint8Array, lie: (rows: Writable<CodeRowEntry>[]) => void): string[] {
  const contracts = new Map([[RECIPIENT, program(create(initCode), "POP", "STOP")]]);
  const capacities = {
    ...ROOM,
    frames: 4,
    exceptions: 0,
    messageWords: 10,
    keccakWords: 14,
    codeRows: 12,
    merges: 6,
  };
  const run = new PlannedRun({ contracts, capacities });
  expect(run.book.shortages()).to.deep.equal([]);
  const { rows, objects } = run.code;
  const made = objects.at(-1) as Writable<CodeObjectEntry>;
  const [first, last] = [rows.findLastIndex(({ kind }) => kind === "first"), made.lastRow!];
  const own = rows.slice(first, last + 1) as Writable<CodeRowEntry>[];
  lie(own);
  made.identity = { ...made.identity, codeCommitment: commitmentOf(own) };
  const { circuit, witness } = buildRun(run);
  return check(circuit, witness, 100).broken.map(({ name }) => name.replace(/^(code\.row|codeObject)\[\d+\]/, "$1[]")); // prettier-ignore
}

const marks = (...own: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: 84 }, (_, i) => own[i] ?? 0);

/** Init code that returns memory of this length in which one byte is a PUSH32. */
const withPush32 = (at: number, length: number): Uint8Array =>
  program(0x7f, at - 31, "MSTORE", length, 0, "RETURN");

describe("frames: code that a chunk makes", () => {
  const code = returning(Uint8Array.of(0x61, 0x5b, 0x5b, 0x5b));

  it("is what it says where nobody lies", () => {
    expect(brokenBy(code, () => undefined)).to.deep.equal([]);
    for (const length of [84, 85, 150, 200])
      expect(brokenBy(withPush32(83, length), () => undefined)).to.deep.equal([]);
  });

  it("push data that is called an instruction", () =>
    expect(brokenBy(code, ([row]) => (row!.pushData = marks(0, 0, 1, 1)))).to.deep.equal([
      "code.row[].mark[1].whereDue",
    ]));

  it("an instruction that is called push data, and all after it", () =>
    expect(
      brokenBy(code, ([row]) => (row!.pushData = marks(0, 1, 1, ...Array<number>(81).fill(1)))),
    ).to.deep.equal(["code.row[].marks.onlyWhereDue"]));

  it("push data that is forgotten from one row to the next", () =>
    expect(brokenBy(withPush32(83, 150), ([, row]) => (row!.pushData = marks()))).to.include(
      "code.row[].mark[0].whereDue",
    ));

  it("push data that is forgotten by a gap in the middle", () =>
    expect(
      brokenBy(withPush32(83, 200), ([, row]) => Object.assign(row!, { kind: "gap", pushData: marks() })),
    ).to.deep.equal(["code.row[].continues.noGap"]));

  it("push data that is forgotten by a gap at the end", () =>
    expect(
      brokenBy(withPush32(83, 150), ([, row]) => Object.assign(row!, { kind: "gap", pushData: marks() })),
    ).to.deep.equal(["codeObject[].last.isNoGap"]));

  it("bytes after its end", () =>
    expect(brokenBy(code, ([row]) => (row!.bytes = Uint8Array.from({ length: 84 }, (_, i) => (i < 4 ? row!.bytes[i]! : i === 60 ? 1 : 0))))).to.deep.equal([
      "codeObject[].after[56].isZero",
    ])); // prettier-ignore

  it("other bytes than those in memory", () =>
    expect(brokenBy(code, ([row]) => (row!.bytes = Uint8Array.of(0x61, 0x5b, 0x5c, 0x5b)))).to.deep.equal([
      "messages.messageRow[1].code.hi.isWord",
    ]));

  it("init code that is elsewhere: in the PUSH that holds it", () => {
    const initCode = program(1, 2, "SSTORE", ...Array.from({ length: 26 }, () => "STOP"), "STOP");
    const contracts = new Map([[RECIPIENT, program(create(initCode.slice(0, 32)), "POP", "STOP")]]);
    const run = new PlannedRun({ contracts, capacities: ROOM });
    const entry = run.memory.messages.entries[0]!;
    expect(entry.length).to.equal(32);
    // The caller's first PUSH32.
    entry.code = 84 + 1;
    const { circuit, witness } = buildRun(run);
    const { broken } = check(circuit, witness, 100);
    expect(broken.map(({ name }) => name)).to.include("frame[2].start.initCode.isThere");
    expect(broken.filter(({ name }) => name.startsWith("messages.messageRow"))).to.deep.equal([]);
  });
});
