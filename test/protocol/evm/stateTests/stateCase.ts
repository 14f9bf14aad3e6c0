import type { Allocation } from "../machine/memoryState.ts";
import {
  addressText,
  type FixtureAccessList,
  type FixtureEnvironment,
  type FixtureState,
  type FixtureTransaction,
  hex,
  quantity,
  type StateTest,
  wordText,
} from "./fixture.ts";

/** One transaction on a state: what a generated test is about, before its expectation is known. */
export type StateCase = {
  readonly name: string;
  /** Beside the sender, who has enough unless told. */
  readonly pre: ReadonlyMap<bigint, Allocation>;
  readonly transaction?: Partial<CaseTransaction>;
  readonly env?: Partial<FixtureEnvironment>;
  /** Ethereum's name of the reason for which the transaction is refused. */
  readonly expectException?: string;
};

export type CaseTransaction = {
  readonly type: 0 | 1 | 2;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  /** Types 0 and 1. */
  readonly gasPrice: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly to: bigint | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: FixtureAccessList;
};

/** The key that Ethereum's own tests use, and its address. */
const SECRET_KEY = "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8";
export const SENDER = 0xa94f5374fce5edbc8e2a8697c15331677e6ebf0bn;

/** Where a transaction goes unless told. */
export const ENTRY = 0xe000n;
export const COINBASE = 0xc01bba5en;
export const BASE_FEE = 7n;
export const BLOCK_GAS_LIMIT = 100_000_000n;

const ENV: FixtureEnvironment = {
  currentCoinbase: addressText(COINBASE),
  currentNumber: quantity(1_000n),
  currentTimestamp: quantity(1_700_000_000n),
  currentGasLimit: quantity(BLOCK_GAS_LIMIT),
  currentBaseFee: quantity(BASE_FEE),
  currentRandom: wordText(0x20000n),
  currentExcessBlobGas: "0x00",
};

const TRANSACTION: CaseTransaction = {
  type: 2,
  nonce: 0n,
  gasLimit: 2_000_000n,
  gasPrice: 10n,
  maxFeePerGas: 10n,
  maxPriorityFeePerGas: 1n,
  to: ENTRY,
  value: 0n,
  data: new Uint8Array(),
  accessList: [],
};

/** Without an expectation. */
export function asStateTest({ pre, transaction, env }: StateCase): StateTest {
  const allocation = new Map([[SENDER, { balance: 10n ** 18n }], ...pre] as [bigint, Allocation][]);
  return {
    env: { ...ENV, ...env },
    pre: asFixtureState(allocation),
    transaction: asFixtureTransaction({ ...TRANSACTION, ...transaction }),
    post: {},
    config: { chainid: "0x01" },
  };
}

const asFixtureState = (allocation: ReadonlyMap<bigint, Allocation>): FixtureState =>
  Object.fromEntries(
    [...allocation].map(([address, { balance = 0n, nonce = 0n, code = new Uint8Array(), storage }]) => [
      addressText(address),
      {
        balance: quantity(balance),
        nonce: quantity(nonce),
        code: hex(code),
        storage: Object.fromEntries([...(storage ?? [])].map(([k, v]) => [quantity(k), quantity(v)])),
      },
    ]),
  );

function asFixtureTransaction(transaction: CaseTransaction): FixtureTransaction {
  const { type, nonce, gasLimit, to, value, data, accessList } = transaction;
  const fees =
    type === 2
      ? {
          maxFeePerGas: quantity(transaction.maxFeePerGas),
          maxPriorityFeePerGas: quantity(transaction.maxPriorityFeePerGas),
        }
      : { gasPrice: quantity(transaction.gasPrice) };
  return {
    ...fees,
    ...(type === 0 ? {} : { accessLists: [accessList] }),
    nonce: quantity(nonce),
    gasLimit: [quantity(gasLimit)],
    value: [quantity(value)],
    data: [hex(data)],
    to: to === undefined ? "" : addressText(to),
    secretKey: SECRET_KEY,
    sender: addressText(SENDER),
  };
}
