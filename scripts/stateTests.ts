/**
 * Runs Ethereum's state tests on the native machine.
 *
 *   node scripts/stateTests.ts <file or folder>... [--fork Cancun] [--first-failure]
 *   node scripts/stateTests.ts --generate [--only <matrix>] [--write <folder>]
 *
 * Files are those of ethereum/tests (GeneralStateTests) and of execution-spec-tests (state_test). --generate makes tests of the
 * same format over matrices of rules, expectations by @ethereumjs/vm, and runs them. Prints per folder what passed, failed and
 * was left out, with the reason; of a failure what differs. Fails if a test does, or if none passed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const run = fileURLToPath(new URL("../test/protocol/evm/stateTests/run.ts", import.meta.url));
const child = spawn(process.execPath, [run, ...process.argv.slice(2)], { stdio: "inherit" });
const [code] = (await once(child, "exit")) as [number | null];
process.exitCode = code ?? 1;
