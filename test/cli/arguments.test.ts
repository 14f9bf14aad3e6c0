import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Layout } from "../../cli/network/layout.ts";
import { makeNetworkFolder } from "./sampleNetwork.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

function bvm(...args: string[]) {
  const all = ["--disable-warning=ExperimentalWarning", main, ...args];
  return spawnSync(process.execPath, all, { encoding: "utf8", cwd: tmpdir() });
}

describe("bvm refuses bad arguments in one line", () => {
  let paths: Layout;
  before(async () => {
    paths = await makeNetworkFolder();
  });
  after(() => rmSync(paths.dataDir, { recursive: true, force: true }));

  function expectRefusal(message: string | RegExp, ...args: string[]): void {
    const { status, stdout, stderr } = bvm(...args);
    expect(status, stderr).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.match(
      typeof message === "string" ? new RegExp(`^bvm: ${message}[^\\n]*\\n$`) : message,
    );
  }

  const to = `0x${"00".repeat(19)}01`;
  const send = (...more: string[]): string[] => ["send", "--data-dir", paths.dataDir, ...more];

  it("a count that is none", () => {
    expectRefusal("BAD_ARGUMENT .*supplied=two", "up", "--l3", "two");
  });

  it("a folder without a network", () => {
    const folder = join(tmpdir(), "bvm-no-such-network");
    expectRefusal("NO_NETWORK .*bvm-no-such-network", "status", "--data-dir", folder);
  });

  it("a command or an option that does not exist, with the help", () => {
    expectRefusal(/unknown command 'fly'[^]*Usage: bvm/, "fly");
    expectRefusal(/unknown option '--fast'[^]*Usage: bvm up/, "up", "--fast");
  });

  it("a payment without a recipient", () => {
    expectRefusal(
      /required option '--to <address>' not specified/,
      ...send("--chain", "demo", "--value", "1"),
    );
  });

  it("a chain, a recipient, an amount, a stage and an account that do not exist", () => {
    expectRefusal(
      "UNKNOWN_CHAIN expected=supersonic, demo supplied=moon",
      ...send("--chain", "moon", "--to", to, "--value", "1"),
    );
    expectRefusal("BAD_ARGUMENT .*supplied=0x12", ...send("--chain", "demo", "--to", "0x12", "--value", "1"));
    expectRefusal("BAD_ARGUMENT .*supplied=lots", ...send("--chain", "demo", "--to", to, "--value", "lots"));
    expectRefusal("BAD_ARGUMENT .*supplied=-1", ...send("--chain", "demo", "--to", to, "--value=-1"));
    const payment = send("--chain", "demo", "--to", to, "--value", "1");
    expectRefusal("BAD_ARGUMENT .*supplied=soon", ...payment, "--wait", "soon");
    expectRefusal("BAD_ARGUMENT .*supplied=10", ...payment, "--from", "10");
  });

  it("a transaction hash that is none", () => {
    expectRefusal("BAD_ARGUMENT .*supplied=0x12", "tx", "0x12", "--data-dir", paths.dataDir);
  });

  it("a chain id that is no number", () => {
    expectRefusal("BAD_ARGUMENT .*supplied=many", "l3", "create", "shop", "--chain-id", "many");
  });

  it("a part of the tests that does not exist", () => {
    expectRefusal("UNKNOWN_TEST_PART .*part=nothing", "test", "nothing");
  });
});
