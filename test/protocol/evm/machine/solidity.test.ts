import { expect } from "chai";
import { getCreateAddress, type TransactionRequest } from "ethers";
import { fromHex, type Hex } from "../../../../agents/kit/hex.ts";
import type { TransactionTrace } from "../../../../protocol/evm/machine/trace.ts";
import { addressOf, CHAIN_ID, signed, wallets } from "../../../agents/execution/wallets.ts";
import { fixture } from "./compileFixtures.ts";
import { Lockstep } from "./lockstep.ts";
import type { Allocation } from "./memoryState.ts";

const FUNDS = 10n ** 20n;
const BLOCK = {
  number: 700n,
  timestamp: 1_700_000_000n,
  feeRecipient: "0x00000000000000000000000000000000000000fe",
  gasLimit: 2_000_000_000n,
  baseFeePerGas: 10n ** 9n,
} as const;

/** Sends calls of contracts from wallets through both machines. */
class Session {
  readonly lockstep: Lockstep;
  readonly #nonces = wallets.map(() => 0);

  private constructor(lockstep: Lockstep) {
    this.lockstep = lockstep;
  }

  static async open(): Promise<Session> {
    const allocation = new Map<bigint, Allocation>(
      wallets.map((wallet) => [BigInt(addressOf(wallet)), { balance: FUNDS }]),
    );
    return new Session(await Lockstep.create(CHAIN_ID, BLOCK, allocation));
  }

  async send(request: TransactionRequest, from = 0): Promise<TransactionTrace> {
    const nonce = this.#nonces[from]!++;
    const full = { gasLimit: 6_000_000n, nonce, type: (nonce % 3) as 0 | 1 | 2, ...request };
    return this.lockstep.send(await signed(wallets[from]!, full));
  }

