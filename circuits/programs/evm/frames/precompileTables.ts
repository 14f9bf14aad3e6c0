/** The jobs of the pools of precompiled contracts, as tables that a call reads. Entry 0 is nobody's. */
import type { Builder } from "../../../builder/builder.ts";
import { fieldRom, rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import type { Blake2fJob } from "../../../gadgets/precompiles/blake2f.ts";
import type { EcrecoverJob } from "../../../gadgets/precompiles/ecrecover.ts";
import type { ModexpJob } from "../../../gadgets/precompiles/modexp.ts";
import type { MessageJob } from "../../../gadgets/precompiles/sha256.ts";
import { modexpTables } from "./modexpCall.ts";

export interface PrecompilePools {
  readonly sha256: readonly MessageJob[];
  readonly ripemd160: readonly MessageJob[];
  readonly ecrecover: readonly EcrecoverJob[];
  readonly modexp: readonly ModexpJob[];
  readonly blake2f: readonly Blake2fJob[];
}

export type PrecompileTables = ReturnType<typeof precompileTables>;

export function precompileTables(b: Builder, pools: PrecompilePools) {
  const hashes = (jobs: readonly MessageJob[], name: string) => ({
    ...commitments(b, jobs, name),
    output: words(b, jobs.map(({ output }) => output), `${name}.output`), // prettier-ignore
  });
  const { ecrecover, blake2f } = pools;
  return {
    sha256: hashes(pools.sha256, "sha256"),
    ripemd160: hashes(pools.ripemd160, "ripemd160"),
    ecrecover: {
      jobs: ecrecover,
      inputs: (["digest", "v", "r", "s"] as const).map((field) => words(b, ecrecover.map((job) => job[field]), `ecrecover.${field}`)), // prettier-ignore
      success: rom<Bool>(b, [b.zero, ...ecrecover.map(({ success }) => success)], "ecrecover.success"),
      address: words(b, ecrecover.map(({ address }) => address), "ecrecover.address"), // prettier-ignore
    },
    modexp: modexpTables(b, pools.modexp),
    blake2f: {
      ...commitments(b, blake2f, "blake2f"),
      rounds: rom<Wire>(b, [b.zero, ...blake2f.map(({ rounds }) => rounds)], "blake2f.rounds"),
      wellFormed: rom<Bool>(b, [b.zero, ...blake2f.map(({ wellFormed }) => wellFormed)], "blake2f.wellFormed"), // prettier-ignore
      answered: rom<Bool>(b, [b.zero, ...blake2f.map(({ answered }) => answered)], "blake2f.answered"),
      first: words(b, blake2f.map(({ output }) => output[0]), "blake2f.first"), // prettier-ignore
      second: words(b, blake2f.map(({ output }) => output[1]), "blake2f.second"), // prettier-ignore
    },
  };
}

/** By what a job is found: the message commitment of its input. */
const commitments = (b: Builder, jobs: readonly { readonly commitment: Wire }[], name: string) => ({
  jobs: jobs.map(({ commitment }) => commitment),
  commitment: fieldRom(b, [b.zero, ...jobs.map(({ commitment }) => commitment)], `${name}.commitment`),
});

export const words = (b: Builder, list: readonly Word[], name: string) => ({
  hi: rom<U128>(b, [b.zero, ...list.map(({ hi }) => hi)], `${name}.hi`),
  lo: rom<U128>(b, [b.zero, ...list.map(({ lo }) => lo)], `${name}.lo`),
});
