import { expect } from "chai";
import { measureEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { type Capacities, CHIP_FACTS, TABLES } from "../../../../protocol/evm/capacities.ts";
import { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import {
  blockUse,
  meteredCapacities,
  MOST_ROWS_PLANNED,
  type MeteredTransaction,
  SHARED_CAPACITIES,
} from "../../../../protocol/evm/plan/blockUse.ts";
import { type ChunkInput, ChunkState } from "../../../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../../../protocol/evm/plan/chunkTraces.ts";
import { creationEntries } from "../../../../protocol/evm/plan/frames/frameNumbers.ts";
import { EVM_PROFILES } from "../../../../protocol/evm/profiles.ts";
import { openTransaction } from "../../../../protocol/evm/transactionsUse.ts";
import { addUse, type Use } from "../../../../protocol/programs/capacity.ts";
import { EMPTY_ACCOUNT } from "../../../../protocol/state/account.ts";
import { Random } from "../../../protocol/random.ts";
import { type Flavour, FLAVOURS, generateCase } from "../fuzz/generateCase.ts";
import { FuzzChain } from "../fuzz/fuzzChain.ts";

/** What each block uses alone, as a sequencer counts it: from its own transactions and the state before it. */
function usesAlone(input: ChunkInput): Use[] {
  const { chainId, previous } = input;
  const [start, now] = [new ChunkState(input), new ChunkState(input)];
  const whole = traceChunk(input).state;
  return input.blocks.map((block) => {
    const transactions = block.transactions.map((raw): MeteredTransaction => {
      const state = { ...now.reader(), blockHash: (number: bigint) => whole.blockHash(number) };
      const machine = new BlockMachine(chainId, block, state);
      const transaction = machine.execute(machine.decode(raw));
      now.apply(transaction.effects);
      const { gasUsed, frames, steps } = machine;
      const own = { ...block, transactions: [raw] };
      return {
        trace: { chainId, block: own, gasUsed, transactions: [transaction], frames, steps },
        opened: openTransaction(raw),
      };
    });
    const reader = start.reader();
    const before = {
      ancestorsAsked: 0,
      account: (address: bigint) => reader.account(address) ?? EMPTY_ACCOUNT,
      slot: reader.storage,
      code: (hash: bigint) =>
        hash === EMPTY_ACCOUNT.codeHash ? undefined : tryCode(() => reader.code(hash)),
      blockHash(number: bigint): bigint {
        this.ancestorsAsked = Math.max(this.ancestorsAsked, Number(block.number - 1n - number));
        return whole.blockHash(number);
      },
    };
    const use = blockUse(block, transactions, before);
    for (const { trace } of transactions) start.apply(trace.transactions[0]!.effects);
    expect(previous.blockNumber < block.number).to.equal(true);
    return use;
  });
}

/** Codes that the block itself makes are not of the state before it. */
function tryCode(read: () => Uint8Array): Uint8Array | undefined {
  try {
    return read();
  } catch (error) {
    expect((error as { type: unknown }).type).to.include({ code: "WITNESS_CODE_UNKNOWN" });
    return undefined;
  }
}

/** What the plan of all blocks uses, in the same terms. */
function useTogether(input: ChunkInput): Use {
  const none = Object.fromEntries([...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, 0]));
  const capacities = { ...none, accounts: 2 ** 14 } as Capacities;
  const { book } = measureEvm({ name: "measure", treeHeight: 24, capacities }, input);
  const used = (name: keyof Capacities): number => book.used(name);
  const own = new Set(["frames", "memoryCells", "treeReads", "rows"]);
  const plain = Object.fromEntries([...book.uses()].filter(([name]) => !own.has(name)));
  const places = book.capacities.transactions + creationEntries(book.capacities);
  return {
    ...plain,
    calls: used("frames") - places,
    memoryWords: Math.max(0, used("memoryCells") - book.capacities.dataWords),
    rows: used("rows") - 1,
    treeLeaves: used("treeReads") + used("treeWrites"),
  };
}

async function expectAddsUp(seed: number, flavour: Flavour): Promise<void> {
  const { contracts, setup, blocks } = generateCase(seed, flavour);
  const chain = new FuzzChain(contracts);
  if (setup.length > 0) await chain.execute(setup);
  const { input } = await chain.execute(blocks);
  const sum = usesAlone(input).reduce((a, b) => addUse(a, b, SHARED_CAPACITIES));
  if ((sum.rows ?? 0) > MOST_ROWS_PLANNED) return;
  for (const [capacity, together] of Object.entries(useTogether(input)))
    expect(sum[capacity] ?? 0, `${capacity} of case ${seed}`).to.be.at.least(together);
}

const random = new Random();

describe("what no profile holds", () => {
  it("modexp of more than 32 bytes, alone, and even if it cannot pay", async () => {
    const words = [33n, 1n, 1n].map((word) => word.toString(16).padStart(64, "0")).join("");
    const call = { from: 0, type: 2, to: "0x0000000000000000000000000000000000000005", value: 0n, accessList: [] } as const; // prettier-ignore
    for (const gasLimit of [21_900n, 100_000n]) {
      const transactions = [{ ...call, data: `0x${words}` as const, gasLimit }];
      const block = { seconds: 1n, feeRecipient: "0x00000000000000000000000000000000000fee00", transactions } as const; // prettier-ignore
      const [use] = usesAlone((await new FuzzChain([]).execute([block])).input);
      for (const { capacities } of EVM_PROFILES)
        expect(use!["modexps"]).to.be.greaterThan(meteredCapacities(capacities)["modexps"]!);
    }
  });
});

describe(`what blocks use alone (seed ${random.seed})`, () => {
  for (const flavour of FLAVOURS)
    it(`adds up to at least what they use together: ${flavour}`, async () => {
      const rounds = Number(process.env.BVM_METER_ROUNDS ?? 4);
      for (let round = 0; round < rounds; round++) await expectAddsUp(random.below(2 ** 30), flavour);
    }).timeout(120_000);

  // An opcode of one operand asks for what was left below, of which facts of several blocks share less than those of one.
  it("jumps over what other blocks have left on the stack", () => expectAddsUp(803_043_711, "solidity"));

  // Data of the first transaction has nothing before it, that of later blocks has.
  it("a copy whose source begins where memory does", () => expectAddsUp(374_803_251, "opcodes"));
});
