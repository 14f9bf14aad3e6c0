import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Supervisor } from "../../cli/supervisor/supervisor.ts";
import { hasCode } from "../../protocol/errors.ts";

const serve = (port: number): string[] => [
  "-e",
  `console.log("up"); require("node:http").createServer((_, r) => r.end("ok")).listen(${port}, "127.0.0.1");
   process.on("SIGTERM", () => { console.log("drained"); process.exit(0); });`,
];

describe("supervisor", () => {
  let folder: string;
  let supervisor: Supervisor;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bvm-supervisor-"));
    supervisor = new Supervisor(folder);
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("starts a process, waits for its health, drains it on stop and keeps its log", async () => {
    const port = await freePort();
    await supervisor.start({
      name: "a",
      command: process.execPath,
      args: serve(port),
      healthUrl: `http://127.0.0.1:${port}/`,
    });
    expect(supervisor.states()[0]).to.include({ name: "a", state: "running" });
    await supervisor.stop();
    expect(readFileSync(join(folder, "a.log"), "utf8")).to.equal("up\ndrained\n");
  });

  it("restarts a process that was killed", async () => {
    const port = await freePort();
    const healthUrl = `http://127.0.0.1:${port}/`;
    await supervisor.start({ name: "a", command: process.execPath, args: serve(port), healthUrl });
    const first = supervisor.states()[0]!.pid!;
    process.kill(first, "SIGKILL");
    await until(() => supervisor.states()[0]!.pid !== undefined && supervisor.states()[0]!.pid !== first);
    await until(async () => (await fetch(healthUrl).catch(() => undefined))?.ok === true);
    expect(supervisor.states()[0]!.lastExit).to.equal("SIGKILL");
  });

  it("names a process that keeps exiting, with its log", async () => {
    const spec = {
      name: "bad",
      command: process.execPath,
      args: ["-e", "process.exit(7)"],
      healthUrl: "http://127.0.0.1:1/",
    };
    const error = await supervisor.start(spec).catch((e: unknown) => e);
    expect(hasCode(error, "PROCESS_KEEPS_EXITING")).to.equal(true);
    expect((error as { type: object }).type).to.include({
      process: "bad",
      exits: 5,
      lastExit: "code 7",
      log: join(folder, "bad.log"),
    });
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("condition not reached in 20 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
