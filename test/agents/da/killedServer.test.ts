import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createDaClient } from "../../../agents/kit/da/client.ts";
import type { Commitment } from "../../../agents/kit/da/commitment.ts";
import { hasCode } from "../../../protocol/errors.ts";

describe("DA server killed with SIGKILL", () => {
  let folder: string, child: ChildProcess;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-da-"));
    await writeFile(
      join(folder, "bvm.json"),
      JSON.stringify({ da: { port: 0, dataDir: join(folder, "blobs") } }),
    );
  });
  after(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Starts the agent as an operator does; resolves with its address. */
  async function start(): Promise<string> {
    child = spawn(process.execPath, ["agents/da/main.ts", "--config", join(folder, "bvm.json")]);
    for await (const line of createInterface(child.stdout!)) {
      const entry = JSON.parse(line) as { msg: string; url?: string };
      if (entry.msg === "http server listens") return entry.url!;
    }
    throw new Error("the agent ended before it listened");
  }

  it("serves after a restart everything it had answered for", async () => {
    const client = createDaClient({ url: await start() });
    const answered: { commitment: Commitment; blob: Buffer }[] = [];
    const killed = Promise.withResolvers<void>();
    const putUntilDead = async (): Promise<void> => {
      try {
        for (;;) {
          const blob = randomBytes(20_000);
          answered.push({ commitment: await client.put(blob), blob });
          if (answered.length === 30 && child.kill("SIGKILL")) killed.resolve();
        }
      } catch (error) {
        if (!hasCode(error, "DA_UNAVAILABLE")) throw error;
      }
    };
    await Promise.all([putUntilDead(), putUntilDead(), putUntilDead(), putUntilDead()]);
    await killed.promise;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

    const restarted = createDaClient({ url: await start() });
    expect(answered.length).to.be.at.least(30);
    for (const { commitment, blob } of answered)
      expect(Buffer.from(await restarted.get(commitment))).to.deep.equal(blob);
  });
});
