/**
 * What a newcomer waits for: a cold set-up by part, and from `bvm up` to the first L3 transfer verified by the light node.
 * Usage: node test/bench/endToEnd.ts [--warm]   (--warm: skips the cold set-up)
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine } from "./machine.ts";

const root = join(import.meta.dirname, "../..");
const rows: string[] = [];

function run(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string, stop: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "bvm"), args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let rest = "";
    child.stdout.on("data", (data: Buffer) => {
      const lines = (rest + data.toString()).split("\n");
      rest = lines.pop()!;
      for (const line of lines) onLine(line, () => child.kill("SIGINT"));
    });
    child.on("exit", (code) =>
      code ? reject(new Error(`bvm ${args.join(" ")} ended with ${code}`)) : resolve(),
    );
  });
}

if (!process.argv.includes("--warm")) {
  const cache = mkdtempSync(join(tmpdir(), "bvm-cold-"));
  const started = performance.now();
  await run(["setup", "--json"], { BVM_CACHE: cache }, (line) => {
    if (!line.startsWith("{")) return;
    const { parts } = JSON.parse(line) as { parts: { part: string; seconds: number }[] };
    for (const { part, seconds } of parts) rows.push(`| cold set-up: ${part} | ${seconds.toFixed(1)} |`);
  });
  rows.push(
    `| cold set-up: all, with Node 24 when the machine's is older | ${((performance.now() - started) / 1000).toFixed(1)} |`,
  );
  rmSync(cache, { recursive: true });
}

const folder = mkdtempSync(join(tmpdir(), "bvm-up-"));
const started = performance.now();
const elapsed = (): string => ((performance.now() - started) / 1000).toFixed(1);
await run(["up", "--no-ui", "--data-dir", folder], {}, (line, stop) => {
  const stage = /^demo transfer \S+ (\w+)/.exec(line)?.[1];
  if (stage) rows.push(`| from \`bvm up\` to the demo transfer ${stage} | ${elapsed()} |`);
  if (stage === "verified") stop();
});
rmSync(folder, { recursive: true });

console.log(`\n## End to end\n${machine()}\n\n| what | seconds |\n| --- | --- |\n${rows.join("\n")}`);
