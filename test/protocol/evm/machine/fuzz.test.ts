import { expect } from "chai";
import type { Step } from "../../../../protocol/evm/machine/trace.ts";
import { OPCODES } from "../../../../protocol/evm/opcodes.ts";
import { createRandom, type Random } from "../../../agents/execution/random.ts";
import { addressOf, CHAIN_ID, signed, wallets } from "../../../agents/execution/wallets.ts";
import { Lockstep } from "./lockstep.ts";
import type { Allocation } from "./memoryState.ts";
import { RandomCode } from "./randomCode.ts";

/** BVM_FUZZ_SEEDS="first:count" runs others, and more of them. */
const [FIRST, COUNT] = (process.env["BVM_FUZZ_SEEDS"] ?? "1:30").split(":").map(Number) as [number, number];
const TRANSACTIONS = 16;
const BLOCK = {
  number: 300n,
  timestamp: 1_700_000_000n,
  feeRecipient: "0x00000000000000000000000000000000000000fe",
  gasLimit: 30_000_000n,
  baseFeePerGas: 10n ** 9n,
} as const;

const CONTRACTS = Array.from({ length: 8 }, (_, i) => 0xc0de00n + BigInt(i));
const hex = (value: bigint, bytes: number): string => `0x${value.toString(16).padStart(2 * bytes, "0")}`;

describe("machine against the reference implementation, step by step: random code", () => {
  const opcodes = new Set<number>();
  const ends = new Set<string>();
  let steps = 0;

  for (let seed = FIRST; seed < FIRST + COUNT; seed++)
    it(`seed ${seed}`, async () => {
      const random = createRandom(seed);
      const lockstep = await Lockstep.create(CHAIN_ID, BLOCK, allocate(random));
      for (let nonce = 0; nonce < TRANSACTIONS; nonce++) {
        if (nonce % 6 === 5) lockstep.nextBlock();
        const raw = await randomTransaction(random, nonce);
        if (!(await survives(lockstep, raw))) break;
        for (const { opcode } of lockstep.machine.steps) opcodes.add(opcode);
        for (const { outcome } of lockstep.machine.frames) ends.add(outcome.reason);
      }
      steps += lockstep.stepCount;
    });

  it("has met every opcode and most ends", () => {
    const missed = OPCODES.filter((opcode) => opcode && !opcodes.has(opcode.code)).map(
      (opcode) => opcode?.name,
    );
    expect(missed).to.deep.equal([]);
    expect([...ends]).to.include.members([
      "STOP",
      "RETURN",
      "REVERT",
      "SELFDESTRUCT",
      "OUT_OF_GAS",
      "STACK_UNDERFLOW",
      "STATIC_VIOLATION",
      "INVALID_JUMP",
      "INVALID_OPCODE",
      "RETURN_DATA_OUT_OF_BOUNDS",
      "INSUFFICIENT_BALANCE",
      "CREATE_COLLISION",
      "CODE_STARTS_WITH_EF",
      "PRECOMPILE_FAILED",
    ]);
    expect(steps).to.be.greaterThan(20_000);
  });
});

/**
 * False: the oracle died, as it does where REVERT names a huge range of memory: it reads the range for its report of the step
 * before it asks for the gas. Anything else that is thrown is a failure.
 */
async function survives(lockstep: Lockstep, raw: Uint8Array): Promise<boolean> {
  try {
    await lockstep.send(raw);
    return true;
  } catch (error) {
    const isHugeRevert = ({ opcode, halt }: Step): boolean => opcode === 0xfd && halt === "OUT_OF_GAS";
    if (error instanceof RangeError && lockstep.machine.steps.some(isHugeRevert)) return false;
    throw error;
  }
}

function neighbours(): bigint[] {
  const precompiles = [1n, 2n, 3n, 4n, 5n, 6n, 8n, 9n, 10n];
  const people = wallets.map((wallet) => BigInt(addressOf(wallet)));
  return [
    ...CONTRACTS,
    ...CONTRACTS,
    ...CONTRACTS,
    ...precompiles,
    ...people,
    0n,
    0xfen,
    0xdeadn,
    2n ** 160n + 0xdeadn,
  ];
}

function allocate(random: Random): Map<bigint, Allocation> {
  const code = new RandomCode(random, neighbours());
  const allocation = new Map<bigint, Allocation>();
  for (const wallet of wallets) allocation.set(BigInt(addressOf(wallet)), { balance: 10n ** 20n });
  for (const address of CONTRACTS) {
    const storage = new Map([0n, 1n].map((slot) => [slot, BigInt(1 + random.below(3))]));
    allocation.set(address, {
      code: code.generate(10 + random.below(70)),
      nonce: 1n,
      balance: 100n,
      storage,
    });
  }
  return allocation;
}

function randomTransaction(random: Random, nonce: number): Promise<Uint8Array> {
  const { below, pick } = random;
  const type = below(3);
  const isCreation = below(8) === 0;
  const bytes = Array.from({ length: below(150) }, () => (below(3) === 0 ? 0 : below(256)));
  const data = isCreation ? new RandomCode(random, neighbours()).generate(20) : Uint8Array.from(bytes);
  const accessList = Array.from({ length: type === 0 ? 0 : below(4) }, () => ({
    address: hex(BigInt.asUintN(160, pick(neighbours())), 20),
    storageKeys: Array.from({ length: below(3) }, () => hex(BigInt(below(3)), 32)),
  }));
  return signed(wallets[0]!, {
    type,
    nonce,
    to: isCreation ? null : hex(pick(CONTRACTS), 20),
    data: `0x${Buffer.from(data).toString("hex")}`,
    value: BigInt(below(3)),
    gasLimit: BigInt(150_000 + below(3) * 600_000),
    ...(type === 0 ? {} : { accessList }),
  });
}
