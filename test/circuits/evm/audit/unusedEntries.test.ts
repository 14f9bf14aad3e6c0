/**
 * What an unused entry says stays in it: its free fields may be anything, and no constraint outside of it notices.
 *
 * An entry of a chip that no row asks for has all its flags at 0, and nothing else is fixed. The prover here fills the last, unused
 * entry of every chip with operands, times and frames that mean something. Constraints of the entry itself may break, for what it is
 * filled with has no proof; one outside breaks only where the entry has made a claim on something shared: memory, state, copies, messages.
 */
import { expect } from "chai";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import type { Wire } from "../../../../circuits/builder/wire.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { type EvmPlan, planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { type Capacities, type Chip, CHIP_FACTS, type Profile } from "../../../../protocol/evm/capacities.ts";
import { CONTRACT } from "../execution/contracts.ts";
import { assemble, chunkOf } from "../execution/demoChain.ts";
import { fitting } from "../execution/prove.ts";

/** Scopes of a chip's entries, where they have another name than the chip. A new chip is tried under its own, and must be found. */
const SCOPES: Partial<Record<Chip | "precompileCalls", string>> = {
  copies: "copy",
  memoryOps: "memoryOp",
  keccaks: "keccakOp",
  logs: "log",
  storageOps: "storageOp",
  accountOps: "accountOp",
  answers: "answer",
  jumps: "jump",
  pushes: "push",
  codeWords: "codeWord",
  pushedMasks: "pushedMask",
  exceptions: "exception",
  joins: "join",
  merges: "merge",
  precompileCalls: "precompileCall",
};

/** Without an active flag: words that are free; places that are blocks' bytes (transactions/). Frames have a test of their own. */
const APART: ReadonlySet<Chip> = new Set(["literals", "transactions", "frames"]);
const CHIPS = (Object.keys(CHIP_FACTS) as Chip[]).filter((chip) => !APART.has(chip));
const ENTRIES = [...CHIPS, "precompileCalls"] as const;

/** What an entry must be refused by, where its claims do not depend on its flags. */
const GUARDS: Readonly<Record<string, string>> = { copy: "target.ofActive" };

/** A row and a frame of the run, a height of its stack, a place in its code, much gas. */
const PLACES: Readonly<Record<string, bigint>> = { t: 5n, f: 1n, sp: 60n, pc: 84n, gas: 2n ** 35n };
/** Id of the constant 64: an offset, a length, a value. */
const OPERAND = 64n;
const OPERANDS = /^(a|b|a\[\d\]|b\[\d\]|t[0-3]|z|length|salt|base|exponent|half)$/;

/** Fills the free fields of one scope. */
class FillingBuilder extends Builder {
  filled = 0;
  readonly #scope: string;

  constructor(scope: string) {
    super();
    this.#scope = scope;
  }

  override witness(name: string, value: () => bigint): Wire {
    const field = name.replace(/^(second|first|end)\./, "");
    const filling = PLACES[field] ?? (OPERANDS.test(field) ? OPERAND : undefined);
    if (filling === undefined || !this.where(name).startsWith(`${this.#scope}.`))
      return super.witness(name, value);
    this.filled++;
    return super.witness(name, () => filling);
  }
}

const CODE = assemble("PUSH1", 7, "PUSH0", "MSTORE", "PUSH0", "MLOAD", "PUSH0", "SSTORE", "STOP");

/** Room for the chunk, and for one entry more in every chip. */
async function spacious(): Promise<{ profile: Profile; plan: EvmPlan }> {
  const input = await chunkOf([{ transactions: [{ from: 0, to: CONTRACT, gasLimit: 100_000n }] }], {
    contracts: { [CONTRACT]: CODE },
  });
  const some = {
    exceptions: 2,
    segments: 1,
    precompileCalls: 1,
    memoryCells: 60,
    codeRows: 8,
    frames: 8,
  };
  const { capacities, ...rest } = fitting(input, some);
  const lists = ["memoryAccesses", "copyWords", "messages", "messageWords"] as const;
  const more = [...CHIPS, "literals" as const, ...lists].map((name) => [name, capacities[name] + 1]);
  const profile = {
    ...rest,
    capacities: { ...capacities, ...(Object.fromEntries(more) as Partial<Capacities>) },
  };
  return { profile, plan: planEvm(profile, input) };
}

describe("unused entries of the program evm", function () {
  this.timeout(120_000);
  let given: { profile: Profile; plan: EvmPlan };
  before(async () => {
    given = await spacious();
  });

  /** Names of what breaks when the scope is filled. */
  const brokenBy = (scope: string): string[] => {
    const b = new FillingBuilder(scope);
    const { circuit, witness } = buildEvm(given.profile, given.plan, b);
    expect(b.filled, scope).to.be.greaterThan(0);
    return check(circuit, witness, 1000).broken.map(({ name }) => name);
  };
  const outside = (scope: string): string[] =>
    brokenBy(scope).filter((name) => !name.startsWith(`${scope}.`));

  it("leave an honest plan as it is", () => {
    const { circuit, witness } = buildEvm(given.profile, given.plan);
    expect(check(circuit, witness, 10).broken).to.deep.equal([]);
  });

  for (const chip of ENTRIES) {
    const name = SCOPES[chip] ?? chip;
    const scope = (): string => `${name}[${given.profile.capacities[chip] - 1}]`;
    const guard = GUARDS[name];
    if (guard === undefined)
      it(`${name}: nothing outside notices`, () => expect(outside(scope())).to.deep.equal([]));
    else it(`${name}: ${guard}`, () => expect(brokenBy(scope())).to.include(`${scope()}.${guard}`));
  }

  it("frames: nothing outside notices", () => {
    const { frames } = given.profile.capacities;
    expect(outside(`frame[${frames}]`)).to.deep.equal([]);
    expect(outside(`frame[3]`)).to.deep.equal([]);
  });
});
