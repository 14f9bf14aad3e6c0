/**
 * The lying prover over a whole chunk: every kind of lie, the rest of the plan and of the witness following from it. A lie that
 * changes anything at all breaks a constraint. `BVM_TEST_ALL=1` tells each at every occurrence of the chunk (an hour); else some
 * kinds, each where it first has an effect, from a printed seed.
 */
import { expect } from "chai";
import { planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { Random } from "../../../protocol/random.ts";
import { LyingProver, type LieKind, type Outcome } from "./lieKind.ts";
import { LIES } from "./lies/lies.ts";
import { realisticChunk, roomyProfile } from "./realisticChunk.ts";

const ALL = process.env["BVM_TEST_ALL"] === "1";
const SOME = 42;
/** What is known of a kind after so many attempts that changed nothing is that the chunk is not the one to show it. */
const PATIENCE = 40;

const random = new Random();
const shuffled = <T>(items: readonly T[]): T[] =>
  items.map((item) => [random.bits(64), item] as const).sort(([x], [y]) => (x < y ? -1 : 1)).map(([, item]) => item); // prettier-ignore

interface Told {
  readonly occurrences: number;
  readonly outcomes: readonly Outcome[];
}

function tellEverywhere(prover: LyingProver, kind: LieKind): Told {
  const occurrences = prover.occurrences(kind);
  const places = Array.from({ length: occurrences }, (_, at) => at);
  const outcomes: Outcome[] = [];
  for (const at of ALL ? places : shuffled(places).slice(0, PATIENCE)) {
    const outcome = prover.attempt(kind, at);
    outcomes.push(outcome);
    if (!ALL && (outcome.verdict === "refused" || outcome.verdict === "ACCEPTED")) break;
  }
  return { occurrences, outcomes };
}

const count = (outcomes: readonly Outcome[], verdict: Outcome["verdict"]): number =>
  outcomes.filter((outcome) => outcome.verdict === verdict).length;

function row(name: string, { occurrences, outcomes }: Told): string {
  const broken = outcomes.find((outcome) => outcome.verdict === "refused");
  const counts = (["refused", "silent", "stopped"] as const).map((verdict) => String(count(outcomes, verdict)).padStart(5)); // prettier-ignore
  return `${name.padEnd(60)} ${String(occurrences).padStart(5)} ${counts.join(" ")}  ${broken?.broken ?? "-"}`;
}

describe(`EVM: a prover who lies (seed ${random.seed})`, function () {
  this.timeout(0);

  let prover: LyingProver;
  const table: string[] = [];
  const kinds = ALL ? LIES : shuffled(LIES).slice(0, SOME);

  before(async () => {
    const input = await realisticChunk();
    const profile = roomyProfile(input);
    expect(planEvm(profile, input).chunk.shortages()).to.deep.equal([]);
    prover = new LyingProver(profile, input);
  });

  after(() => {
    const heads = ["places", "  refused", "silent", "stopped", "by first"].join(" ");
    console.log([`${"lie".padEnd(60)} ${heads}`, ...table.sort()].join("\n"));
  });

  it("nothing breaks without a lie", () =>
    expect(prover.attempt({ name: "none" }, 0)).to.deep.equal({ verdict: "silent" }));

  it("has kinds enough, each of its own name", () => {
    expect(new Set(LIES.map(({ name }) => name)).size).to.equal(LIES.length);
    expect(kinds.length).to.be.at.least(40);
  });

  for (const kind of kinds)
    it(kind.name, () => {
      const told = tellEverywhere(prover, kind);
      table.push(row(kind.name, told));
      expect(told.outcomes.filter(({ verdict }) => verdict === "ACCEPTED")).to.deep.equal([]);
      expect(count(told.outcomes, "refused"), "refused").to.be.at.least(1);
    });
});
