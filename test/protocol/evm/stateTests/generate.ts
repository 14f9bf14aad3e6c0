import { createRandom } from "../../../agents/execution/random.ts";
import type { Fixture, StateTest } from "./fixture.ts";
import * as accounts from "./matrices/accounts.ts";
import * as calls from "./matrices/calls.ts";
import * as gas from "./matrices/gas.ts";
import * as memory from "./matrices/memory.ts";
import * as transactions from "./matrices/transactions.ts";
import * as creations from "./matrices/creations.ts";
import * as opcodes from "./matrices/opcodes.ts";
import * as precompiles from "./matrices/precompiles.ts";
import * as selfdestructs from "./matrices/selfdestructs.ts";
import * as storage from "./matrices/storage.ts";
import * as transient from "./matrices/transient.ts";
import { fill } from "./reference.ts";
import type { StateCase } from "./stateCase.ts";

type Matrix = () => Iterable<StateCase>;

/** Every function of these modules that yields cases. */
const MATRICES: readonly (readonly [string, Matrix])[] = [
  calls,
  storage,
  transient,
  selfdestructs,
  creations,
  transactions,
  memory,
  accounts,
  opcodes,
  precompiles,
  gas,
].flatMap((module) =>
  Object.entries(module).filter((entry): entry is [string, Matrix] => isGenerator(entry[1])),
);

function isGenerator(value: unknown): value is Matrix {
  return typeof value === "function" && value.constructor.name === "GeneratorFunction";
}

/** How many of a matrix's cases, chosen by a seed. All of them unless told. */
export type Sample = { readonly seed: number; readonly most: number };

/** The matrices' cases with their expectations, a fixture for each matrix; of one alone if it is named. */
export async function* generateFixtures(
  sample?: Sample,
  only?: string,
): AsyncGenerator<{ readonly name: string; readonly fixture: Fixture }> {
  for (const [name, matrix] of MATRICES) {
    if (only !== undefined && only !== name) continue;
    const fixture: Record<string, StateTest> = {};
    for (const example of chosen([...matrix()], sample)) {
      if (fixture[example.name] !== undefined) throw new Error(`two cases are called ${example.name}`);
      fixture[example.name] = await fill(example);
    }
    yield { name, fixture };
  }
}

function chosen(cases: StateCase[], sample: Sample | undefined): StateCase[] {
  if (sample === undefined) return cases;
  const { below } = createRandom(sample.seed);
  while (cases.length > sample.most) cases.splice(below(cases.length), 1);
  return cases;
}
