/** Vector files, and what it means that a gadget computes one. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { assertEqual } from "../../../circuits/builder/arithmetic.ts";
import type { Builder, Built } from "../../../circuits/builder/builder.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget } from "../gadgets/buildGadget.ts";

export const readVectors = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8")) as T;

/** Big endian. */
export const integerOf = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** New wires `name[i]` of which nothing is known. */
export const fieldInputs = (b: Builder, name: string, values: readonly bigint[]): Wire[] =>
  b.witnesses(name, values.length, () => values);

/**
 * The wires that `body` returns have the values `expected`, with every constraint met. For each of them an altered expectation
 * breaks its comparison, and writing it into the wire too breaks exactly the constraint `guard(i)` of the gadget.
 */
export function expectComputes(
  body: (b: Builder) => readonly Wire[],
  expected: readonly bigint[],
  guard: (i: number) => string,
): Built {
  const built = buildGadget((b) =>
    body(b).map((output, i) => {
      const claim = b.witness(`vector[${i}]`, () => expected[i]!);
      assertEqual(b, output, claim, `isVector[${i}]`);
      return { output, claim };
    }),
  );
  expect(built.out.map(({ output }) => built.value(output))).to.deep.equal(expected);
  expectSound(built);
  built.out.forEach(({ output, claim }, i) => {
    const altered = expected[i]! ^ 1n;
    expectOnlyBroken(built, new Map([[claim, altered]]), [`isVector[${i}]`]);
    expectOnlyBroken(
      built,
      new Map([
        [claim, altered],
        [output, altered],
      ]),
      [guard(i)],
    );
  });
  return built;
}
