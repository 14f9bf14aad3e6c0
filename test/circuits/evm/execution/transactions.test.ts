import { expect } from "chai";
import {
  ACCOUNT_PROBE,
  ANSWER_PROBE,
  BURNING,
  CLEARING,
  CONTRACT,
  contractsOf,
  ENVIRONMENT_PROBE,
  REVERTING,
} from "./contracts.ts";
import { addressOf, chunkOf, type DemoBlock, type Genesis, MINER, nobody, profileOf } from "./demoChain.ts";
import { attempt, type Attempt } from "./prove.ts";
import type { Capacity } from "../../../../protocol/evm/capacities.ts";

async function prove(
  blocks: readonly DemoBlock[],
  genesis: Genesis = {},
  room: Partial<Record<Capacity, number>> = {},
): Promise<Attempt> {
  const made = attempt(profileOf(room), await chunkOf(blocks, genesis));
  expect(made.plan.chunk.shortages()).to.deep.equal([]);
  expect(made.broken).to.deep.equal([]);
  const { next } = made.plan.chunk;
  expect(made.input("next.stateRoot")).to.equal(next.stateRoot);
  expect(made.input("next.dataHash")).to.equal(next.dataHash);
  expect(made.input("next.gasUsed")).to.equal(next.gasUsed);
  expect(made.input("next.baseFee")).to.equal(next.baseFee);
  return made;
}

const transfer = (from: number, to: string, value = 5n) => ({ from, to, value });

describe("EVM: chunks of transactions", function () {
  this.timeout(60_000);

  it("transfers between accounts, and to ones that are new", () =>
    prove([{ transactions: [transfer(0, addressOf(1)), transfer(1, nobody(0))] }]));

  it("all types, over two blocks", () =>
    prove([
      { transactions: [{ ...transfer(0, nobody(0)), type: 0 }] },
      { transactions: [{ ...transfer(0, nobody(0)), type: 1 }], seconds: 9n },
    ]));

  it("blocks without transactions", () => prove([{ transactions: [] }, { transactions: [] }]));

  it("an account that pays itself, and one that pays itself the tip", async () => {
    await prove([{ transactions: [transfer(0, addressOf(0))] }]);
    await prove([{ transactions: [transfer(0, addressOf(1))], feeRecipient: addressOf(0) }]);
    await prove([{ transactions: [transfer(0, MINER)] }]);
  });

  it("nothing sent to an account that does not exist leaves none", () =>
    prove([{ transactions: [transfer(0, nobody(0), 0n), { ...transfer(1, nobody(1), 0n), maxPriorityFeePerGas: 0n }], feeRecipient: nobody(2) }])); // prettier-ignore

  it("gas that is not used is paid back, with data and an access list", () =>
    prove([
      {
        transactions: [
          {
            ...transfer(0, nobody(0)),
            gasLimit: 100_000n,
            data: "0x00112233",
            accessList: [
              { address: nobody(1), storageKeys: [] },
              { address: addressOf(1), storageKeys: [`0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`] },
            ],
          },
        ],
      },
    ]));

  it("the environment of a frame", async () => {
    const genesis = contractsOf(ENVIRONMENT_PROBE);
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n, value: 3n, data: "0x0102" };
    await prove([{ transactions: [call] }], genesis, ROOM);
  });

  it("accounts by opcode: warm, cold, dead, self", async () => {
    const genesis = contractsOf(ACCOUNT_PROBE);
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    await prove([{ transactions: [call] }], genesis, ROOM);
  });

  it("GAS and BLOCKHASH of far, near and later blocks", async () => {
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    await prove([{ transactions: [] }, { transactions: [call] }], contractsOf(ANSWER_PROBE), ROOM);
  });

  it("refunds: cleared slots, at most a fifth", async () => {
    const genesis = contractsOf(CLEARING, [7n, 8n]);
    const call = { from: 0, to: CONTRACT, gasLimit: 100_000n };
    const made = await prove([{ transactions: [call] }], genesis, ROOM);
    const { refundCounter, refund } = made.plan.chunk.blocks[0]!.transactions[0]!;
    expect(refundCounter).to.equal(9_600n);
    expect(refund).to.equal(6_201n);
  });

  it("slots of an access list are warm and keep their first value", async () => {
    const storageKeys = [0, 1].map((slot) => `0x${slot.toString(16).padStart(64, "0")}`);
    const call = {
      from: 0,
      to: CONTRACT,
      gasLimit: 100_000n,
      accessList: [{ address: CONTRACT, storageKeys }],
    };
    await prove([{ transactions: [call] }], contractsOf(CLEARING, [7n, 8n]), ROOM);
  });

  it("a transaction that fails keeps its fee, and nothing else", async () => {
    for (const code of [REVERTING, BURNING]) {
      const call = { from: 0, to: CONTRACT, gasLimit: 60_000n, value: 9n };
      const made = await prove(
        [{ transactions: [call, transfer(1, nobody(0))] }],
        contractsOf(code, [7n]),
        ROOM,
      );
      expect(made.plan.chunk.blocks[0]!.transactions[0]!.status).to.equal(0);
    }
  });
});

const ROOM: Partial<Record<Capacity, number>> = {
  rows: 140,
  stack: 1_100,
  codeRows: 6,
  pushes: 20,
  frames: 2,
  exceptions: 1,
  bitwise: 1,
  memoryCells: 20,
  memoryAccesses: 8,
  storageOps: 6,
  answers: 8,
  accountOps: 9,
  environment: 18,
  keccakWords: 20,
};
