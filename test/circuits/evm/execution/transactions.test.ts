import { expect } from "chai";
import {
  ACCOUNT_PROBE,
  ANCESTOR_PROBE,
  ANSWER_PROBE,
  BURNING,
  CALLEE,
  CALLEE_CODE,
  CALLER_PROBE,
  CLEARING,
  CONTRACT,
  contractsOf,
  DEPLOYS_STOP,
  ENVIRONMENT_PROBE,
  INIT_DESTROYS,
  INIT_REVERTS,
  REVERTING,
} from "./contracts.ts";
import {
  addressOf,
  assemble,
  chunkOf,
  createdBy,
  type DemoBlock,
  type Genesis,
  MINER,
  nobody,
} from "./demoChain.ts";
import { attempt, type Attempt, fitting } from "./prove.ts";
import type { Capacity } from "../../../../protocol/evm/capacities.ts";

async function prove(
  blocks: readonly DemoBlock[],
  genesis: Genesis = {},
  room: Partial<Record<Capacity, number>> = {},
): Promise<Attempt> {
  const input = await chunkOf(blocks, genesis);
  const made = attempt(fitting(input, room), input);
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
    await prove([{ transactions: [call] }], genesis);
  });

  it("accounts by opcode: warm, cold, dead, self", async () => {
    const genesis = contractsOf(ACCOUNT_PROBE);
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    await prove([{ transactions: [call] }], genesis);
  });

  it("GAS and BLOCKHASH of far, near and later blocks", async () => {
    const call = { from: 0, to: CONTRACT, gasLimit: 500_000n };
    await prove([{ transactions: [] }, { transactions: [call] }], contractsOf(ANSWER_PROBE));
  });

  it("BLOCKHASH of an ancestor that the chunk opens, and of none other", async () => {
    const genesis = { ...contractsOf(ANCESTOR_PROBE), ancestors: 3 };
    const call = { from: 0, to: CONTRACT, gasLimit: 100_000n };
    const made = await prove([{ transactions: [call] }], genesis);
    expect(made.plan.chunk.book.used("ancestors")).to.equal(3);
    const short = await chunkOf([{ transactions: [call] }], { ...genesis, ancestors: 2 }).catch(
      (error: unknown) => error,
    );
    expect(short).to.have.deep.property("type", { code: "ANCESTOR_UNKNOWN", number: 4n, known: 2 });
  });

  it("refunds: cleared slots, at most a fifth", async () => {
    const genesis = contractsOf(CLEARING, [7n, 8n]);
    const call = { from: 0, to: CONTRACT, gasLimit: 100_000n };
    const made = await prove([{ transactions: [call] }], genesis);
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
    await prove([{ transactions: [call] }], contractsOf(CLEARING, [7n, 8n]));
  });

  it("a transaction that fails keeps its fee, and nothing else", async () => {
    for (const code of [REVERTING, BURNING]) {
      const call = { from: 0, to: CONTRACT, gasLimit: 60_000n, value: 9n };
      const made = await prove([{ transactions: [call, transfer(1, nobody(0))] }], contractsOf(code, [7n]));
      expect(made.plan.chunk.blocks[0]!.transactions[0]!.status).to.equal(0);
    }
  });

  it("creations: with code, without, reverted, destroyed at once", async () => {
    const room = { segments: 2 };
    const hex = (code: Uint8Array): string => `0x${Buffer.from(code).toString("hex")}`;
    const expected = [[DEPLOYS_STOP, 1], [new Uint8Array(), 1], [INIT_REVERTS, 0], [INIT_DESTROYS, 1]] as const; // prettier-ignore
    for (const [code, status] of expected) {
      const create = { from: 0, to: null, data: hex(code), value: 3n, gasLimit: 200_000n };
      const visit = { from: 1, to: createdBy(0, 0), value: 1n, gasLimit: 60_000n };
      const made = await prove([{ transactions: [create, visit] }], {}, room);
      expect(made.plan.chunk.blocks[0]!.transactions[0]!.status).to.equal(status);
    }
  });

  it("a collision takes all gas", async () => {
    const genesis = { contracts: { [createdBy(0, 0)]: assemble("STOP") } };
    const create = { from: 0, to: null, data: "0x00", gasLimit: 100_000n };
    const made = await prove([{ transactions: [create] }], genesis, { segments: 2 });
    expect(made.plan.chunk.next.gasUsed).to.equal(100_000n);
  });

  it("calls between contracts, logs, hashes", async () => {
    const contracts = { [CONTRACT]: CALLER_PROBE, [CALLEE]: CALLEE_CODE };
    const call = { from: 0, to: CONTRACT, gasLimit: 300_000n, value: 9n, data: `0x${"ab".repeat(32)}` };
    const made = await prove([{ transactions: [call, transfer(1, nobody(0))] }], { contracts });
    expect(made.plan.chunk.blocks[0]!.transactions[0]!.logs.length).to.equal(2);
  });

  it("precompiled contracts as recipients", async () => {
    const [h, m] = ["48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b", "616263"]; // prettier-ignore
    const compression = `0x0000000c${h}${m}${"00".repeat(125)}0300000000000000000000000000000001`;
    const calls = [[1, "0x1234", 1], [2, `0x${"ab".repeat(100)}`, 1], [3, "0x", 1], [4, "0x010203", 1], [9, compression, 1], [9, "0x00", 0]] as const; // prettier-ignore
    for (const [number, data, status] of calls) {
      const to = `0x${number.toString(16).padStart(40, "0")}`;
      const made = await prove([{ transactions: [{ from: 0, to, data, gasLimit: 60_000n }] }]);
      expect(made.plan.chunk.blocks[0]!.transactions[0]!.status).to.equal(status);
    }
  });
});
