import { execFile, spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { promisify } from "node:util";
import { expect } from "chai";
import { withMachine } from "../../proving/barretenberg/machineLock.ts";
import { processIdentity } from "../../proving/barretenberg/processIdentity.ts";
import { buildOnce } from "../../proving/cache.ts";
import { withLock } from "../../proving/lock.ts";
import { inFolder, rejection } from "./smallProgram.ts";

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** A child process that runs a script of this folder, and the lines it tells. */
function start(script: string, argument: string): { child: Child; line: () => Promise<string> } {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, [path, argument], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, line: async () => ((await lines.next()) as { value: string }).value };
}

const end = async (child: Child, signal?: NodeJS.Signals): Promise<void> => {
  const ended = once(child, "exit");
  if (signal) child.kill(signal);
  else child.stdin.write("go on\n");
  await ended;
};

describe("the cache of build artefacts", () => {
  it("lets one of two processes build; the other waits and gets the same entry", () =>
    inFolder(async (root) => {
      const one = start("cacheBuilder.ts", root);
      expect(await one.line()).to.equal("building");
      const two = start("cacheBuilder.ts", root);
      expect(await two.line()).to.equal("waiting");
      await end(one.child);
      const folder = join(root, "test", "entry");
      expect(await two.line()).to.equal(`folder ${folder}`);
      expect(await readFile(join(folder, "second"), "utf8")).to.equal(`whole of ${one.child.pid}`);
    }));

  it("is left good by a builder killed in the middle: no entry, and the next one builds it", () =>
    inFolder(async (root) => {
      const killed = start("cacheBuilder.ts", root);
      expect(await killed.line()).to.equal("building");
      await end(killed.child, "SIGKILL");
      expect(await readdir(join(root, "test"))).to.deep.equal([".entry.building"]);

      const next = start("cacheBuilder.ts", root);
      expect(await next.line()).to.equal("building");
      await end(next.child);
      expect(await readdir(join(root, "test"))).to.deep.equal(["entry"]);
      expect(await readFile(join(root, "test", "entry", "first"), "utf8")).to.equal(
        `half of ${next.child.pid}`,
      );
    }));

  it("passes a waiting builder the turn when the one before it is killed", () =>
    inFolder(async (root) => {
      const killed = start("cacheBuilder.ts", root);
      expect(await killed.line()).to.equal("building");
      const waiting = start("cacheBuilder.ts", root);
      expect(await waiting.line()).to.equal("waiting");
      await end(killed.child, "SIGKILL");
      expect(await waiting.line()).to.equal("building");
      await end(waiting.child);
    }));

  it("keeps nothing of a build that fails", () =>
    inFolder(async (root) => {
      const name = { kind: "test", key: "entry" };
      const failing = buildOnce(name, () => Promise.reject(new TypeError("no")), { root });
      expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(TypeError);
      const folder = await buildOnce(name, (temporary) => writeFile(join(temporary, "file"), "good"), {
        root,
      });
      expect(await readdir(folder)).to.deep.equal(["file"]);
    }));

  it("builds once for many callers of one process", () =>
    inFolder(async (root) => {
      let builds = 0;
      const build = (): Promise<void> => Promise.resolve(void builds++);
      await Promise.all(
        Array.from({ length: 8 }, () => buildOnce({ kind: "test", key: "entry" }, build, { root })),
      );
      expect(builds).to.equal(1);
    }));
});

describe("the lock", () => {
  it("is given up by a waiter that is told to stop", () =>
    inFolder(async (root) => {
      const path = join(root, "lock");
      const stop = new AbortController();
      const wait = (): Promise<unknown> =>
        withLock(path, () => Promise.resolve(), { signal: stop.signal, onWait: () => stop.abort() });
      const error = await withLock(path, () => rejection(wait(), "LOCK_ABORTED"));
      expect(error["path"]).to.equal(path);
    }));

  it("of the machine ends the bb that a killed prover left behind", () =>
    inFolder(async (root) => {
      const fifo = join(root, "program.json");
      await promisify(execFile)("mkfifo", [fifo]); // bb reads it for ever: nothing is written
      const holder = start("proofHolder.ts", fifo);
      const orphan = Number(await holder.line());
      const writer = await open(fifo, "w");
      await end(holder.child, "SIGKILL");
      expect(await processIdentity(orphan)).to.be.a("string");
      await withMachine(async () => expect(await processIdentity(orphan)).to.equal(null));
      await writer.close();
    }));
});
