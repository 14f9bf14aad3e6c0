/**
 * The cheating prover: wires whose full name is listed take another value when they are made, and everything after is
 * filled from the lie, as a prover who means it would.
 */
import { Builder } from "../../../circuits/builder/builder.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";

export type Lie = bigint | ((honest: bigint) => bigint);

export class LyingBuilder extends Builder {
  readonly #lies: ReadonlyMap<string, Lie>;
  readonly told = new Set<string>();

  constructor(lies: Readonly<Record<string, Lie>>) {
    super();
    this.#lies = new Map(Object.entries(lies));
  }

  override witness(name: string, value: () => bigint): Wire {
    const lie = this.#lies.get(this.where(name));
    if (lie === undefined) return super.witness(name, value);
    this.told.add(this.where(name));
    return super.witness(name, () => (typeof lie === "bigint" ? lie : lie(value())));
  }
}
