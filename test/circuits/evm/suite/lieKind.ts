/** The prover who lies about one thing and fills everything after from the lie. */
import { mod } from "../../../../protocol/field.ts";
import { StackError } from "../../../../protocol/errors.ts";
import type { Profile } from "../../../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import type { ChunkPlan } from "../../../../protocol/evm/plan/planChunk.ts";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { type EvmPlan, planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { LyingBuilder } from "../../gadgets/lyingBuilder.ts";

/** Asked at every occurrence of what a kind lies about: whether to lie there. */
export type Tell = () => boolean;

export interface LieKind {
  readonly name: string;
  /** Makes the native machine lie from now on; the result makes it honest again. */
  readonly machine?: (tell: Tell) => () => void;
  /** Makes planners lie, before they are run. */
  readonly plan?: (plan: ChunkPlan, tell: Tell) => void;
  /** Changes the finished plan. */
  readonly change?: (plan: EvmPlan, tell: Tell) => EvmPlan;
  /** Wires, by full name without indices, that are filled with another value; each is an occurrence. */
  readonly wire?: { readonly name: string; readonly lie: (honest: bigint) => bigint };
}

/**
 * refused: a constraint breaks. silent: nothing changes, no wire and no public input. stopped: whoever lies so finds nothing to
 * fill the rest with. ACCEPTED: a hole.
 */
export type Outcome =
  | { readonly verdict: "refused"; readonly broken: string }
  | { readonly verdict: "silent" }
  | { readonly verdict: "stopped"; readonly by: string }
  | { readonly verdict: "ACCEPTED"; readonly isStatementFalse: boolean };

export class LyingProver {
  readonly profile: Profile;
  readonly input: ChunkInput;
  readonly honest: readonly bigint[];
  readonly #wires = new Map<string, string[]>();
  readonly #publicInputs: readonly number[];

  constructor(profile: Profile, input: ChunkInput) {
    this.profile = profile;
    this.input = input;
    const { circuit, witness } = buildEvm(profile, planEvm(profile, input));
    this.honest = [...witness];
    this.#publicInputs = circuit.publicInputs.map(({ wire }) => wire);
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const name = circuit.wireName(wire);
      const kind = withoutIndices(name);
      const names = this.#wires.get(kind) ?? [];
      if (witness[wire] !== 0n) names.push(name);
      this.#wires.set(kind, names);
    }
  }

  /** How often the chunk gives occasion for a lie. */
  occurrences(kind: LieKind): number {
    if (kind.wire !== undefined) return this.#named(kind.wire.name).length;
    let count = 0;
    this.#plan(kind, () => (count++, false));
    return count;
  }

  /** The circuit filled from the lie at occurrence `at`. Throws what a planner or the circuit's filling throws that cannot go on. */
  fill(kind: LieKind, at: number): Built {
    let count = 0;
    const plan = this.#plan(kind, () => count++ === at);
    return buildEvm(this.profile, plan, this.#builder(kind, at));
  }

  /** What comes of it. */
  attempt(kind: LieKind, at: number): Outcome {
    let told: Built;
    try {
      told = this.fill(kind, at);
    } catch (error) {
      return { verdict: "stopped", by: reasonOf(error) };
    }
    const { circuit, witness } = told;
    const [first] = check(circuit, witness).broken;
    if (first !== undefined) return { verdict: "refused", broken: first.name };
    if (witness.every((value, wire) => value === this.honest[wire])) return { verdict: "silent" };
    const isStatementFalse = this.#publicInputs.some((wire) => witness[wire] !== this.honest[wire]);
    return { verdict: "ACCEPTED", isStatementFalse };
  }

  #plan(kind: LieKind, tell: Tell): EvmPlan {
    const beHonest = kind.machine?.(tell);
    try {
      const plan = planEvm(this.profile, this.input, (chunk) => kind.plan?.(chunk, tell));
      return kind.change?.(plan, tell) ?? plan;
    } finally {
      beHonest?.();
    }
  }

  #builder({ wire }: LieKind, at: number): Builder {
    if (wire === undefined) return new Builder();
    const name = this.#named(wire.name)[at]!;
    return new LyingBuilder({ [name]: (honest: bigint) => mod(wire.lie(honest)) });
  }

  #named(kind: string): readonly string[] {
    const names = this.#wires.get(kind);
    if (names === undefined) throw new RangeError(`no wire ${kind}`);
    return names;
  }
}

export const withoutIndices = (name: string): string => name.replace(/\[\d+\]/g, "[]");

const reasonOf = (error: unknown): string =>
  error instanceof StackError ? (error.type as { code: string }).code : (error as Error).constructor.name;

/** Replaces a function of a planner by what `make` makes of it. */
export function patch<T extends object, K extends keyof T>(
  object: T,
  name: K,
  make: (honest: T[K]) => T[K],
): void {
  const honest = object[name];
  object[name] = make((typeof honest === "function" ? honest.bind(object) : honest) as T[K]);
}