  async deploy(name: string, args: unknown[] = [], value = 0n): Promise<string> {
    const { bytecode, abi } = fixture(name);
    const address = getCreateAddress({ from: wallets[0]!.address, nonce: this.#nonces[0]! });
    const data = bytecode + abi.encodeDeploy(args).slice(2);
    const { status } = await this.send({ data, value });
    expect(status, `creation of ${name}`).to.equal(1);
    return address;
  }

  call(
    name: string,
    to: string,
    method: string,
    args: unknown[] = [],
    more: TransactionRequest = {},
    from = 0,
  ) {
    const data = fixture(name).abi.encodeFunctionData(method, args);
    return this.send({ to, data, ...more }, from);
  }
}

const someone = (i: number): string => wallets[i]!.address;
const word = (n: bigint | number): string => `0x${BigInt(n).toString(16).padStart(64, "0")}`;

describe("machine against the reference implementation, step by step: contracts of the compiler", () => {
  let session: Session;
  beforeEach(async () => {
    session = await Session.open();
  });
  const expectStatus = async (sent: Promise<TransactionTrace>, status: 0 | 1): Promise<TransactionTrace> => {
    const trace = await sent;
    expect(trace.status).to.equal(status);
    return trace;
  };

  it("ERC-20: transfers, allowances, refusals, permit by ecrecover", async () => {
    const coin = await session.deploy("Coin", [1_000_000n]);
    const call = (method: string, args: unknown[], from = 0) =>
      session.call("Coin", coin, method, args, {}, from);
    await expectStatus(call("transfer", [someone(1), 5_000n]), 1);
    await expectStatus(call("transfer", [someone(2), 5_000n], 1), 1);
    await expectStatus(call("transfer", [someone(2), 5_000n], 1), 0);
    await expectStatus(call("approve", [someone(3), 70n]), 1);
    await expectStatus(call("transferFrom", [someone(0), someone(4), 70n], 3), 1);
    await expectStatus(call("transferFrom", [someone(0), someone(4), 1n], 3), 0);
    const domain = { name: "Coin", version: "1", chainId: CHAIN_ID, verifyingContract: coin };
    const fields = ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"];
    const Permit = fields.map((field) => ({ name: field.split(" ")[0]!, type: field.split(" ")[1]! }));
    const permit = { owner: someone(0), spender: someone(5), value: 9n, nonce: 0n, deadline: 2n ** 60n };
    const { v, r, s } = splitSignature(await wallets[0]!.signTypedData(domain, { Permit }, permit));
    const args = [permit.owner, permit.spender, 9n, permit.deadline, v, r, s];
    await expectStatus(call("permit", args, 5), 1);
    await expectStatus(call("permit", args, 5), 0);
  });

  it("ERC-721: mints to accounts and contracts, approvals, transfers", async () => {
    const collectible = await session.deploy("Collectible");
    const corners = await session.deploy("Corners");
    const call = (method: string, args: unknown[], from = 0) =>
      session.call("Collectible", collectible, method, args, {}, from);
    await expectStatus(call("mint", [someone(0)]), 1);
    await expectStatus(call("mint", [corners]), 0);
    await expectStatus(call("approve", [someone(1), 1n]), 1);
    await expectStatus(call("transferFrom", [someone(0), someone(2), 1n], 1), 1);
    await expectStatus(call("transferFrom", [someone(0), someone(2), 1n], 1), 0);
    await expectStatus(call("setApprovalForAll", [someone(1), true], 2), 1);
  });

  it("Governor with ERC20Votes: delegate, propose, vote, execute", async () => {
    const coin = await session.deploy("Coin", [1_000_000n]);
    const council = await session.deploy("Council", [coin]);
    await expectStatus(session.call("Coin", coin, "delegate", [someone(0)]), 1);
    await expectStatus(session.call("Coin", coin, "transfer", [council, 1_000n]), 1);
    session.lockstep.nextBlock();
    const action = fixture("Coin").abi.encodeFunctionData("transfer", [someone(3), 77n]);
    const proposal = [[coin], [0n], [action]];
    const council_ = (method: string, args: unknown[], from = 0) =>
      session.call("Council", council, method, args, {}, from);
    const proposed = await expectStatus(council_("propose", [...proposal, "pay"]), 1);
    const id = BigInt(`0x${Buffer.from(proposed.output).toString("hex")}`);
    session.lockstep.nextBlock(2n);
    await expectStatus(council_("castVote", [id, 1]), 1);
    await expectStatus(council_("castVote", [id, 1]), 0);
    await expectStatus(council_("castVoteWithReason", [id, 0, "no"], 1), 1);
    session.lockstep.nextBlock(4n);
    const description = "0x" + Buffer.from(await keccakText("pay")).toString("hex");
    await expectStatus(council_("execute", [...proposal, description]), 1);
    await expectStatus(council_("execute", [...proposal, description]), 0);
  });

  it("DEX pair: liquidity and swaps, with a transient lock", async () => {
    const [a, b] = [await session.deploy("Coin", [10n ** 24n]), await session.deploy("Coin", [10n ** 24n])];
    const pair = await session.deploy("Pair", [a, b]);
    for (const coin of [a, b]) await session.call("Coin", coin, "transfer", [pair, 10n ** 21n]);
    await expectStatus(session.call("Pair", pair, "mint", [someone(1)]), 1);
    session.lockstep.nextBlock();
    await session.call("Coin", a, "transfer", [pair, 10n ** 18n]);
    await expectStatus(session.call("Pair", pair, "swap", [0n, 995n * 10n ** 15n, someone(2)]), 1);
    await expectStatus(session.call("Pair", pair, "swap", [0n, 10n ** 15n, someone(2)]), 0);
    await expectStatus(session.call("Pair", pair, "swap", [10n ** 22n, 0n, someone(2)]), 0);
  });

  describe("corners", () => {
    let corners: string;
    const call = (method: string, args: unknown[] = [], more: TransactionRequest = {}) =>
      session.call("Corners", corners, method, args, more);
    beforeEach(async () => {
      corners = await session.deploy("Corners", [], 10n ** 10n);
    });

    it("a loop, also one that runs out of gas", async () => {
      await expectStatus(call("loop", [300n]), 1);
      await expectStatus(call("loop", [10n ** 6n], { gasLimit: 300_000n }), 0);
    });

    it("nested calls with reverts, as deep as the gas goes", async () => {
      await expectStatus(call("nest", [1n], { value: 5n }), 1);
      await expectStatus(call("nest", [30n], { value: 10n ** 9n }), 1);
      await call("nest", [45n], { gasLimit: 700_000n });
    });

    it("creations, deletions and heirs", async () => {
      for (const n of [1n, 13n, 2n]) await expectStatus(call("create", [n], { value: n }), 1);
      await expectStatus(call("create2", [3n, word(7)], { value: 4n }), 1);
      await expectStatus(call("create2", [3n, word(7)], { value: 4n }), 0);
      const newcomer = "0x00000000000000000000000000000000000000aa";
      await expectStatus(call("createAndEnd", [word(8), newcomer, 3n], { value: 9n }), 1);
      // Gone, so that it can be created again.
      await expectStatus(call("createAndEnd", [word(8), newcomer, 0n]), 1);
      await expectStatus(call("end", [0n, newcomer]), 1);
      await expectStatus(call("end", [0n, newcomer]), 1);
      await expectStatus(call("end", [9n, newcomer]), 0);
    });

    it("transient storage, MCOPY, refunds, precompiles, surroundings", async () => {
      await expectStatus(call("transients", [20n]), 1);
      for (const [length, shift] of [
        [100, 3],
        [0, 0],
        [64, 64],
        [5, 400],
      ])
        await expectStatus(call("copies", [length, shift]), 1);
      for (const values of [[1, 0], [5, 5, 0, 7], [0, 7, 0], [0], [1, 2, 1, 0, 1]])
        await expectStatus(call("refunds", [1n, values]), 1);
      const data = `0x${"5b".repeat(104)}01`;
      const { v, r, s } = splitSignature(await wallets[1]!.signMessage("x"));
      await expectStatus(call("precompiles", [data, word(99), v, r, s]), 1);
      await expectStatus(call("precompiles", ["0x", word(99), 29, r, s]), 1);
      for (const other of [corners, someone(3), word(9).slice(0, 42), "0x" + "00".repeat(19) + "08"])
        await expectStatus(call("surroundings", [other]), 1);
    });

    it("access lists and tips", async () => {
      const accessList = [
        { address: corners, storageKeys: [word(0), word(1), word(0)] },
        { address: someone(4), storageKeys: [word(3)] },
        { address: corners, storageKeys: [word(2)] },
      ];
      for (const type of [1, 2]) await expectStatus(call("loop", [3n], { type, accessList }), 1);
      await call("loop", [3n], { type: 2, maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 5n });
      await session.send({ to: someone(3), value: 5n, gasLimit: 21_000n });
      await session.send({ to: BLOCK.feeRecipient, value: 0n, gasLimit: 21_000n });
      await session.send({ to: "0x0000000000000000000000000000000000000002", data: "0x1234", value: 3n });
    });

    it("proxies", async () => {
      const counter = await session.deploy("Counter");
      const initialize = fixture("Counter").abi.encodeFunctionData("initialize", [41n]);
      const proxy = await session.deploy("CounterProxy", [counter, initialize]);
      const { output } = await expectStatus(session.call("Counter", proxy, "up"), 1);
      expect(BigInt(`0x${Buffer.from(output).toString("hex")}`)).to.equal(42n);
    });
  });
});

function splitSignature(signature: string): { v: number; r: string; s: string } {
  const bytes = fromHex(signature as Hex);
  const part = (from: number): string => `0x${Buffer.from(bytes.subarray(from, from + 32)).toString("hex")}`;
  return { v: bytes[64]!, r: part(0), s: part(32) };
}

async function keccakText(text: string): Promise<Uint8Array> {
  const { keccak256 } = await import("../../../../agents/kit/execution/keccak256.ts");
  return keccak256(new TextEncoder().encode(text));
}
