/**
 * Blocks that no chain of this program has: the circuit refuses each, at the constraint that is there for it. What the machine
 * refuses natively is planned here as if it had not (test/protocol/evm/machine/transactions.test.ts and test/protocol/block.test.ts
 * have the other side).
 */
import { expect } from "chai";
import { addressToField } from "../../../../protocol/address.ts";
import type { BlockData } from "../../../../protocol/block.ts";
import { hasCode } from "../../../../protocol/errors.ts";
import type { Transaction } from "../../../../protocol/evm/machine/trace.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../../../protocol/evm/plan/chunkTraces.ts";
import type { ChunkPlan } from "../../../../protocol/evm/plan/planChunk.ts";
import { CONTRACT, contractsOf } from "../execution/contracts.ts";
import {
  addressOf,
  assemble,
  CHAIN_ID,
  chunkOf,
  GAS_LIMIT,
  profileOf,
  wallet,
} from "../execution/demoChain.ts";
import { attempt, fitting, type Lies } from "../execution/prove.ts";
import { patch } from "./lieKind.ts";

const TRANSFER = { from: 0, to: addressOf(1), value: 5n };

interface Signing {
  readonly by?: number;
  readonly chainId?: bigint;
  readonly nonce?: number;
  readonly gasLimit?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly value?: bigint;
}

/** The transfer, signed otherwise. */
async function signed(input: ChunkInput, own: Signing): Promise<Uint8Array> {
  const { by = 0, chainId = CHAIN_ID, nonce = 0, gasLimit = 21_000n, value = 5n } = own;
  const fee = input.blocks[0]!.baseFeePerGas;
  const { maxFeePerGas = 2n * fee } = own;
  const raw = await wallet(by).signTransaction({ type: 2, chainId, nonce, gasLimit, to: addressOf(1), value, maxFeePerGas, maxPriorityFeePerGas: 3n, accessList: [] }); // prettier-ignore
  return Uint8Array.from(Buffer.from(raw.slice(2), "hex"));
}

/** The block holds other bytes than the transaction that is executed. */
const holding =
  (raw: Uint8Array, executed: Partial<Transaction> = {}) =>
  (plan: ChunkPlan): void => {
    const [trace] = plan.blocks;
    const [own] = trace!.transactions;
    const transactions = [{ ...own!, transaction: { ...own!.transaction, ...executed } }];
    const block: BlockData = { ...trace!.block, transactions: [raw] };
    Object.assign(plan, { blocks: [{ ...trace!, block, transactions }] });
  };

const otherwise = (own: Partial<BlockData>) => (plan: ChunkPlan) => {
  const [trace] = plan.blocks;
  Object.assign(plan, { blocks: [{ ...trace!, block: { ...trace!.block, ...own } }] });
};

