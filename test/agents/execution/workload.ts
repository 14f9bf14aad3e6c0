import { getCreateAddress } from "ethers";
import { compile } from "./compile.ts";
import type { Random } from "./random.ts";
import { signed, wallets } from "./wallets.ts";

export const { bytecode, abi } = compile("Workload.sol", "Workload");

export const word = (n: number): string => `0x${n.toString(16).padStart(64, "0")}`;

/** Calldata of some function of the workload with small random arguments, so that slots and children are met again. */
export function randomCall(random: Random, salt: () => string): { data: string; value: bigint } {
  const someone = random.pick(wallets).address;
  const n = random.below(8);
  const value = BigInt(random.below(3));
  const call = (name: string, args: unknown[], payable = 0n) => ({
    data: abi.encodeFunctionData(name, args),
    value: payable,
  });
  const calls = [
    () => call("write", [n, BigInt(random.below(3)) * 2n ** 200n], value),
    () => call("writeAndRestore", [n, 5]),
    () => call("writeInFailedCall", [n, random.below(3)]),
    () => call("writeThenRevert", [n, 1]),
    () => call("pay", [someone, random.below(5)]),
    () => call("create", [value], value),
    () => call("create2", [salt(), value], value),
    () => call("createAndDestroy", [salt(), someone], value),
    () => call("destroyChild", [random.below(4), someone]),
    () => call("burnGas", [random.below(40)]),
    () => call("recover", [word(n), 27 + random.below(3), word(1 + n), word(1 + random.below(9))]),
    () => call("environment", []),
  ];
  return random.pick(calls)();
}

/** Transactions of random kinds, each valid on the state its predecessors lead to. */
export class RandomWorkload {
  readonly #random: Random;
  readonly #nonces = wallets.map(() => 0);
  readonly #contracts: string[] = [];
  #salts = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  async next(): Promise<Uint8Array> {
    const random = this.#random;
    const sender = random.below(wallets.length);
    const send = (to: string | null, data: string, value: bigint, gasLimit: bigint): Promise<Uint8Array> =>
      signed(wallets[sender]!, {
        type: random.below(3),
        nonce: this.#nonces[sender]!++,
        to,
        data,
        value,
        gasLimit,
      });
    if (this.#contracts.length < 2) {
      const from = wallets[sender]!.address;
      this.#contracts.push(getCreateAddress({ from, nonce: this.#nonces[sender]! }));
      return send(null, bytecode, 1_000n, 5_000_000n);
    }
    if (random.below(4) === 0) {
      const newcomer = `0x${(random.below(40) + 0xabc0).toString(16).padStart(40, "0")}`;
      return send(
        random.pick([newcomer, random.pick(wallets).address]),
        "0x",
        BigInt(random.below(1000)),
        21_000n,
      );
    }
    const { data, value } = randomCall(random, () => word(this.#salts++));
    return send(random.pick(this.#contracts), data, value, BigInt(30_000 + random.below(900_000)));
  }
}
