import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { assemble, type Item } from "../machine/assembler.ts";
import { keep } from "./code.ts";
import { type Expectation, hex, type StateTest } from "./fixture.ts";
import { REASONS } from "./leftOut.ts";
import { fill } from "./reference.ts";
import { type Outcome, runCase } from "./runCase.ts";
import { ENTRY, SENDER, type StateCase } from "./stateCase.ts";

const code = assemble(5, ...keep(1), 1, 2, 0, 0, "LOG2");
const EXAMPLE: StateCase = { name: "example", pre: new Map([[ENTRY, { nonce: 1n, code }]]) };
const WRONG = `0x${"12".repeat(32)}`;

const expectationOf = (test: StateTest): Expectation => test.post["Cancun"]?.[0] as Expectation;

async function run(example: StateCase, change: Partial<Expectation> = {}): Promise<Outcome> {
  const test = await fill(example);
  return runCase(test, { ...expectationOf(test), ...change });
}

const storing = (...items: readonly Item[]): StateCase => ({
  ...EXAMPLE,
  pre: new Map([[ENTRY, { nonce: 1n, code: assemble(...items, ...keep(0)) }]]),
});

async function expectFailure(outcome: Promise<Outcome>, ...differences: RegExp[]): Promise<void> {
  const found = await outcome;
  if (found.kind !== "failed") return expect.fail(JSON.stringify(found));
  expect(found.differences.length, found.differences.join("\n")).to.equal(differences.length);
  differences.forEach((pattern, i) => expect(found.differences[i]).to.match(pattern));
}

describe("the runner of state tests", () => {
  it("passes what is right", async () => {
    expect(await run(EXAMPLE)).to.deep.equal({ kind: "passed" });
  });

  it("tells a wrong root and wrong logs", async () => {
    await expectFailure(run(EXAMPLE, { hash: WRONG }), /^root: 0x.*, expected 0x1212/);
    await expectFailure(run(EXAMPLE, { logs: WRONG }), /^logs: 0x.*, expected 0x1212/);
  });

  it("says what differs from the state, where the file has it", async () => {
    const test = await fill(EXAMPLE);
    const state = {
      [`0x${ENTRY.toString(16).padStart(40, "0")}`]: {
        nonce: "0x02",
        balance: "0x07",
        code: "0x00",
        storage: { "0x01": "0x06", "0x02": "0x01" },
      },
    };
    await expectFailure(
      runCase({ ...test }, { ...expectationOf(test), hash: WRONG, state }),
      /^root/,
      /a94f53.*: exists, expected absent/,
      /e000 nonce: 1, expected 2/,
      /e000 balance: 0, expected 7/,
      /e000 code: 0x6005.*, expected 0x00/,
      /e000 slot 0x1: 5, expected 6/,
      /e000 slot 0x2: 0, expected 1/,
      /c01bba5e: exists, expected absent/,
    );
  });

  it("asks that a refusal is the one that is expected", async () => {
    const poor = { ...EXAMPLE, pre: new Map([...EXAMPLE.pre, [SENDER, { balance: 5n }] as const]) };
    const funds = { ...poor, expectException: "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS" };
    expect(await run(funds)).to.deep.equal({ kind: "passed" });
    expect(await run(funds, { expectException: "TR_NoFunds" })).to.deep.equal({ kind: "passed" });
    await expectFailure(
      run(funds, { expectException: "TR_NonceTooLow" }),
      /^refused: INSUFFICIENT_FUNDS, expected TR_NonceTooLow/,
    );
    const test = await fill(funds);
    const { hash, logs, indexes } = expectationOf(test);
    await expectFailure(runCase(test, { hash, logs, indexes }), /^refused: INSUFFICIENT_FUNDS/);
    await expectFailure(run(EXAMPLE, { expectException: "TR_NoFunds" }), /^executed, expected TR_NoFunds/);
  });

  it("signs an unprotected transaction for its chain", async () => {
    const test = await fill({ ...EXAMPLE, transaction: { type: 0 } });
    // r, s and what was signed do not matter: v alone says that it is unprotected.
    const raw = Buffer.from((expectationOf(test).txbytes as string).slice(2), "hex");
    const v = raw.length - 67;
    expect([37, 38]).to.include(raw[v]);
    raw[v] = 27;
    const expected = { ...expectationOf(test), txbytes: hex(raw) };
    expect(await runCase(test, expected)).to.deep.equal({ kind: "passed" });
    const unkeyed = { ...test, transaction: { ...test.transaction, secretKey: undefined } };
    expect(await runCase(unkeyed as never, expected)).to.deep.equal({
      kind: "left out",
      reason: REASONS.noKey,
    });
  });

  it("leaves out, with the reason, what these chains do not have", async () => {
    const leftOut = (reason: string): Outcome => ({ kind: "left out", reason });
    for (const address of [6, 7, 8, 10])
      expect(await run(storing(address, "BALANCE"))).to.deep.equal(leftOut(REASONS.precompile));
    const priced = { ...storing("BLOBBASEFEE"), env: { currentExcessBlobGas: "0x234f4a" } };
    expect(await run(priced)).to.deep.equal(leftOut(REASONS.blobBaseFee));
    expect((await run({ ...priced, env: { currentExcessBlobGas: "0x0" } })).kind).to.equal("passed");
    const blob = await fill(EXAMPLE);
    const transaction = { ...blob.transaction, maxFeePerBlobGas: "0x1", blobVersionedHashes: [WRONG] };
    expect(await runCase({ ...blob, transaction }, expectationOf(blob))).to.deep.equal(leftOut(REASONS.blob));
    const storageAlone = new Map([...EXAMPLE.pre, [7_777n, { storage: new Map([[1n, 1n]]) }] as const]);
    expect(await run({ ...EXAMPLE, pre: storageAlone })).to.deep.equal(leftOut(REASONS.storage));
  });

  it("runs files and folders, and fails if a test does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bvm-state-tests-"));
    try {
      const test = await fill(EXAMPLE);
      writeFileSync(join(folder, "good.json"), JSON.stringify({ good: test, other: { ...test, post: {} } }));
      const good = await runScript(folder);
      expect(good.code).to.equal(0);
      expect(good.output).to.match(/all: 1 passed, 0 failed, 1 left out/);
      expect(good.output).to.match(/left out 1: says nothing of Cancun/);
      const post = { Cancun: [{ ...expectationOf(test), hash: WRONG }, expectationOf(test)] };
      const unreadable = { ...test, pre: { ...test.pre, "0x01": { balance: "?" } } };
      writeFileSync(join(folder, "bad.json"), JSON.stringify({ bad: { ...test, post }, unreadable }));
      const bad = await runScript(folder);
      expect(bad.code).to.equal(1);
      expect(bad.output).to.match(/FAILED .*bad.json bad \(data 0, gas 0, value 0\)\n {2}root: /);
      expect(bad.output).to.match(/FAILED .*bad.json unreadable .*\n {2}crashed: SyntaxError/);
      expect(bad.output).to.match(/all: 2 passed, 2 failed, 1 left out/);
      expect((await runScript(folder, "--first-failure")).output).to.match(/all: 0 passed, 1 failed/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

async function runScript(...args: string[]): Promise<{ code: number; output: string }> {
  const script = fileURLToPath(new URL("../../../../scripts/stateTests.ts", import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}
