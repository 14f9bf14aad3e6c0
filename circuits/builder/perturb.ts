/**
 * Changes one wire at a time and reports those whose change no constraint notices. A quick net for what was forgotten,
 * not a proof: a hole that needs two wires changed together passes it, which is what the bounds lint is for.
 */
import type { Built } from "./builder.ts";
import { check } from "./check.ts";

/** Full names of the wires, of those `choose` takes, that can be changed alone. `changes`: what a value becomes. */
export function freeWires(
  { circuit, witness }: Built,
  choose: (wire: number) => boolean = () => true,
  changes: readonly ((value: bigint) => bigint)[] = [(v) => (v === 0n ? 1n : 0n), (v) => v + 1n],
): string[] {
  const values = [...witness];
  const free: string[] = [];
  for (let wire = 0; wire < values.length; wire++) {
    if (!choose(wire)) continue;
    const honest = values[wire]!;
    const unnoticed = changes.some((change) => {
      values[wire] = change(honest);
      return check(circuit, values).broken.length === 0;
    });
    values[wire] = honest;
    if (unnoticed) free.push(circuit.wireName(wire));
  }
  return free;
}
