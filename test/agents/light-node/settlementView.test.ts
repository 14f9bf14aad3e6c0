import { Interface } from "ethers";
import { expect } from "chai";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { rollupFactoryAbi } from "../../../generated/abis/RollupFactory.ts";
import {
  applySettlementLogs,
  emptySettlementView,
  type SettlementLog,
  type SettlementRules,
} from "../../../agents/kit/epoch/settlementView.ts";
import type { Hex } from "../../../agents/kit/hex.ts";
import { EMPTY_SETTLEMENT, settle, statementHash } from "../../../protocol/publicInputs.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import { tipToSolidity } from "../../../scripts/deploy/createRollup.ts";

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const rules: SettlementRules = {
  factory: address(1),
  verifier: address(2),
  programs: [word(3)],
  dataAvailability: [address(4)],
};
const tip = (block: bigint): ChainTip => ({
  stateRoot: 100n + block,
  dataHash: 200n + block,
  blockNumber: block,
  timestamp: 300n + block,
  baseFee: 7n,
  gasUsed: block,
});

const factory = new Interface(rollupFactoryAbi);
const rollup = new Interface(rollupAbi);

const log = (from: Hex, { data, topics }: { data: string; topics: string[] }): SettlementLog => ({
  address: from,
  data: data as Hex,
  topics: topics as Hex[],
});

const created = (at: Hex, chainId: bigint, changes: object = {}, from = rules.factory): SettlementLog =>
  log(
    from,
    factory.encodeEventLog("RollupCreated", [
      ...[chainId, at, 0],
      {
        ...{ chainId, gasLimit: 30_000_000n, program: rules.programs[0], verifier: rules.verifier },
        ...{ dataAvailability: rules.dataAvailability[0], genesis: tipToSolidity(tip(0n)) },
        ...changes,
      },
    ]),
  );

const settled = (at: Hex, batchIndex: bigint, next: bigint): SettlementLog => {
  const values = [batchIndex, word(0), 1n, tipToSolidity(tip(next)), 10, "0x00", word(9)];
  return log(at, rollup.encodeEventLog("BatchSettled", values));
};

describe("settlement view", () => {
  const [one, two, foreign] = [address(0x11), address(0x12), address(0x13)];

  it("accumulates each batch's statement in the order of the log, from the tip before", () => {
    const logs = [
      created(one, 5n),
      created(two, 6n),
      settled(two, 1n, 3n),
      settled(one, 1n, 2n),
      settled(two, 2n, 4n),
    ];
    const { view, batches } = applySettlementLogs(emptySettlementView, logs, rules);
    const statement = (chainId: bigint, prev: bigint, next: bigint) =>
      statementHash({ chainId, prev: tip(prev), next: tip(next), gasLimit: 30_000_000n, selfKeyHash: 0n });
    const expected = [statement(6n, 0n, 3n), statement(5n, 0n, 2n), statement(6n, 3n, 4n)].reduce(
      settle,
      EMPTY_SETTLEMENT,
    );
    expect(view.settlement).to.equal(expected);
    expect(batches.map((batch) => batch.rollup)).to.deep.equal([two, one, two]);
    expect(view.rollups.get(two)).to.deep.include({ tip: tip(4n), genesis: tip(0n), batchCount: 2n });
  });

  it("is the same whether the logs come at once or epoch by epoch", () => {
    const logs = [created(one, 5n), settled(one, 1n, 2n), settled(one, 2n, 4n)];
    const atOnce = applySettlementLogs(emptySettlementView, logs, rules).view;
    const first = applySettlementLogs(emptySettlementView, logs.slice(0, 2), rules).view;
    expect(applySettlementLogs(first, logs.slice(2), rules).view).to.deep.equal(atOnce);
    expect(first.rollups.get(one)!.batchCount).to.equal(1n);
  });

  it("leaves out rollups with a verifier, a program or a committee of their own, and contracts that only look like one", () => {
    const logs = [
      created(foreign, 7n, { verifier: address(0x99) }),
      settled(foreign, 1n, 2n),
      created(foreign, 7n, { program: word(0x99) }),
      settled(foreign, 1n, 2n),
      created(foreign, 7n, { dataAvailability: address(0x99) }),
      settled(foreign, 1n, 2n),
      created(foreign, 7n, {}, address(0x98)),
      settled(foreign, 1n, 2n),
    ];
    const { view, batches } = applySettlementLogs(emptySettlementView, logs, rules);
    expect(view).to.deep.equal(emptySettlementView);
    expect(batches).to.deep.equal([]);
  });

  it("takes addresses in any spelling", () => {
    const shouting = { ...created(one, 5n), address: rules.factory.toUpperCase().replace("0X", "0x") as Hex };
    expect(applySettlementLogs(emptySettlementView, [shouting], rules).view.rollups.size).to.equal(1);
  });
});
