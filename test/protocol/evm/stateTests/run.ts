/** scripts/stateTests.ts tells what this does. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { Fixture } from "./fixture.ts";
import { runFixture } from "./runFixture.ts";
import { Tally } from "./tally.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fork: { type: "string", default: "Cancun" },
    "first-failure": { type: "boolean", default: false },
    generate: { type: "boolean", default: false },
    only: { type: "string" },
    write: { type: "string" },
  },
});

const tally = new Tally(console.log);
const options = { fork: values.fork, isFirstFailureLast: values["first-failure"] };

for await (const { folder, file, fixture } of values.generate ? generated() : stored(positionals))
  if (!(await runFixture({ folder, file }, fixture, tally, options))) break;
tally.report();
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

type Stored = { readonly folder: string; readonly file: string; readonly fixture: Fixture };

function* stored(paths: readonly string[]): Generator<Stored> {
  for (const path of paths)
    for (const file of filesIn(path))
      yield {
        folder: relative(".", dirname(file)),
        file,
        fixture: JSON.parse(readFileSync(file, "utf8")) as Fixture,
      };
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return files.filter((file) => file.endsWith(".json")).map((file) => join(path, file));
}

/** They go through JSON, like files; --write keeps them as files. */
async function* generated(): AsyncGenerator<Stored> {
  // The reference implementation takes longer to load than most files to run.
  const { generateFixture, MATRICES } = await import("./generate.ts");
  for (const [name, matrix] of MATRICES) {
    if (values.only !== undefined && values.only !== name) continue;
    const text = JSON.stringify(await generateFixture(matrix), undefined, 1);
    const file = `${name}.json`;
    if (values.write !== undefined) {
      mkdirSync(values.write, { recursive: true });
      writeFileSync(join(values.write, file), text);
    }
    yield { folder: name, file, fixture: JSON.parse(text) as Fixture };
  }
}
