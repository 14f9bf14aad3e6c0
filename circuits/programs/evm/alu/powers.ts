/**
 * EXP by squaring: base^e = (base^(e >> 1))^2, times base where e is odd.
 *
 * Proves: z of a `powers` key (POWER, a, b) is the id of a^b; z and y of an `exponentiations` key (EXP, a, b) are the id of a^b and
 *   50 gas for each significant byte of b (EIP-160).
 * Assumes: `expCore`, `byteLength`.
 * Enforces: the power of `half` is what the POWER fact of the same base says, unless half is 0.
 * Sound because: `half` is less than the exponent unless that is 0, so a chain of facts goes down: none can lean on itself.
 * Cost: 170 gates a step, 50 an exponentiation.
 */
import { sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { byteLength } from "../../../gadgets/alu/byteLength.ts";
import type { BytePowers } from "../../../gadgets/alu/bytePowers.ts";
import { expCore } from "../../../gadgets/alu/expCore.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { ExponentiationEntry, PowerEntry } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { witnessIds } from "./coreChips.ts";

const EXP_BYTE_GAS = 50n;
const POWER = BigInt(Tag.POWER);

export function powerChip(
  b: Builder,
  facts: Facts,
  count: number,
  entry: (i: number) => PowerEntry | undefined,
): void {
  for (let i = 0; i < count; i++) b.scope(`powers[${i}]`, () => powerStep(b, facts, i, () => entry(i)));
}

function powerStep(b: Builder, facts: Facts, i: number, entry: () => PowerEntry | undefined): void {
  const id = (name: keyof PowerEntry): Wire => witnessBits(b, 20, name, () => BigInt(entry()?.[name] ?? 0));
  const [base, exponent, half] = [id("base"), id("exponent"), id("half")];
  const halfWord = facts.word(half, "halfWord");
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const asks = and(b, active, not(b, isZeroWord(b, halfWord, "half.isZero"), "half.isSome"), "asks");
  const root = facts.answer({ op: POWER, a: base, b: half }, "root", asks);
  const words = { base: facts.word(base, "baseWord"), exponent: facts.word(exponent, "exponentWord"), half: halfWord, power: facts.word(root, "power") }; // prettier-ignore
  const core = expCore(b, words, () => (entry() === undefined ? undefined : "EXP"), "core");
  b.assertZero([], [[1n, active], [-1n, core.active]], 0n, "active.isCore"); // prettier-ignore
  facts.defineWord("powers", i, core.result);
  facts.defineKey(
    "powers",
    i,
    active,
    { op: POWER, a: base, b: exponent, z: facts.wordId("powers", i) },
    "key",
  );
}

export function exponentiationChip(
  b: Builder,
  facts: Facts,
  powers: BytePowers,
  count: number,
  entry: (i: number) => ExponentiationEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`exponentiations[${i}]`, () => {
      const active = witnessBool(b, "active", () => entry(i) !== undefined);
      const ids = witnessIds(b, () => entry(i));
      const z = facts.answer({ op: POWER, ...ids }, "result", active);
      const bytes = byteLength(b, powers, facts.word(ids.b, "exponent"), "bytes");
      const y = sum(b, [[EXP_BYTE_GAS, bytes]], 0n, "gas"); // prettier-ignore
      facts.defineKey("exponentiations", i, active, { op: BigInt(OPCODE.EXP!), ...ids, z, y }, "key");
    });
}