/** The error that the native side throws. */
function refusal(input: ChunkInput): unknown {
  try {
    traceChunk(input);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("EVM: blocks that the circuit and the machine refuse", function () {
  this.timeout(60_000);

  let input: ChunkInput;
  before(async () => (input = await chunkOf([{ transactions: [TRANSFER] }])));

  const broken = (lies: Lies): readonly string[] => attempt(profileOf(), input, lies).broken;
  /** The same block with these bytes: the machine refuses it. */
  const refusesNatively = (own: Partial<BlockData>, code: string): void => {
    const blocks = [{ ...input.blocks[0]!, ...own }];
    expect(hasCode(refusal({ ...input, blocks }), code), code).to.equal(true);
  };

  it("a signature of someone else", async () => {
    const raw = await signed(input, { by: 1 });
    expect(broken({ plan: holding(raw) })).to.include("begin[0].caller.isOwn.lo");
  });

  it("no signature", () => {
    // Above half the order (EIP-2); test/circuits/evm/transactions/canonical.test.ts has the circuit's side of the bytes.
    const raw = Uint8Array.from(input.blocks[0]!.transactions[0]!);
    raw[raw.length - 32] = 0xff;
    refusesNatively({ transactions: [raw] }, "SIGNATURE_INVALID");
    expect(broken({ wires: { "transaction[0].sender": (sender) => sender ^ 1n } })).to.include("transaction[0].sender"); // prettier-ignore
  });

  it("another chain's transaction", async () => {
    const raw = await signed(input, { chainId: CHAIN_ID + 1n });
    refusesNatively({ transactions: [raw] }, "WRONG_CHAIN_ID");
    expect(broken({ plan: holding(raw) })).to.include("transaction[0].chainId.isOurs");
  });

  it("a nonce gap", async () => {
    const raw = await signed(input, { nonce: 1 });
    refusesNatively({ transactions: [raw] }, "NONCE_TOO_HIGH");
    expect(broken({ plan: holding(raw, { nonce: 1n }) })).to.include("begin[0].nonce.isOwn.lo");
  });

  it("a fee that its sender cannot pay", async () => {
    const raw = await signed(input, { maxFeePerGas: 10n ** 16n });
    refusesNatively({ transactions: [raw] }, "INSUFFICIENT_FUNDS");
    const names = broken({ plan: holding(raw, { maxFeePerGas: 10n ** 16n }) });
    expect(names).to.include("begin[0].affords.hi");
  });

  it("a value that its sender does not have, or not with the gas that it reserves", async () => {
    const own = 10n ** 20n;
    for (const sent of [
      { value: own },
      { value: 2n ** 256n - 1n },
      { value: own - 10n ** 15n, gasLimit: 10n ** 6n },
    ]) {
      const raw = await signed(input, sent);
      refusesNatively({ transactions: [raw] }, "INSUFFICIENT_FUNDS");
      expect(broken({ plan: holding(raw, sent) })).to.include("begin[0].affords.hi");
    }
  });

  it("a balance that no word holds", async () => {
    const most = 2n ** 256n - 1n;
    const genesis = { balances: { [addressOf(1)]: most - 5n } };
    const chunk = await chunkOf([{ transactions: [TRANSFER] }], genesis);
    expect(attempt(profileOf(), chunk).broken).to.deep.equal([]);
    const more = holding(await signed(chunk, { value: 6n }), { value: 6n });
    const wrapping = (plan: ChunkPlan): void => {
      more(plan);
      patch(plan.book, "literal", (honest) => (word) => honest(word & most));
    };
    const names = attempt(profileOf(), chunk, { plan: wrapping }).broken;
    expect(names).to.include("begin[0].transfer.to.after.hi");
  });

  it("a fee below the base fee", async () => {
    const raw = await signed(input, { maxFeePerGas: 5n });
    refusesNatively({ transactions: [raw] }, "FEE_CAP_BELOW_BASE_FEE");
    expect(broken({ plan: holding(raw) })).to.include("transaction[0].fee.coversBase");
  });

  it("gas over the block's limit", async () => {
    const gasLimit = GAS_LIMIT + 1n;
    const raw = await signed(input, { gasLimit });
    refusesNatively({ transactions: [raw] }, "EXCEEDS_BLOCK_GAS_LIMIT");
    expect(broken({ plan: holding(raw, { gasLimit }) })).to.include("gas.left[0]");
  });

  it("gas over what the transactions before have left", async () => {
    const two = await chunkOf([{ transactions: [TRANSFER, TRANSFER] }]);
    const gasLimit = GAS_LIMIT - 20_999n;
    const raw = await signed(two, { nonce: 1, gasLimit });
    const blocks = [{ ...two.blocks[0]!, transactions: [two.blocks[0]!.transactions[0]!, raw] }];
    expect(hasCode(refusal({ ...two, blocks }), "BLOCK_GAS_EXHAUSTED")).to.equal(true);
    const more = (plan: ChunkPlan): void => {
      const [trace] = plan.blocks;
      const [first, second] = trace!.transactions;
      const transactions = [first!, { ...second!, transaction: { ...second!.transaction, gasLimit } }];
      Object.assign(plan, { blocks: [{ ...trace!, block: blocks[0]!, transactions }] });
    };
    expect(attempt(profileOf(), two, { plan: more }).broken).to.include("gas.left[1]");
  });

  it("a fee recipient who gets another's fee", () => {
    const paidTo = (plan: ChunkPlan): void => {
      plan.transactions.paidTo = () => addressToField(addressOf(2));
    };
    expect(broken({ plan: paidTo })).to.include("end[0].tip.isAccess");
    const tip = (plan: ChunkPlan): void => patch(plan.transactions, "tip", (f) => (tx) => f(tx) + 1n);
    expect(broken({ plan: tip })).to.include("end[0].tip.new.lo");
  });

  it("another base fee", () => {
    const baseFeePerGas = input.blocks[0]!.baseFeePerGas + 1n;
    refusesNatively({ baseFeePerGas }, "BLOCK_BASE_FEE_MISMATCH");
    expect(broken({ wires: { "block[0].baseFee.result": baseFeePerGas } })).to.include(
      "block[0].baseFee.result",
    );
    // The circuit computes the fee itself and puts it into the block's bytes, which are then not those of the wrong block.
    expect(broken({ plan: otherwise({ baseFeePerGas }) })).to.deep.equal(["blockBytes.row[1].digest"]);
  });

  it("another number, and another gas limit", () => {
    const others = [
      [{ number: 9n }, "BLOCK_NUMBER_MISMATCH"],
      [{ gasLimit: GAS_LIMIT - 1n }, "BLOCK_GAS_LIMIT_MISMATCH"],
    ] as const;
    for (const [own, code] of others) {
      refusesNatively(own, code);
      expect(broken({ plan: otherwise(own) })).to.deep.equal(["blockBytes.row[1].digest"]);
    }
  });

  it("a time that stands still, and one that runs back", () => {
    for (const back of [0n, 1n]) {
      const timestamp = input.previous.timestamp - back;
      refusesNatively({ timestamp }, "BLOCK_TIME_NOT_LATER");
      expect(broken({ plan: otherwise({ timestamp }) })).to.include("block[0].timestamp.later");
    }
  });

  it("code that is not what its account commits to", async () => {
    const call = { transactions: [{ from: 0, to: CONTRACT, gasLimit: 60_000n }] };
    const chunk = await chunkOf([call], contractsOf(assemble("NUMBER", "PUSH0", "SSTORE", "STOP")));
    const profile = fitting(chunk, {});
    const other = (plan: ChunkPlan): void =>
      patch(plan.code, "segment", (honest) => (name, bytes) =>
        honest(name, Uint8Array.from(bytes, (byte, i) => (i === 0 ? assemble("TIMESTAMP")[0]! : byte))),
      ); // prettier-ignore
    const names = attempt(profile, chunk, { plan: other }).broken;
    expect(names.some((name) => name.endsWith("digest.isCommitment"))).to.equal(true, names.join());
    const codes = [assemble("TIMESTAMP", "PUSH0", "SSTORE", "STOP")];
    const natively = refusal({ ...chunk, state: { ...chunk.state, codes } });
    expect(hasCode(natively, "WITNESS_CODE_UNUSED")).to.equal(true);
  });
});
