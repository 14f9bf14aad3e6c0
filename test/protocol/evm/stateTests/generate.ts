import { createRandom } from "../../../agents/execution/random.ts";
import type { Fixture, StateTest } from "./fixture.ts";
import * as accounts from "./matrices/accounts.ts";
import * as calls from "./matrices/calls.ts";
import * as creations from "./matrices/creations.ts";
import * as gas from "./matrices/gas.ts";
import * as memory from "./matrices/memory.ts";
import * as opcodes from "./matrices/opcodes.ts";
import * as precompiles from "./matrices/precompiles.ts";
import * as selfdestructs from "./matrices/selfdestructs.ts";
import * as storage from "./matrices/storage.ts";
import * as transactions from "./matrices/transactions.ts";
import * as transient from "./matrices/transient.ts";
import { fill } from "./reference.ts";
import type { StateCase } from "./stateCase.ts";

export type Matrix = () => Iterable<StateCase>;

const modules = [
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
];

/** Every generator of these modules, by its name. */
export const MATRICES: readonly (readonly [name: string, matrix: Matrix])[] = modules.flatMap((module) =>
  Object.entries(module).filter((entry): entry is [string, Matrix] => isGenerator(entry[1])),
);

function isGenerator(value: unknown): value is Matrix {
  return typeof value === "function" && value.constructor.name === "GeneratorFunction";
}

/** How many of a matrix's cases, chosen by a seed. */
export type Sample = { readonly seed: number; readonly most: number };

/** A matrix's cases with their expectations; all of them unless told. */
export async function generateFixture(matrix: Matrix, sample?: Sample): Promise<Fixture> {
  const fixture: Record<string, StateTest> = {};
  for (const example of chosen([...matrix()], sample)) {
    if (fixture[example.name] !== undefined) throw new Error(`two cases are called ${example.name}`);
    fixture[example.name] = await fill(example);
  }
  return fixture;
}

function chosen(cases: StateCase[], sample: Sample | undefined): StateCase[] {
  if (sample === undefined) return cases;
  const { below } = createRandom(sample.seed);
  while (cases.length > sample.most) cases.splice(below(cases.length), 1);
  return cases;
}
