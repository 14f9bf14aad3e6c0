import { expect } from "chai";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../bvm", import.meta.url));

/** The launcher in a checkout of its own, where `cli/main.ts` only tells how it was called. */
describe("launcher", () => {
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "bvm-launcher-"));
    mkdirSync(join(checkout, "cli"));
    mkdirSync(join(checkout, "bin"));
    copyFileSync(launcher, join(checkout, "bvm"));
    chmodSync(join(checkout, "bvm"), 0o755);
    writeFileSync(join(checkout, "package-lock.json"), "{}\n");
    writeFileSync(
      join(checkout, "cli", "main.ts"),
      "console.log(JSON.stringify({ args: process.argv.slice(2), cache: process.env.BVM_CACHE })); process.exitCode = 7;",
    );
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  /** Puts an npm on the path that writes down its arguments, makes node_modules and ends with `code`. */
  function putNpm(code: number): void {
    const npm = join(checkout, "bin", "npm");
    writeFileSync(npm, `#!/bin/sh\necho "$*" >>"${checkout}/npm.log"\nmkdir -p node_modules\nexit ${code}\n`);
    chmodSync(npm, 0o755);
  }

  const npmCalls = (): string[] => readFileSync(join(checkout, "npm.log"), "utf8").trim().split("\n");

  function run(...args: string[]) {
    const PATH = [join(checkout, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(":");
    const env = { PATH, HOME: checkout, BVM_CACHE: join(checkout, "cache") };
    return spawnSync(join(checkout, "bvm"), args, { env, cwd: tmpdir(), encoding: "utf8" });
  }

  it("is a POSIX shell script", () => {
    expect(spawnSync("sh", ["-n", launcher]).status).to.equal(0);
    expect(readFileSync(launcher, "utf8")).to.match(/^#!\/bin\/sh\n/);
  });

  it("installs what the lock file names once, then only runs", () => {
    putNpm(0);
    const first = run("send", "--to", "two words", "");
    expect(first.status, first.stderr).to.equal(7);
    expect(JSON.parse(first.stdout)).to.deep.equal({
      args: ["send", "--to", "two words", ""],
      cache: join(checkout, "cache"),
    });
    expect(run("status").status).to.equal(7);
    expect(npmCalls()).to.deep.equal(["ci --no-fund --no-audit --loglevel=error"]);
  });

  it("installs again when the lock file has changed", () => {
    putNpm(0);
    run("status");
    writeFileSync(join(checkout, "package-lock.json"), '{"changed":true}\n');
    run("status");
    expect(npmCalls()).to.have.length(2);
  });

  it("does not take a failed installation for a finished one", () => {
    putNpm(1);
    for (const call of [1, 2]) {
      const result = run("status");
      expect(result.status).to.equal(1);
      expect(result.stderr).to.include("bvm: npm ci failed");
      expect(npmCalls()).to.have.length(call);
    }
  });
});
