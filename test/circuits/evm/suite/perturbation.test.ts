/**
 * One wire of a whole chunk is changed, in two ways, and a constraint notices; what may change unnoticed is listed with the
 * argument. Of a small chunk every wire; of a realistic one some, with `BVM_TEST_ALL=1` every one too.
 */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import type { Profile } from "../../../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { mod } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import { withoutIndices } from "./lieKind.ts";
import { WireChanges } from "./noticed.ts";
import { realisticChunk, roomyProfile } from "./realisticChunk.ts";
import { smallChunk } from "./smallChunk.ts";

const SOME = 10_000;

interface FreeWire {
  /** Without indices. */
  readonly name: RegExp;
  /** It is free only where it is 0. */
  readonly ifZero?: boolean;
  /** It is free only where it is 1. */
  readonly ifOne?: boolean;
  /** It is free only where the wire with this in place of the end of its name is 0. */
  readonly unless?: string;
  readonly because: string;
}

const FREE: readonly FreeWire[] = [
  { name: /\.inverse$/, ifZero: true, because: "of a zero: the flag is fixed by the other equation" },
  { name: /^literal\[\]\.(hi|lo)$/, because: "of a word that nobody uses" },
  {
    name: /^(begin\[\]\.creation\.initCode|frame\[\]\.(start\.initCode|end\.deposit\.code))\.segment$/,
    ifZero: true,
    because: "where nothing is created there is no code to find",
  },
  { name: /^masks\[\]\.isMaskSecond$/, ifZero: true, because: "of an entry that is not used" },
  {
    name: /^(copy\[\]\.bytes|frame\[\]\.end\.copy)\.masks$/,
    ifZero: true,
    because: "a copy may look at what its source has also where that is all it needs (copyRows.ts)",
  },
  { name: /^copy\[\]\.source\.isPast$/, ifZero: true, because: "offset and end are the same number" },
  {
    name: /^(accountOp|answer)\[\]\.b$/,
    ifZero: true,
    because: "of an opcode with one operand or none: the key has 0 instead",
  },
  {
    name: /^environment\[\]\.pc$/,
    ifZero: true,
    because: "of an entry that is not PC: the key has 0 instead",
  },
  {
    name: /^tree\.top\.node\[\]\[\]\.kept$/,
    because: "of a node that is open its hash is taken, and below one that is not nothing is",
  },
  {
    name: /^tree\.(write\[\]\.(nextKey|nextIndex|valueHash)|insertion\[\]\.(nextKey|nextIndex))\.new$/,
    because: "of a leaf that keeps its links or its value, or is the last of its gap",
  },
  {
    name: /^tree\.absence\[\]\.low$/,
    ifZero: true,
    because: "of an absence that is not used: any gap will do",
  },
  {
    name: /^leaf\.(account|slot)\[\]\.claim\.place$/,
    unless: "key",
    because:
      "of a leaf that is not used: it claims key, values and tag 0, which is what any place without a leaf has (places.ts)",
  },
  {
    name: /^frame\[\]\.end\.precompile\.place$/,
    unless: "question",
    because:
      "of an end that asks for no call: its key is 0, which stands in every entry that is not used (precompileCalls.ts)",
  },
  {
    name: /^precompileCall\[\]\.((sha256|ripemd160|blake2f)\.job|copy\.masks)$/,
    because: "of a call of another precompile, or of an entry that is not used",
  },
  {
    name: /^modexp\.job\[\]\.answered$/,
    unless: "exponent.used",
    because: "a job that takes no steps has its result proven whether it is asked for or not (modexp.ts)",
  },
  {
    name: /^(codeObject\[\]\.(hash\.(hi|lo)|commitment))$/,
    because: "of an object that no account has, or of a row that is not used",
  },
  {
    name: /^code\.row\[\]\.isGap$/,
    ifOne: true,
    because:
      "1 says that the row is all zeros, which is enforced, and 0 says nothing: no segment ends here (codeRows.ts)",
  },
  {
    name: /^frame\[\]\.start\.given\.isCapped$/,
    unless: "distance",
    because: "what is asked for is all there is, so either value gives the same (calleeGas.ts)",
  },
  { name: /^accountOp\[\]\.a$/, because: "of SELFBALANCE, which has no operand: the key has 0 instead" },
  { name: /^tree\.append\.frontier\[\]$/, because: "of a level where the first new leaf is left" },
];

const random = new Random();

function unnoticed(profile: Profile, input: ChunkInput, some?: number): string[] {
  const plan = planEvm(profile, input);
  expect(plan.chunk.shortages()).to.deep.equal([]);
  const built = buildEvm(profile, plan);
  const { circuit, witness } = built;
  expect(check(circuit, witness).broken).to.deep.equal([]);
  const changes = new WireChanges(built);
  const all = witness.map((_, wire) => wire);
  const numbers = new Map(all.map((wire) => [circuit.wireName(wire), wire]));
  const isFree = (wire: number): boolean => {
    const full = circuit.wireName(wire);
    const kind = withoutIndices(full);
    return FREE.some(({ name, ifZero, ifOne, unless }) => {
      if (!name.test(kind) || (ifZero && witness[wire] !== 0n) || (ifOne && witness[wire] !== 1n))
        return false;
      return unless === undefined || witness[numbers.get(full.replace(/[^.]+$/, unless))!] === 0n;
    });
  };
  const tried = some === undefined ? all : Array.from({ length: some }, () => random.pick(all));
  const free = tried.filter((wire) => {
    const honest = witness[wire]!;
    const lies = [honest ^ 1n, honest + 2n ** 64n].map(mod);
    return !isFree(wire) && lies.some((lie) => !changes.isNoticed(wire, lie));
  });
  return free.map((wire) => circuit.wireName(wire));
}

describe(`EVM: whole chunks under perturbation (seed ${random.seed})`, function () {
  this.timeout(1_800_000);

  it("every wire of a small one", async () => {
    const { input, profile } = await smallChunk();
    expect(unnoticed(profile, input)).to.deep.equal([]);
  });

  it("wires of a realistic one", async () => {
    const input = await realisticChunk();
    const some = process.env["BVM_TEST_ALL"] === "1" ? undefined : SOME;
    expect(unnoticed(roomyProfile(input), input, some)).to.deep.equal([]);
  });
});
