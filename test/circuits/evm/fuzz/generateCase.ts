/** Random cases: what contracts there are, and blocks of transactions that use them. */
import { getCreateAddress } from "ethers";
import { fromHex, type Hex } from "../../../../agents/kit/hex.ts";
import { intrinsicGas } from "../../../../protocol/evm/machine/intrinsicGas.ts";
import { createRandom, type Random } from "../../../agents/execution/random.ts";
import { RandomCode } from "../../../protocol/evm/machine/randomCode.ts";
import { cornerCode, cutPush } from "./corners.ts";
import { factoryCode } from "./factories.ts";
import type { FuzzBlock, FuzzCase, FuzzContract, FuzzTransaction } from "./fuzzCase.ts";
import { walletAddress, WALLETS } from "./fuzzChain.ts";
import { opcodeTour } from "./opcodeTour.ts";
import { forwarder, precompileInput, PRECOMPILED, randomBytes } from "./precompileInput.ts";
import { deployments, preparations, randomSolidityCall } from "./solidityCalls.ts";

const MINER: Hex = "0x00000000000000000000000000000000000fee00";
const CONTRACTS = 6;
const text = (value: bigint): Hex => `0x${BigInt.asUintN(160, value).toString(16).padStart(40, "0")}`;
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString("hex")}`;
const contractAddress = (i: number): bigint => 0xc0de00n + BigInt(i);
const LATER = 1_000n;

/** Contracts of random code, written for corners, compiled, that hand their input to a precompile, make contracts, tour opcodes. */
export const FLAVOURS = ["random", "corners", "solidity", "precompiles", "factories", "opcodes"] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** The case of a seed; the flavours take turns. */
export const caseOfSeed = (seed: number, flavours: readonly Flavour[] = FLAVOURS): FuzzCase =>
  generateCase(seed, flavours[seed % flavours.length]!);

export function generateCase(seed: number, flavour: Flavour): FuzzCase {
  const random = createRandom(seed);
  const maker = new CaseMaker(random, flavour);
  return maker.make(random.below(2) === 0 ? 0 : seed);
}

class CaseMaker {
  readonly #random: Random;
  readonly #flavour: Flavour;
  readonly #contracts: readonly FuzzContract[];

  constructor(random: Random, flavour: Flavour) {
    this.#random = random;
    this.#flavour = flavour;
    this.#contracts = flavour === "solidity" ? [] : this.#allContracts();
  }

  make(slack: number): FuzzCase {
    const { below } = this.#random;
    const setup = [...this.#setup(), ...Array.from({ length: below(3) }, () => this.#block(below(3)))];
    // Few blocks are empty, fewer all of them.
    const counts = Array.from(
      { length: 1 + below(3) },
      (_, i) => (i === 0 && below(8) > 0 ? 1 : 0) + below(4),
    );
    const blocks = counts.map((count) => this.#block(count));
    return { contracts: this.#contracts, setup, blocks, slack };
  }

  #setup(): FuzzBlock[] {
    if (this.#flavour !== "solidity") return [];
    const block = (transactions: FuzzTransaction[]): FuzzBlock => ({ seconds: 12n, feeRecipient: MINER, transactions }); // prettier-ignore
    const plain = { type: 2, value: 0n, gasLimit: 5_000_000n, accessList: [] } as const;
    const all = [...deployments(), ...preparations()].map((sent) => ({ ...plain, ...sent }));
    return [...all.map((transaction) => block([transaction])), block([])];
  }

  #block(count: number): FuzzBlock {
    const { below, pick } = this.#random;
    return {
      seconds: BigInt(1 + below(30)),
      feeRecipient: pick([MINER, MINER, walletAddress(below(WALLETS)), text(contractAddress(0))]),
      transactions: Array.from({ length: count }, () => this.#transaction()),
    };
  }

  #transaction(): FuzzTransaction {
    const { below, pick } = this.#random;
    const type = below(3) as 0 | 1 | 2;
    const accessList = Array.from({ length: type === 0 ? 0 : Math.max(0, below(5) - 2) }, () => ({
      address: text(pick(this.#neighbours())),
      storageKeys: Array.from(
        { length: below(3) },
        () => `0x${below(3).toString(16).padStart(64, "0")}` as const,
      ),
    }));
    const value = BigInt(below(3) === 0 ? below(1000) : 0);
    const sent = { type, value, accessList, ...this.#message() };
    return { ...sent, gasLimit: this.#gasLimit(sent) };
  }

  /** Often enough, often just too little. */
  #gasLimit({ to, data, accessList }: Omit<FuzzTransaction, "gasLimit">): bigint {
    const { below, pick } = this.#random;
    const list = accessList.map(({ address, storageKeys }) => ({
      address: BigInt(address),
      slots: storageKeys.map(BigInt),
    }));
    const least = intrinsicGas({
      to: to === null ? undefined : BigInt(to),
      data: fromHex(data),
      accessList: list,
    });
    // Loops of corner code last as long as the gas.
    const much = this.#flavour === "corners" ? [100_000, 200_000] : [500_000, 2_000_000];
    const more = pick([below(4_000), below(60_000), 500_000, 2_000_000, ...much]);
    return least + BigInt(more);
  }

  #message(): Pick<FuzzTransaction, "from" | "to" | "data"> & { value?: bigint } {
    const { below, pick } = this.#random;
    if (this.#flavour === "solidity" && below(8) > 0) return randomSolidityCall(this.#random);
    const from = below(WALLETS);
    const dice = below(10);
    if (dice === 0) return { from, to: text(pick(this.#neighbours())), data: hex(this.#data(100)) };
    if (dice === 1 && this.#flavour === "factories")
      return { from, to: null, data: hex(factoryCode(this.#random)) };
    if (dice === 1) return { from, to: null, data: hex(this.#code().generate(12)) };
    if (dice === 2 && this.#flavour === "corners")
      return { from, to: null, data: hex(cornerCode(this.#random)) };
    const i = below(CONTRACTS);
    if (this.#flavour === "precompiles" && i < PRECOMPILED.length) {
      const precompile = PRECOMPILED[i]!;
      const to = below(5) === 0 ? BigInt(precompile) : contractAddress(i);
      return { from, to: text(to), data: hex(precompileInput(this.#random, precompile)) };
    }
    return { from, to: text(contractAddress(i)), data: hex(this.#data(pick([0, 4, 40, 150]))) };
  }

  #data(most: number): Uint8Array {
    return randomBytes(this.#random, this.#random.below(most + 1)).map((byte) => (byte % 3 === 0 ? 0 : byte));
  }

  /** Now and then one stands where the first creation of a wallet, or of another contract, would be. */
  #allContracts(): FuzzContract[] {
    const { below } = this.#random;
    const contracts = Array.from({ length: CONTRACTS }, (_, i) => this.#contract(i));
    if (below(3) > 0) return contracts;
    const creator =
      below(2) === 0 ? { from: walletAddress(0), nonce: 0 } : { from: text(contractAddress(0)), nonce: 1 };
    return [...contracts, { ...this.#contract(0), address: getCreateAddress(creator).toLowerCase() as Hex }];
  }

  #contract(i: number): FuzzContract {
    const { below, pick } = this.#random;
    const storage = [0n, 1n].flatMap((slot) =>
      below(3) === 0 ? [] : [[slot, BigInt(1 + below(3))] as const],
    );
    const nonce = below(12) === 0 ? 2n ** 64n - 1n : 1n;
    return { address: text(contractAddress(i)), code: hex(this.#contractCode(i)), nonce, balance: BigInt(pick([0, 100, 100])), storage }; // prettier-ignore
  }

  #contractCode(i: number): Uint8Array {
    const { below } = this.#random;
    if (this.#flavour === "precompiles") return forwarder(this.#random, PRECOMPILED[i % PRECOMPILED.length]!);
    if (this.#flavour === "factories") return factoryCode(this.#random);
    if (this.#flavour === "opcodes") return opcodeTour(this.#random, this.#neighbours());
    if (this.#flavour === "corners" && below(5) > 0) return cornerCode(this.#random);
    return below(15) === 0 ? cutPush(this.#random) : this.#code().generate(6 + below(60));
  }

  #code(): RandomCode {
    return new RandomCode(this.#random, this.#neighbours());
  }

  #neighbours(): bigint[] {
    const contracts = Array.from({ length: CONTRACTS }, (_, i) => contractAddress(i));
    const people = Array.from({ length: 2 }, (_, i) => BigInt(walletAddress(i)));
    const made = BigInt(getCreateAddress({ from: walletAddress(0), nonce: 0 }));
    const absent = [6n, 8n, 10n, 0n, 0xdeadn, 2n ** 160n + 0xdeadn, LATER];
    return [
      ...contracts,
      ...contracts,
      ...people,
      ...absent,
      ...PRECOMPILED.map(BigInt),
      made,
      BigInt(MINER),
    ];
  }
}
