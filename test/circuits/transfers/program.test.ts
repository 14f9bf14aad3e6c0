import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { planTransfers, type TransfersInput } from "../../../circuits/programs/transfers/plan.ts";
import { MIN_BASE_FEE } from "../../../protocol/constants.ts";
import { hasCode } from "../../../protocol/errors.ts";
import { statementFromFields } from "../../../protocol/publicInputs.ts";
import { Random } from "../../protocol/random.ts";
import { addressOf, DemoChain, type DemoBlock, type DemoTransfer, MINER } from "./demoChain.ts";

const PARAMETERS = { transfers: 4, blocks: 3, depth: 32 };
const random = new Random();
const NOBODY = `0x${"ab".repeat(20)}`;

/** The statement that the circuit proves of these blocks. */
function proven(input: TransfersInput) {
  const { plan, next } = planTransfers(PARAMETERS, input);
  const { circuit, witness } = buildTransfers(PARAMETERS, plan);
  expect(check(circuit, witness, 3).broken).to.deep.equal([]);
  const statement = statementFromFields(circuit.publicInputs.map(({ wire }) => witness[wire]!));
  return { statement, next, digest: circuitDigest(circuit) };
}

async function prove(blocks: readonly DemoBlock[], chain = new DemoChain()) {
  const input = await chain.input(blocks);
  const { statement, next, digest } = proven(input);
  expect(statement).to.deep.equal({
    chainId: chain.chainId,
    prev: input.previous,
    next: chain.tip,
    gasLimit: chain.gasLimit,
    selfKeyHash: 0n,
  });
  expect(next).to.deep.equal(chain.tip);
  return digest;
}

describe(`program transfers (seed ${random.seed})`, function () {
  this.timeout(60_000);
  const pay = (fields: Partial<DemoTransfer> = {}): DemoTransfer => ({
    from: 0,
    to: addressOf(1),
    value: 5n,
    ...fields,
  });

  it("proves one empty block", () => prove([{ transfers: [] }]));
  it("proves empty blocks", () =>
    prove([{ transfers: [] }, { transfers: [], seconds: 3_600n }, { transfers: [] }]));
  it("proves each type of transfer", () =>
    prove([{ transfers: [pay({ type: 0 }), pay({ type: 1 }), pay({ type: 2 })] }]));
  it("proves transfers in the middle of empty blocks", () =>
    prove([{ transfers: [] }, { transfers: [pay(), pay({ from: 1 })] }, { transfers: [] }]));
  it("proves transfers in every block, each with its fee recipient", () =>
    prove([
      { transfers: [pay(), pay()], feeRecipient: addressOf(3) },
      { transfers: [pay({ from: 2 })], feeRecipient: MINER },
      { transfers: [pay({ from: 3 })], feeRecipient: addressOf(0) },
    ]));

  it("makes recipient and fee recipient, in the order of their keys", async () => {
    for (let i = 0; i < 4; i++) {
      const to = `0x${Buffer.from(random.bytes(20)).toString("hex")}`;
      await prove([{ transfers: [pay({ to }), pay({ to })] }]);
    }
  });

  it("fills one block with transfers to new accounts", () =>
    prove([{ transfers: [0, 1, 2, 3].map((i) => pay({ from: i, to: `0x${"00".repeat(17)}ff${i}123` })) }]));

  it("makes nothing for nothing", () => prove([{ transfers: [pay({ to: NOBODY, value: 0n })] }]));
  it("pays the zero address", () => prove([{ transfers: [pay({ to: `0x${"00".repeat(20)}`, value: 9n })] }]));
  it("pays no tip", () =>
    prove([{ transfers: [pay({ maxPriorityFeePerGas: 0n, maxFeePerGas: 2_000_000_000n })] }]));
  it("caps the tip at what the maximum leaves", () =>
    prove([{ transfers: [pay({ maxPriorityFeePerGas: 1_500_000_000n, maxFeePerGas: 1_500_000_000n })] }]));
  it("pays oneself", () => prove([{ transfers: [pay({ to: addressOf(0) })] }]));
  it("pays the fee recipient, who may also be the sender", () =>
    prove([
      { transfers: [pay({ to: MINER })] },
      { transfers: [pay({ to: addressOf(0) })], feeRecipient: addressOf(0) },
      { transfers: [pay({ to: NOBODY })], feeRecipient: NOBODY as `0x${string}` },
    ]));
  it("spends what it got in the same block", async () => {
    const chain = new DemoChain(1);
    await prove(
      [{ transfers: [pay({ to: addressOf(8), value: 10n ** 18n }), pay({ from: 8, value: 5n })] }],
      chain,
    );
  });
  it("spends all but what the gas limit reserves", () =>
    prove([
      { transfers: [pay({ type: 0, gasPrice: 1_000_000_000n, value: 10n ** 20n - 21_000n * 10n ** 9n })] },
    ]));
  it("takes gas limits above what is used", () => prove([{ transfers: [pay({ gasLimit: 1_000_000n })] }]));

  it("lets the base fee fall to its floor and rise from it", async () => {
    const chain = new DemoChain(3, { gasLimit: 84_000n });
    chain.tip = { ...chain.tip, baseFee: MIN_BASE_FEE + 1n };
    await prove([{ transfers: [] }, { transfers: [pay(), pay(), pay(), pay()] }, { transfers: [] }], chain);
    const busy = new DemoChain(3, { gasLimit: 42_000n });
    await prove([{ transfers: [pay(), pay()] }, { transfers: [pay(), pay()] }, { transfers: [] }], busy);
  });

  it("continues where it ended", async () => {
    const chain = new DemoChain();
    for (let i = 0; i < 3; i++)
      await prove([{ transfers: [pay({ to: NOBODY }), pay({ from: 2 })] }, { transfers: [] }], chain);
  });

  it("has one circuit, whatever it proves and without a plan", async () => {
    const shape = circuitDigest(buildTransfers(PARAMETERS, null).circuit);
    expect(await prove([{ transfers: [] }])).to.equal(shape);
    const full = [
      pay({ type: 0, to: NOBODY }),
      pay({ from: 3, value: 1n << 65n }),
      pay(),
      pay({ from: 2, type: 1 }),
    ];
    expect(await prove([{ transfers: full }], new DemoChain(6, { chainId: 5n }))).to.equal(shape);
  });

  it("agrees on random blocks", async () => {
    const chain = new DemoChain(5);
    for (let round = 0; round < 8; round++) {
      const transfers = Array.from({ length: random.below(5) }, () =>
        pay({
          from: random.below(5),
          to: random.pick([
            addressOf(random.below(8)),
            MINER,
            `0x${Buffer.from(random.bytes(20)).toString("hex")}`,
          ]),
          value: random.pick([0n, 1n, random.bits(40), random.bits(60)]),
          type: random.below(3),
        }),
      );
      const cut = random.below(transfers.length + 1);
      await prove(
        [{ transfers: transfers.slice(0, cut) }, { transfers: transfers.slice(cut), seconds: 7n }],
        chain,
      );
    }
  });
});

