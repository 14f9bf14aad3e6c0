import { addressText, hex } from "./fixture.ts";
import type { WorldState } from "./worldState.ts";

/** What differs between two states, a line each. */
export function differences(found: WorldState, expected: WorldState): string[] {
  const lines: string[] = [];
  for (const address of new Set([...found.keys(), ...expected.keys()])) {
    const [ours, theirs] = [found.get(address), expected.get(address)];
    const name = addressText(address);
    if (ours === undefined || theirs === undefined) {
      lines.push(`${name}: ${ours ? "exists" : "absent"}, expected ${theirs ? "to exist" : "absent"}`);
      continue;
    }
    const say = (what: string, a: string, b: string): void => {
      if (a !== b) lines.push(`${name} ${what}: ${a}, expected ${b}`);
    };
    say("nonce", ours.nonce.toString(), theirs.nonce.toString());
    say("balance", ours.balance.toString(), theirs.balance.toString());
    say("code", hex(ours.code), hex(theirs.code));
    for (const slot of new Set([...ours.storage.keys(), ...theirs.storage.keys()]))
      say(
        `slot 0x${slot.toString(16)}`,
        (ours.storage.get(slot) ?? 0n).toString(16),
        (theirs.storage.get(slot) ?? 0n).toString(16),
      );
  }
  return lines;
}
