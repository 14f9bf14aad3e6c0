import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endLeftovers, recordProcesses } from "../../cli/supervisor/processFile.ts";
import { Supervisor } from "../../cli/supervisor/supervisor.ts";
import { hasCode } from "../../protocol/errors.ts";

describe("what a killed run leaves behind", () => {
  const started: ChildProcess[] = [];
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bvm-leftovers-"));
    file = join(folder, "processes.json");
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** A process that runs until it is ended, with these words on its command line. */
  async function run(...words: string[]): Promise<ChildProcess & { pid: number }> {
    const child = spawn(process.execPath, [
      "-e",
      "console.log(1); setInterval(() => {}, 1000)",
      "--",
      ...words,
    ]);
    started.push(child);
    await once(child.stdout, "data");
    return child as ChildProcess & { pid: number };
  }

  async function gonePid(): Promise<number> {
    const child = await run();
    child.kill("SIGKILL");
    await once(child, "exit");
    return child.pid;
  }

  const record = (supervisor: number, processes: { name: string; pid: number }[]): void =>
    writeFileSync(file, JSON.stringify({ supervisor, processes }));

  it("is ended, by name, and forgotten", async () => {
    const left = await run("--config", join(folder, "bvm.json"));
    record(await gonePid(), [{ name: "node-demo", pid: left.pid }]);
    const ended = once(left, "exit");
    expect(await endLeftovers(file, folder)).to.deep.equal(["node-demo"]);
    expect((await ended)[1]).to.equal("SIGTERM");
    expect(existsSync(file)).to.equal(false);
  });

  it("is not another program that has been given the same pid since", async () => {
    const stranger = await run("--config", "/somewhere/else/bvm.json");
    record(await gonePid(), [{ name: "node-demo", pid: stranger.pid }]);
    expect(await endLeftovers(file, folder)).to.deep.equal([]);
    expect(stranger.exitCode).to.equal(null);
    expect(process.kill(stranger.pid, 0)).to.equal(true);
  });

  it("is nothing on a fresh folder", async () => {
    expect(await endLeftovers(file, folder)).to.deep.equal([]);
  });

  it("is not touched while the run that owns it is alive", async () => {
    const agent = await run("--config", join(folder, "bvm.json"));
    const owner = await run("/opt/bvm/cli/main.ts", "up");
    record(owner.pid, [{ name: "da", pid: agent.pid }]);
    const error = await endLeftovers(file, folder).catch((e: unknown) => e);
    expect(hasCode(error, "NETWORK_RUNS_ALREADY")).to.equal(true);
    expect((error as { type: object }).type).to.include({ dataDir: folder, pid: owner.pid });
    expect(process.kill(agent.pid, 0)).to.equal(true);
  });

  it("includes the pid of an agent that was restarted", async () => {
    const supervisor: Supervisor = new Supervisor(folder, () => recordProcesses(file, supervisor.running()));
    const pid = (): number | undefined =>
      (JSON.parse(readFileSync(file, "utf8")) as { processes: { pid: number }[] }).processes[0]?.pid;
    await supervisor.start({
      name: "agent",
      command: process.execPath,
      args: ["-e", "setInterval(() => {}, 1000)"],
    });
    const first = pid()!;
    process.kill(first, "SIGKILL");
    const deadline = Date.now() + 20_000;
    while ((pid() === first || pid() === undefined) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pid()).to.equal(supervisor.states()[0]!.pid).and.not.equal(first);
    await supervisor.stop();
  });
});
