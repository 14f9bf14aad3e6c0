/** Chunks of one kind of transaction each, on a chain where whatever they touch exists already. */
import { getCreateAddress } from "ethers";
import type { ChunkInput } from "../../protocol/evm/plan/chunkState.ts";
import { addressOf, type Call, EvmChain } from "../evm/evmChain.ts";
import { PLAIN_COIN } from "../evm/plainCoin.ts";
import { type Compiled, fixture } from "../protocol/evm/machine/compileFixtures.ts";

export type Workload = (transactions: number) => Promise<ChunkInput>;

const WALLETS = 64;
/** Recipients stand here, so that nobody both sends and receives. */
const RECIPIENTS = WALLETS / 2;
/** As many holders have a token to themselves where a workload says so. */
const CIRCLE = 8;
const SUPPLY = 10n ** 24n;
const DEPLOY_GAS = 8_000_000n;
const COPIER_BYTES = 11;

const creation = ({ bytecode, abi }: Compiled, values: readonly unknown[] = []): Call => ({
  from: 0,
  to: null,
  data: bytecode + abi.encodeDeploy(values).slice(2),
  gasLimit: DEPLOY_GAS,
});

const call = (to: string, { abi }: Compiled, from: number, method: string, values: unknown[]): Call => ({
  from,
  to,
  data: abi.encodeFunctionData(method, values),
});

const token = (to: string, i: number, recipient: string, amount: bigint): Call =>
  call(to, PLAIN_COIN, i, "transfer", [recipient, amount]);

/** Two tokens that every wallet holds, and a pair of them with liquidity. */
class Market {
  readonly chain = new EvmChain(WALLETS);
  readonly coins = [0, 1].map((nonce) => created(nonce)) as [string, string];
  readonly pair = created(2);

  static async open(): Promise<Market> {
    const market = new Market();
    const { chain, coins, pair } = market;
    for (let i = 0; i < 2; i++) await chain.chunk([[creation(PLAIN_COIN, [SUPPLY])]]);
    await chain.chunk([[creation(fixture("Pair"), [...coins])]]);
    for (const coin of coins) {
      const holders = [...Array.from({ length: WALLETS - 1 }, (_, i) => addressOf(i + 1)), pair];
      await chain.chunk([holders.map((holder) => token(coin, 0, holder, 10n ** 21n))]);
    }
    await chain.chunk([[call(pair, fixture("Pair"), 0, "mint", [addressOf(0)])]]);
    await chain.chunk([[market.payIn(0), market.swap(0)]]);
    return market;
  }

  transfer(from: number, to: number): Call {
    return token(this.coins[0], from, addressOf(to), 5n + BigInt(from));
  }

  payIn(i: number): Call {
    return token(this.coins[0], i, this.pair, 10n ** 16n);
  }

  swap(i: number): Call {
    return call(this.pair, fixture("Pair"), i, "swap", [0n, 9n * 10n ** 15n, addressOf(i)]);
  }

  approve(i: number): Call {
    return call(this.coins[1], PLAIN_COIN, i, "approve", [addressOf(i + RECIPIENTS), BigInt(i + 1)]);
  }
}

const created = (nonce: number): string => getCreateAddress({ from: addressOf(0), nonce });

const repeat = (count: number, make: (i: number) => readonly Call[]): Call[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat();

const onMarket =
  (calls: (market: Market, count: number) => Call[]): Workload =>
  async (count) => {
    const market = await Market.open();
    return market.chain.chunk([calls(market, count)]);
  };

/** OpenZeppelin's ERC-20, from one holder to another: everyone appears once. */
export const tokenTransfers = onMarket((market, n) => repeat(n, (i) => [market.transfer(i, i + RECIPIENTS)]));

/** The same among a few holders: senders and balances recur. */
export const recurringTransfers = onMarket((market, n) =>
  repeat(n, (i) => [market.transfer(i % CIRCLE, (i + 3) % CIRCLE)]),
);

const payment = (i: number): Call => ({
  from: i,
  to: addressOf(i + RECIPIENTS),
  value: 7n,
  gasLimit: 21_000n,
});

/** Payments between accounts that exist; everyone appears once. */
export const payments: Workload = async (n) => new EvmChain(WALLETS).chunk([repeat(n, (i) => [payment(i)])]);

/** Payment into the pair and swap by the same wallet: two transactions each. */
export const swaps = onMarket((market, n) => repeat(n, (i) => [market.payIn(i), market.swap(i)]));

/** What wallets send on an ordinary day, each two token transfers, an approval, a payment, and what a swap takes. */
export const ordinary = onMarket((market, n) =>
  repeat(Math.ceil(n / 6), (i) => [
    market.transfer(6 * i, 6 * i + RECIPIENTS),
    market.approve(6 * i + 1),
    payment(6 * i + 2),
    market.transfer(6 * i + 3, 6 * i + 3 + RECIPIENTS),
    market.payIn(6 * i + 4),
    market.swap(6 * i + 4),
  ]).slice(0, n),
);

/** Bytes of the init code, and the chunk that runs it. */
export async function creationOf(
  name: string,
): Promise<{ readonly bytes: number; readonly input: ChunkInput }> {
  const compiled = fixture(name);
  const input = await new EvmChain(WALLETS).chunk([[creation(compiled)]]);
  return { bytes: compiled.bytecode.length / 2 - 1, input };
}

/** A creation of init code of this many bytes: it returns all but its first ones, which nobody analysed before. */
export async function creationOfBytes(bytes: number): Promise<ChunkInput> {
  const length = bytes - COPIER_BYTES;
  const u16 = (n: number): string => n.toString(16).padStart(4, "0");
  // PUSH2 length, DUP1, PUSH1 COPIER_BYTES, PUSH0, CODECOPY, PUSH0, RETURN.
  const copier = `61${u16(length)}80600b5f395ff3`;
  const body = Array.from({ length }, (_, i) => ((i * 2_654_435_761) >>> 24).toString(16).padStart(2, "0"));
  const data = `0x${copier}00${body.join("").replace(/^ef/, "00")}`;
  return new EvmChain(WALLETS).chunk([[{ from: 0, to: null, data, gasLimit: DEPLOY_GAS }]]);
}

/** Two chunks of token transfers, the second after the first. */
export async function consecutiveTransfers(n: number): Promise<readonly [ChunkInput, ChunkInput]> {
  const market = await Market.open();
  const chunk = (first: number): Promise<ChunkInput> =>
    market.chain.chunk([repeat(n, (i) => [market.transfer(first + i, first + i + RECIPIENTS)])]);
  return [await chunk(0), await chunk(n)];
}
