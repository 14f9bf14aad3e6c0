/** Calls of compiled contracts: tokens, a council, a pair, and the corners of the language. */
import { getCreateAddress } from "ethers";
import type { Hex } from "../../../../agents/kit/hex.ts";
import type { Random } from "../../../agents/execution/random.ts";
import { fixture } from "../../../protocol/evm/machine/compileFixtures.ts";
import { PLAIN_COIN } from "../../../evm/plainCoin.ts";
import type { FuzzTransaction } from "./fuzzCase.ts";
import { walletAddress, WALLETS } from "./fuzzChain.ts";
import { precompileInput } from "./precompileInput.ts";

type Sent = Pick<FuzzTransaction, "from" | "to" | "data"> & { readonly value?: bigint };

const word = (value: bigint | number): Hex => `0x${BigInt(value).toString(16).padStart(64, "0")}`;
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString("hex")}`;
const created = (nonce: number): Hex =>
  getCreateAddress({ from: walletAddress(0), nonce }).toLowerCase() as Hex;
const NEWCOMER = "0x00000000000000000000000000000000000000aa";

/** In the order in which wallet 0 creates them. */
const DEPLOYED = [
  "PlainCoin",
  "Coin",
  "Pair",
  "Corners",
  "Collectible",
  "Counter",
  "CounterProxy",
  "Council",
] as const;
type Name = (typeof DEPLOYED)[number];
const addressOf = (name: Name): Hex => created(DEPLOYED.indexOf(name));
const compiled = (name: string) => (name === "PlainCoin" ? PLAIN_COIN : fixture(name));

function argumentsOf(name: Name): unknown[] {
  if (name === "PlainCoin" || name === "Coin") return [10n ** 24n];
  if (name === "Pair") return [addressOf("PlainCoin"), addressOf("Coin")];
  if (name === "CounterProxy")
    return [addressOf("Counter"), compiled("Counter").abi.encodeFunctionData("initialize", [41n])];
  return name === "Council" ? [addressOf("Coin")] : [];
}

export const deployments = (): Sent[] =>
  DEPLOYED.map((name) => {
    const { bytecode, abi } = compiled(name);
    const value = name === "Corners" ? 10n ** 10n : 0n;
    return {
      from: 0,
      to: null,
      data: (bytecode + abi.encodeDeploy(argumentsOf(name)).slice(2)) as Hex,
      value,
    };
  });

const call = (name: Name, method: string, args: readonly unknown[], from = 0, as: string = name): Sent => ({
  from,
  to: addressOf(name),
  data: compiled(as).abi.encodeFunctionData(method, [...args]) as Hex,
});

/** Sets the contracts up: balances of the pair, a proposal. */
export function preparations(): Sent[] {
  const action = compiled("Coin").abi.encodeFunctionData("transfer", [walletAddress(3), 77n]);
  return [
    call("PlainCoin", "transfer", [addressOf("Pair"), 10n ** 21n]),
    call("Coin", "transfer", [addressOf("Pair"), 10n ** 21n]),
    call("Pair", "mint", [walletAddress(1)]),
    call("PlainCoin", "transfer", [walletAddress(1), 1000n]),
    call("Coin", "delegate", [walletAddress(0)]),
    call("Coin", "transfer", [addressOf("Council"), 1_000n]),
    call("Council", "propose", [[addressOf("Coin")], [0n], [action], "pay"]),
    call("Collectible", "mint", [walletAddress(0)]),
  ];
}

export function randomSolidityCall(random: Random): Sent {
  const { below, pick } = random;
  const someone = (): Hex => walletAddress(below(WALLETS));
  const from = below(WALLETS);
  const amount = (): bigint => pick([0n, 1n, 5n, 100n, 1001n, 10n ** 18n]);
  const choices: (() => Sent)[] = [
    () => call(pick(["PlainCoin", "Coin"]), "transfer", [someone(), amount()], from),
    () => call("PlainCoin", "approve", [someone(), amount()], from),
    () => call("PlainCoin", "transferFrom", [someone(), someone(), amount()], from),
    () => call("Coin", "delegate", [someone()], from),
    () => call("PlainCoin", "transfer", [addressOf("Pair"), 10n ** 18n]),
    () => call("Pair", "swap", [0n, pick([1n, 995n * 10n ** 12n, 10n ** 22n]), someone()], from),
    () => call("Pair", "mint", [someone()], from),
    () => call("Collectible", "mint", [pick([someone(), addressOf("Corners")])], from),
    () => call("Collectible", "transferFrom", [someone(), someone(), 1n], from),
    () => call("Collectible", "setApprovalForAll", [someone(), below(2) === 0], from),
    () => call("CounterProxy", "up", [], from, "Counter"),
    () => call("Corners", "loop", [BigInt(below(12))], from),
    () => ({ ...call("Corners", "nest", [BigInt(below(9))], from), value: BigInt(below(100)) }),
    () => ({ ...call("Corners", "create", [pick([1n, 13n, 2n])], from), value: BigInt(below(3)) }),
    () => ({
      ...call("Corners", "create2", [BigInt(below(3)), word(below(2))], from),
      value: BigInt(below(3)),
    }),
    () => ({ ...call("Corners", "createAndEnd", [word(below(3)), pick([NEWCOMER, someone()]), BigInt(below(4))], from), value: BigInt(below(3)) }), // prettier-ignore
    () => call("Corners", "end", [BigInt(below(3)), pick([NEWCOMER, someone()])], from),
    () => call("Corners", "transients", [BigInt(below(9))], from),
    () => call("Corners", "copies", [BigInt(below(70)), BigInt(below(70))], from),
    () =>
      call(
        "Corners",
        "refunds",
        [BigInt(below(2)), Array.from({ length: below(6) }, () => BigInt(below(3)))],
        from,
      ),
    () => call("Corners", "surroundings", [pick([someone(), addressOf("Coin"), NEWCOMER, word(8).replace(/^0x0{24}/, "0x")])], from), // prettier-ignore
    () => call("Corners", "precompiles", [hex(precompileInput(random, 2)), word(99), 27 + below(2), word(below(99)), word(7)], from), // prettier-ignore
  ];
  return pick(choices)();
}
