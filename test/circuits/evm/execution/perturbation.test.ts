/** Every kind of wire of the execution is changed, one at a time. What may change unnoticed is listed with the argument. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { mod } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import type { Capacity } from "../../../../protocol/evm/capacities.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { ANSWER_PROBE, CONTRACT, contractsOf, DEPLOYS_STOP } from "./contracts.ts";
import { chunkOf, nobody } from "./demoChain.ts";
import { OWN } from "./own.ts";
import { fitting } from "./prove.ts";

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
  {
    name: /^(accountOp|answer)\[\]\.b$/,
    because: "of an entry without operands: the key has 0 instead",
  },
  { name: /^environment\[\]\.pc$/, because: "of an entry that is not PC: the key has 0 instead" },
];

const random = new Random();

/** Names of the wires, of those `own`, that can be changed alone: one of each kind is tried. */
async function unnoticed(
  chunk: ChunkInput,
  room: Partial<Record<Capacity, number>>,
  own: RegExp,
): Promise<string[]> {
  const profile = fitting(chunk, room);
  const { circuit, witness } = buildEvm(profile, planEvm(profile, chunk));
  expect(check(circuit, witness).broken).to.deep.equal([]);
  const kinds = new Map<string, number[]>();
  for (let wire = 0; wire < circuit.wireCount; wire++) {
    const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
    if (own.test(kind) && !FREE.some(({ name }) => name.test(kind)))
      kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
  }
  const names = new Set<string>();
  const forged = [...witness];
  for (const wires of kinds.values()) {
    const wire = random.pick(wires);
    const honest = witness[wire]!;
    for (const lie of [honest ^ 1n, mod(honest + 2n ** 64n)]) {
      forged[wire] = mod(lie);
      if (check(circuit, forged, 1).broken.length === 0) names.add(circuit.wireName(wire));
    }
    forged[wire] = honest;
  }
  return [...names];
}

describe(`EVM: execution of transactions under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  it("notices a change of any kind of wire", async () => {
    const accessList = [{ address: nobody(1), storageKeys: [`0x${"00".repeat(32)}`] }];
    const call = { from: 0, to: CONTRACT, value: 5n, gasLimit: 90_000n, data: "0x0011", accessList };
    const transactions = [call, { from: 1, to: nobody(0), value: 7n }];
    const chunk = await chunkOf([{ transactions }], contractsOf(ANSWER_PROBE));
    expect(await unnoticed(chunk, {}, OWN)).to.deep.equal([]);
  });

  it("notices a change of any wire of a creation", async () => {
    const data = `0x${Buffer.from(DEPLOYS_STOP).toString("hex")}`;
    const create = { from: 0, to: null, data, value: 3n, gasLimit: 200_000n };
    const chunk = await chunkOf([{ transactions: [create] }]);
    const own = /^begin\[\]\.(created|creation)/;
    expect(await unnoticed(chunk, { transactions: 1, segments: 2 }, own)).to.deep.equal([]);
  });
});
