/** The pools that prove what precompiled contracts compute. */
import type { Builder } from "../../builder/builder.ts";
import { blake2fPool } from "../../gadgets/precompiles/blake2f.ts";
import { ecrecoverJobs } from "../../gadgets/precompiles/ecrecover.ts";
import { modexpPool } from "../../gadgets/precompiles/modexp.ts";
import { ripemd160Pool } from "../../gadgets/precompiles/ripemd160.ts";
import { sha256Pool } from "../../gadgets/precompiles/sha256.ts";
import type { Capacities } from "../../../protocol/evm/capacities.ts";
import type { PrecompileJobs } from "../../../protocol/evm/plan/frames/precompileJobs.ts";
import type { PrecompilePools } from "./frames/precompileTables.ts";

/** `jobs`: the plan's. A pool without room has no job. */
export function precompilePools(
  b: Builder,
  capacities: Capacities,
  jobs: () => PrecompileJobs,
): PrecompilePools {
  const { sha256Blocks, ripemd160Blocks, ecrecovers, modexps, modexpSteps, blake2fJobs, blake2fRounds } =
    capacities;
  return {
    sha256: sha256Blocks === 0 ? [] : sha256Pool(b, sha256Blocks, () => jobs().sha256, "sha256"),
    ripemd160:
      ripemd160Blocks === 0 ? [] : ripemd160Pool(b, ripemd160Blocks, () => jobs().ripemd160, "ripemd160"),
    ecrecover: ecrecoverJobs(b, ecrecovers, () => jobs().ecrecovers, "ecrecover"),
    modexp:
      modexps === 0
        ? []
        : modexpPool(b, { jobs: modexps, steps: modexpSteps }, () => jobs().modexps, "modexp"),
    blake2f:
      blake2fJobs === 0
        ? []
        : blake2fPool(b, { jobs: blake2fJobs, rounds: blake2fRounds }, () => jobs().blake2f, "blake2f"),
  };
}
