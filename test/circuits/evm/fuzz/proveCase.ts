/** Plans a case in a circuit that is exactly large enough, fills it, and says what went wrong. */
import { check } from "../../../../circuits/builder/check.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { measureEvm, planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { type Capacities, type Capacity, CHIP_FACTS, type Profile, TABLES } from "../../../../protocol/evm/capacities.ts"; // prettier-ignore
import type { BlockTrace } from "../../../../protocol/evm/machine/trace.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { MAX_COPY_WORDS } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { UNPROVABLE } from "../../../../protocol/evm/plan/frames/precompileJobs.ts";
import { STATEMENT_INPUTS } from "../../../../protocol/publicInputs.ts";
import { createRandom } from "../../../agents/execution/random.ts";
import type { FuzzCase } from "./fuzzCase.ts";
import { type Executed, FuzzChain } from "./fuzzChain.ts";

/** invalid: the case itself is none. Else who fails, and how; `signature` without numbers, to tell causes apart. */
export interface Failure {
  readonly kind: "invalid" | "planner" | "shortage" | "fill" | "broken" | "statement";
  readonly signature: string;
  readonly details: string;
}

export interface Outcome {
  readonly failure: Failure | undefined;
  readonly traces: readonly BlockTrace[];
  readonly rows: number;
}

const CAPACITIES: readonly Capacity[] = [...(Object.keys(CHIP_FACTS) as Capacity[]), ...TABLES];
const MAY_BE_NONE = new Set<Capacity>(["segments", "exceptions", ...(Object.keys(CHIP_FACTS) as Capacity[])]); // prettier-ignore
const SHIFTING = new Set<Capacity>(["transactions", "dataWords", "segments"]);
const LEAST: Partial<Record<Capacity, number>> = { transactions: 1, frames: 1, codeRows: 2, stack: 64, memoryCells: 2, copies: 1, keccaks: 1, logs: 1 }; // prettier-ignore
/** More take too long, or more accesses than a table of bb can have. */
const MOST_STEPS = 12_000;
/** What no circuit of the program has more of. */
const MOST: Partial<Record<Capacity, number>> = { modexps: UNPROVABLE - 1, copyWords: MAX_COPY_WORDS };
/** Levels of the tree. */
const TREE_HEIGHT = 9;

export async function proveCase(fuzzCase: FuzzCase): Promise<Outcome> {
  let executed: Executed;
  try {
    const chain = new FuzzChain(fuzzCase.contracts);
    if (fuzzCase.setup.length > 0) await chain.execute(fuzzCase.setup);
    executed = await chain.execute(fuzzCase.blocks);
  } catch (error) {
    return { failure: failureOf("invalid", error), traces: [], rows: 0 };
  }
  const steps = executed.traces.reduce((sum, trace) => sum + trace.steps.length, 0);
  if (steps > MOST_STEPS)
    return {
      failure: { kind: "invalid", signature: "invalid: too long", details: `${steps} steps` },
      traces: [],
      rows: 0,
    };
  return proveChunk(executed, fuzzCase.slack);
}

export function proveChunk({ input, traces, next }: Executed, slack: number): Outcome {
  let kind: Failure["kind"] = "planner";
  let rows = 0;
  const failed = (failure: Failure): Outcome => ({ failure, traces, rows });
  try {
    const profile = fitting(input, slack);
    // No profile has the room: a sequencer's meter refuses it, by this name.
    const beyond = CAPACITIES.find((name) => profile.capacities[name] > (MOST[name] ?? Infinity));
    if (beyond !== undefined) return failed({ kind: "invalid", signature: `invalid: no room for ${beyond}`, details: "" }); // prettier-ignore
    const plan = planEvm(profile, input);
    rows = plan.chunk.machine.t;
    const shortages = plan.chunk.shortages();
    if (shortages.length > 0) return failed({ kind: "shortage", signature: `shortage ${shortages[0]!.capacity}`, details: JSON.stringify(shortages) }); // prettier-ignore
    kind = "fill";
    const { circuit, witness } = buildEvm(profile, plan);
    const { broken } = check(circuit, witness, 12);
    const names = broken.map(({ name }) => name);
    if (names.length > 0) return failed({ kind: "broken", signature: `broken ${plain(names[0]!)}`, details: names.join(" ") }); // prettier-ignore
    const read = (name: (typeof STATEMENT_INPUTS)[number]): bigint =>
      witness[circuit.publicInputs[STATEMENT_INPUTS.indexOf(name)]!.wire]!;
    for (const name of ["stateRoot", "dataHash", "blockNumber", "timestamp", "baseFee", "gasUsed"] as const)
      if (read(`next.${name}`) !== next[name])
        return failed({ kind: "statement", signature: `statement ${name}`, details: `${read(`next.${name}`)} ${next[name]}` }); // prettier-ignore
    return { failure: undefined, traces, rows };
  } catch (error) {
    return failed(failureOf(kind, error));
  }
}

function failureOf(kind: Failure["kind"], error: unknown): Failure {
  const { stack = String(error) } = error as Error;
  const lines = stack.split("\n");
  const place = lines.slice(1).find((line) => /\/(protocol|circuits)\//.test(line)) ?? "";
  const where = /at (\S+) .*\/(\w+\.ts):\d+/.exec(place);
  const type = (error as { type?: unknown }).type;
  const detail = JSON.stringify(type ?? null, (_k, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
  return { kind, signature: `${kind} ${plain(lines[0]!)} ${where?.[1] ?? ""} ${where?.[2] ?? ""}`, details: `${lines.slice(0, 9).join("\n")}\n${detail}` }; // prettier-ignore
}

const plain = (text: string): string => text.replaceAll(/\d+/g, "#").slice(0, 120);

/** Room for what the blocks take, and no more, unless `slack` is not 0: then now and then a little, or, if it is -1, two more of everything. */
function fitting(input: ChunkInput, slack: number): Profile {
  const random = createRandom(slack);
  const spare = (): number => (slack <= 0 ? -2 * slack : Math.max(0, random.below(5) - 2));
  const room = Object.fromEntries(CAPACITIES.map((name) => [name, LEAST[name] ?? (MAY_BE_NONE.has(name) ? 0 : 1)])) as Record<Capacity, number>; // prettier-ignore
  const profile: Profile = { name: "fuzz", treeHeight: TREE_HEIGHT, capacities: room as Capacities };
  const measure = (): ReadonlyMap<Capacity, number> => measureEvm(profile, input).book.uses();
  const widen = (uses: ReadonlyMap<Capacity, number>): void => {
    for (const [capacity, needed] of uses) room[capacity] = Math.max(needed, room[capacity]) + spare();
  };
  // Frames are numbered and memory is laid out behind these, so they come first.
  const first = measure();
  widen(new Map([...SHIFTING].map((capacity) => [capacity, first.get(capacity) ?? 0])));
  const uses = measure();
  const others = CAPACITIES.filter((capacity) => !SHIFTING.has(capacity));
  widen(new Map(others.map((capacity) => [capacity, uses.get(capacity) ?? 0])));
  return profile;
}
