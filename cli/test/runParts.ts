import { spawn } from "node:child_process";
import { StackError } from "../../protocol/errors.ts";
import { TEST_PARTS, type TestPart } from "./parts.ts";

export type TestError = { code: "UNKNOWN_TEST_PART"; part: string; expected: string };

interface PartResult {
  readonly part: TestPart;
  readonly passed: boolean;
  readonly seconds: number;
}

/**
 * Runs the named parts (all that are not on demand when none is named) one after the other; a failing part does not stop the next.
 * Returns the exit code. The last line is `tests: N passed, N failed`, parts counted.
 * @throws StackError UNKNOWN_TEST_PART
 */
export async function runTestParts(names: readonly string[], root: string): Promise<number> {
  const parts = names.length === 0 ? TEST_PARTS.filter((part) => !part.onDemand) : names.map(findPart);
  const results: PartResult[] = [];
  for (const part of parts) {
    console.log(`\n=== ${part.name}: ${part.what}`);
    const started = performance.now();
    const code = await runNode(part.run, root);
    results.push({ part, passed: code === 0, seconds: (performance.now() - started) / 1000 });
  }
  console.log("");
  for (const { part, passed, seconds } of results)
    console.log(
      `${passed ? "ok    " : "FAILED"} ${part.name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s`,
    );
  const failed = results.filter((r) => !r.passed).length;
  console.log(`tests: ${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function findPart(name: string): TestPart {
  const part = TEST_PARTS.find((p) => p.name === name);
  if (part) return part;
  const expected = TEST_PARTS.map((p) => p.name).join(", ");
  throw new StackError<TestError>({ code: "UNKNOWN_TEST_PART", part: name, expected }, "fatal");
}

function runNode(args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
