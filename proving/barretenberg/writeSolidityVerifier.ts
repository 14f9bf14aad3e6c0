import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBarretenberg, type RunOptions } from "./run.ts";

/**
 * The Solidity source of the verifier of an `evm-no-zk` key, as bb writes it: with the G2 point of bb's own ceremony, whatever
 * reference string the key was made with (`proving/verifier/` puts the right one in).
 * `key`: path of the key. Throws BB_FAILED.
 */
export async function writeSolidityVerifier(key: string, options?: RunOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-verifier-"));
  const path = join(folder, "Verifier.sol");
  try {
    await runBarretenberg(
      ["write_solidity_verifier", "--optimized", "-k", key, "-o", path, "-t", "evm-no-zk"],
      options,
    );
    return await readFile(path, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
