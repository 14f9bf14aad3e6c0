/** A process that runs bb alone on the program given, and tells bb's pid: node proofHolder.ts PROGRAM. */
import { withMachine } from "../../proving/barretenberg/machineLock.ts";
import { runBarretenberg } from "../../proving/barretenberg/run.ts";

const program = process.argv[2]!;
await withMachine((noteChild) =>
  runBarretenberg(["gates", "-b", program], {}, async (pid) => {
    await noteChild(pid);
    process.stdout.write(`${pid}\n`);
  }),
);
