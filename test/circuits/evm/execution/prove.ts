/** Plans a chunk, fills the circuit, and says which constraints break. */
import type { Builder, Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { type EvmPlan, measureEvm, planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import type { Capacity, Profile } from "../../../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import type { ChunkPlan } from "../../../../protocol/evm/plan/planChunk.ts";
import { STATEMENT_INPUTS } from "../../../../protocol/publicInputs.ts";
import { profileOf } from "./demoChain.ts";
import { type Lie, LyingBuilder } from "../../gadgets/lyingBuilder.ts";

export interface Attempt {
  readonly plan: EvmPlan;
  readonly built: Built;
  /** Names of the constraints that break, in circuit order. */
  readonly broken: readonly string[];
  readonly input: (name: (typeof STATEMENT_INPUTS)[number]) => bigint;
}

export interface Lies {
  /** What the planner does otherwise. */
  readonly plan?: (plan: ChunkPlan) => void;
  /** Wires that take another value, by full name. */
  readonly wires?: Readonly<Record<string, Lie>>;
  readonly change?: (plan: EvmPlan) => EvmPlan;
}

export function attempt(profile: Profile, input: ChunkInput, lies: Lies = {}): Attempt {
  const planned = planEvm(profile, input, lies.plan);
  const plan = lies.change?.(planned) ?? planned;
  const b: Builder = new LyingBuilder(lies.wires ?? {});
  const built = buildEvm(profile, plan, b);
  const broken = check(built.circuit, built.witness, 60).broken.map(({ name }) => name);
  const read = (name: (typeof STATEMENT_INPUTS)[number]): bigint =>
    built.witness[built.circuit.publicInputs[STATEMENT_INPUTS.indexOf(name)]!.wire]!;
  return { plan, built, broken, input: read };
}

/** A profile with room for the blocks: the small one, and what they use beyond it. */
export function fitting(input: ChunkInput, own: Partial<Record<Capacity, number>> = {}): Profile {
  const room = { ...own };
  // Numbers of frames and cells depend on the room for what comes before them, so one look may not be enough.
  for (let look = 0; look < 3; look++)
    for (const { capacity, needed } of measureEvm(profileOf(room), input).shortages())
      room[capacity] = needed;
  return profileOf(room);
}
