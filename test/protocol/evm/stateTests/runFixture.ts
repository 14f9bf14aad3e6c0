import type { Expectation, Fixture, StateTest } from "./fixture.ts";
import { type Outcome, runCase } from "./runCase.ts";
import type { Tally } from "./tally.ts";

type Options = { readonly fork: string; readonly isFirstFailureLast: boolean };

/** Runs a file's tests. False: stopped at a failure. */
export async function runFixture(
  place: { readonly folder: string; readonly file: string },
  fixture: Fixture,
  tally: Tally,
  { fork, isFirstFailureLast }: Options,
): Promise<boolean> {
  for (const [test, content] of Object.entries(fixture)) {
    const expectations = content.post[fork];
    if (expectations === undefined) {
      const outcome = { kind: "left out", reason: `says nothing of ${fork}` } as const;
      tally.add({ ...place, test, indexes: { data: 0, gas: 0, value: 0 } }, outcome);
      continue;
    }
    for (const expected of expectations) {
      tally.add({ ...place, test, indexes: expected.indexes }, await outcomeOf(content, expected));
      if (isFirstFailureLast && tally.failed > 0) return false;
    }
  }
  return true;
}

/** A crash is a failure of its own test alone. */
async function outcomeOf(test: StateTest, expected: Expectation): Promise<Outcome> {
  try {
    return await runCase(test, expected);
  } catch (error) {
    return { kind: "failed", differences: [`crashed: ${String(error)}`] };
  }
}
