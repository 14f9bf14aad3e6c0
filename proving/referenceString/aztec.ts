/**
 * Aztec's ceremony, downloaded by `bb` itself: it fetches what a command needs into the folder it is given and compares
 * every part with SHA-256 hashes built into it. So the folder is filled by asking for the key of a circuit of the largest size.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccakF1600 } from "../../circuits/builder/blackBoxes.ts";
import { Builder } from "../../circuits/builder/builder.ts";
import { emitProgram } from "../../circuits/builder/emit.ts";
import { witnessU64 } from "../../circuits/builder/ranges.ts";
import { writeKey } from "../barretenberg/writeKey.ts";
import { ProvingError } from "../errors.ts";
import { g2Path, readG2, type G2Point } from "./files.ts";

/** tau * H of the ceremony, as every verifier that bb generates holds it. */
export const CEREMONY_G2: G2Point = {
  x: {
    c0: 0x0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0n,
    c1: 0x260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1n,
  },
  y: {
    c0: 0x22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55n,
    c1: 0x04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4n,
  },
};

/** 144 permutations of about 15,100 gates are more than 2^21, so the domain is 2^22. */
const PROBE_PERMUTATIONS = 144;

/** Fills `folder`. Throws REFERENCE_STRING_DOWNLOAD_FAILED (retry) without a network, REFERENCE_STRING_DAMAGED. */
export async function downloadCeremony(folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "bvm-ceremony-"));
  const program = join(work, "program.json");
  try {
    await writeFile(program, emitProgram(probe()));
    await writeKey({ program, target: "evm-no-zk", crs: folder, output: work });
  } catch (error) {
    if (!(error instanceof ProvingError) || error.type.code !== "BB_FAILED") throw error;
    const reason = error.type.output;
    throw new ProvingError({ code: "REFERENCE_STRING_DOWNLOAD_FAILED", reason }, "retry", { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const { x, y } = await readG2(folder);
  const same =
    x.c0 === CEREMONY_G2.x.c0 &&
    x.c1 === CEREMONY_G2.x.c1 &&
    y.c0 === CEREMONY_G2.y.c0 &&
    y.c1 === CEREMONY_G2.y.c1;
  if (!same)
    throw new ProvingError({
      code: "REFERENCE_STRING_DAMAGED",
      path: g2Path(folder),
      reason: "not the ceremony's G2",
    });
}

function probe(): ReturnType<Builder["finish"]>["circuit"] {
  const b = new Builder("shape");
  let lanes = Array.from({ length: 25 }, (_, i) => witnessU64(b, `lane[${i}]`, () => 0n));
  for (let i = 0; i < PROBE_PERMUTATIONS; i++) lanes = keccakF1600(b, lanes, `permutation[${i}]`);
  return b.finish().circuit;
}
