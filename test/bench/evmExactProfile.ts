/** A profile with room for one chunk and nothing more: what the chunk itself costs. */
import { measureEvm } from "../../circuits/programs/evm/evmPlan.ts";
import { CHIP_FACTS, type Capacities, type Profile, TABLES } from "../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { EVM_PROFILES } from "../../protocol/evm/profiles.ts";

const { treeHeight } = EVM_PROFILES[0]!;
/** Of these a circuit may have none at all. */
const MAY_BE_NONE: ReadonlySet<string> = new Set([
  ...Object.keys(CHIP_FACTS).filter(
    (chip) => !["transactions", "frames", "copies", "keccaks", "logs"].includes(chip),
  ),
  ...["segments", "precompileCalls", "sha256Blocks", "ripemd160Blocks", "ecrecovers"],
  ...["modexps", "modexpSteps", "blake2fJobs", "blake2fRounds"],
]);

export function exactProfile(input: ChunkInput, name = "exact"): Profile {
  const all = (room: (capacity: string) => number): Capacities =>
    Object.fromEntries(
      [...Object.keys(CHIP_FACTS), ...TABLES].map((capacity) => [capacity, room(capacity)]),
    ) as Capacities;
  const least = all((capacity) => (MAY_BE_NONE.has(capacity) ? 0 : capacity === "codeRows" ? 2 : 1));
  let capacities = { ...all(() => ENOUGH), transactions: 1, dataWords: 1, segments: 0 };
  // Numbers of frames and cells depend on the room for what comes before them, so one look is not enough.
  for (let look = 0; look < 3; look++) {
    const { book } = measureEvm({ name, treeHeight, capacities }, input);
    const needed = [...book.uses()].map(([capacity, count]) => [capacity, Math.max(count, least[capacity])]);
    capacities = { ...least, ...Object.fromEntries(needed) };
  }
  return { name, treeHeight, capacities };
}

/** Room for any chunk of a benchmark. */
const ENOUGH = 8_000;
