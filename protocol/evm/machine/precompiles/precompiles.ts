import { blake2f } from "./blake2f.ts";
import { ecrecover } from "./ecrecover.ts";
import { identity, ripemd, sha2 } from "./hashes.ts";
import { modexp } from "./modexp.ts";
import type { Precompile } from "./precompile.ts";

/**
 * Those that exist on chains of the program `evm`. The pairing curve's (6, 7, 8) and the blob commitment's (10) do not:
 * their addresses are ordinary ones and not warm from the start (docs/spec/machine.md).
 */
export const PRECOMPILES: ReadonlyMap<bigint, Precompile> = new Map([
  [1n, ecrecover],
  [2n, sha2],
  [3n, ripemd],
  [4n, identity],
  [5n, modexp],
  [9n, blake2f],
]);

/** Its number, if there is one at the address. */
export const precompileAt = (address: bigint): number | undefined =>
  address <= 9n && PRECOMPILES.has(address) ? Number(address) : undefined;