describe("planTransfers", () => {
  const refuses = async (
    blocks: readonly DemoBlock[],
    code: string,
    change = (input: TransfersInput) => input,
  ) => {
    const input = change(await new DemoChain().input(blocks));
    let error: unknown;
    try {
      planTransfers(PARAMETERS, input);
    } catch (thrown) {
      error = thrown;
    }
    expect(hasCode(error, code), code).to.equal(true);
  };
  const transfer = { from: 0, to: addressOf(1), value: 1n };
  const pays = (count: number): DemoBlock => ({ transfers: Array.from({ length: count }, () => transfer) });
  const fresh = (i: number): DemoBlock => ({
    transfers: [{ ...transfer, to: `0x${(0xbeef00 + i).toString(16).padStart(40, "0")}` }],
    feeRecipient: `0x${(0xfee000 + i).toString(16).padStart(40, "0")}`,
  });

  it("refuses by name what does not fit", async () => {
    await refuses([], "TRANSFERS_NO_BLOCKS");
    await refuses([pays(0), pays(0), pays(0), pays(0)], "TRANSFERS_TOO_MANY_BLOCKS");
    await refuses([pays(3), pays(2)], "TRANSFERS_TOO_MANY");
    const wide = { transfers: 4, blocks: 4, depth: 32 };
    const input = await new DemoChain().input([0, 1, 2, 3].map(fresh));
    expect(() => planTransfers(wide, input)).to.throw("TRANSFERS_TOO_MANY_ACCOUNTS");
  });

  it("refuses by name blocks that do not follow", async () => {
    const change = (fields: object) => (input: TransfersInput) => ({
      ...input,
      blocks: input.blocks.map((block) => ({ ...block, data: { ...block.data, ...fields } })),
    });
    await refuses([pays(1)], "BLOCK_TIME_NOT_LATER", change({ timestamp: 5n }));
    await refuses([pays(1)], "BLOCK_BASE_FEE_MISMATCH", change({ baseFeePerGas: 5n }));
    await refuses([pays(1)], "BLOCK_NUMBER_MISMATCH", change({ number: 5n }));
    await refuses([pays(1)], "BLOCK_GAS_LIMIT_MISMATCH", change({ gasLimit: 5n }));
  });
});
