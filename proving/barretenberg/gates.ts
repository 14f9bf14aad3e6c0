import { ProvingError } from "../errors.ts";
import { runBarretenberg, type RunOptions } from "./run.ts";

export type GateCount = { readonly gates: number; readonly acirOpcodes: number };

/** The size of a program as `bb` builds it. `program`: path of the ACIR file. Throws BB_FAILED. */
export async function gates(program: string, options?: RunOptions): Promise<GateCount> {
  const { stdout } = await runBarretenberg(["gates", "-b", program], options);
  const report = /"acir_opcodes": (\d+),\s*"circuit_size": (\d+)/.exec(stdout);
  if (report === null)
    throw new ProvingError({ code: "BB_OUTPUT_MALFORMED", command: "bb gates", reason: stdout.slice(-500) });
  return { acirOpcodes: Number(report[1]), gates: Number(report[2]) };
}
