import { assemble } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { keep, meter } from "../code.ts";
import { addressText, type FixtureAccessList, quantity, wordText } from "../fixture.ts";
import {
  BASE_FEE,
  BLOCK_GAS_LIMIT,
  type CaseTransaction,
  COINBASE,
  ENTRY,
  SENDER,
  type StateCase,
} from "../stateCase.ts";

/** What makes a transaction valid, what it pays before it runs, and who is paid. */

const EOA = 0xe0an;
const TYPES = [0, 1, 2] as const;

const entries = (...addresses: readonly bigint[]): FixtureAccessList =>
  addresses.map((address) => ({ address: addressText(address), storageKeys: [] }));

const withSlots = (address: bigint, ...slots: readonly bigint[]): FixtureAccessList => [
  { address: addressText(address), storageKeys: slots.map(wordText) },
];

const LISTS: Readonly<Record<string, FixtureAccessList>> = {
  "no list": [],
  "one address": entries(EOA),
  "an address twice": entries(EOA, EOA),
  "a slot": withSlots(ENTRY, 1n),
  "a slot twice": withSlots(ENTRY, 1n, 1n),
  "a slot in two entries": [...withSlots(ENTRY, 1n), ...withSlots(ENTRY, 1n, 2n)],
  "everybody who is warm anyway": entries(SENDER, ENTRY, COINBASE, 1n, 9n),
};

const DATA: Readonly<Record<string, Uint8Array>> = {
  "no data": new Uint8Array(),
  zeros: new Uint8Array(33),
  "no zeros": new Uint8Array(33).fill(7),
  both: Uint8Array.from({ length: 65 }, (_, i) => i % 3),
};

const listGas = (list: FixtureAccessList): number =>
  list.reduce((gas, { storageKeys }) => gas + 2_400 + 1_900 * storageKeys.length, 0);
const dataGas = (data: Uint8Array): number => data.reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);

/** Gas limits around the intrinsic gas (EIP-2028, 2930, 3860). */
export function* intrinsicGas(): Generator<StateCase> {
  for (const type of TYPES)
    for (const [listName, accessList] of Object.entries(LISTS))
      for (const [dataName, data] of Object.entries(DATA))
        for (const to of [EOA, undefined])
          for (const by of [-1, 0, 1]) {
            if (type === 0 && accessList.length > 0) continue;
            const creation = to === undefined ? 32_000 + 2 * Math.ceil(data.length / 32) : 0;
            const gasLimit = BigInt(21_000 + creation + dataGas(data) + listGas(accessList) + by);
            const name = `type ${type}, ${listName}, ${dataName}, ${to ? "call" : "creation"}, intrinsic gas ${by}`;
            const example = { name, pre: new Map(), transaction: { type, accessList, data, to, gasLimit } };
            if (by >= 0) yield example;
            else yield { ...example, expectException: "TransactionException.INTRINSIC_GAS_TOO_LOW" };
          }
}

/** The opcodes that tell or need what an access list makes warm, and what is warm without (EIP-3651). */
export function* warmAccounts(): Generator<StateCase> {
  const places = {
    somebody: EOA,
    "the sender": SENDER,
    "the recipient": ENTRY,
    "the fee recipient": COINBASE,
    "precompile 1": 1n,
    "precompile 9": 9n,
    "address 11": 11n,
    "address 0": 0n,
  };
  for (const [listName, accessList] of Object.entries(LISTS))
    for (const [name, place] of Object.entries(places))
      for (const opcode of ["BALANCE", "EXTCODESIZE", "EXTCODEHASH"])
        yield {
          name: `${opcode} of ${name}, ${listName}`,
          pre: new Map([
            [ENTRY, { nonce: 1n, code: assemble(...meter(1, place, opcode), ...meter(3, place, opcode)) }],
          ]),
          transaction: { accessList },
        };
}

const GAS_LIMIT = 50_000n;

type Refusal = {
  readonly name: string;
  readonly transaction: Partial<CaseTransaction>;
  readonly sender?: Allocation;
  readonly expectException?: string;
  readonly gasLimit?: bigint;
};

const refused = (name: string): string => `TransactionException.${name}`;
const FUNDS = refused("INSUFFICIENT_ACCOUNT_FUNDS");

/** Fees and funds (EIP-1559): by one around each edge. */
const FEES: readonly Refusal[] = [
  ...[-1n, 0n, 1n].map((by): Refusal => ({
    name: `fee cap ${by} from the base fee`,
    transaction: { maxFeePerGas: BASE_FEE + by, maxPriorityFeePerGas: 0n },
    ...(by < 0n ? { expectException: refused("INSUFFICIENT_MAX_FEE_PER_GAS") } : {}),
  })),
  ...([0, 1] as const).flatMap((type) =>
    [-1n, 0n, 1n].map((by): Refusal => ({
      name: `gas price of type ${type} ${by} from the base fee`,
      transaction: { type, gasPrice: BASE_FEE + by },
      ...(by < 0n ? { expectException: refused("INSUFFICIENT_MAX_FEE_PER_GAS") } : {}),
    })),
  ),
  ...[9n, 10n, 11n].map((tip): Refusal => ({
    name: `tip ${tip} of fee cap 10`,
    transaction: { maxPriorityFeePerGas: tip },
    ...(tip > 10n ? { expectException: refused("PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS") } : {}),
  })),
  ...[0n, 4n].flatMap((value) =>
    [-1n, 0n, 1n].flatMap((by) =>
      TYPES.map((type): Refusal => ({
        name: `balance ${by} from what type ${type} with ${value} wei may cost`,
        transaction: { type, value },
        sender: { balance: GAS_LIMIT * 10n + value + by },
        ...(by < 0n ? { expectException: FUNDS } : {}),
      })),
    ),
  ),
  {
    name: "enough for what it costs, not for what it may",
    transaction: { maxFeePerGas: 1_000n },
    sender: { balance: GAS_LIMIT * 999n },
    expectException: FUNDS,
  },
  { name: "more than all wei", transaction: { value: 2n ** 256n - 1n }, expectException: FUNDS },
  {
    name: "a fee of 256 bits",
    transaction: { maxFeePerGas: 2n ** 256n - 1n, maxPriorityFeePerGas: 1n },
    expectException: FUNDS,
  },
];

/** Nonce (EIP-2681), code (EIP-3607), the block's gas. */
const PLACES: readonly Refusal[] = [
  ...[0n, 5n, 2n ** 64n - 2n].map((nonce): Refusal => ({
    name: `nonce ${nonce} where it is`,
    transaction: { nonce },
    sender: { nonce, balance: 10n ** 18n },
  })),
  { name: "nonce too high", transaction: { nonce: 1n }, expectException: refused("NONCE_MISMATCH_TOO_HIGH") },
  {
    name: "nonce too low",
    transaction: { nonce: 4n },
    sender: { nonce: 5n, balance: 10n ** 18n },
    expectException: refused("NONCE_MISMATCH_TOO_LOW"),
  },
  {
    name: "the last nonce",
    transaction: { nonce: 2n ** 64n - 1n },
    sender: { nonce: 2n ** 64n - 1n, balance: 10n ** 18n },
    expectException: refused("NONCE_IS_MAX"),
  },
  {
    name: "a sender with code",
    transaction: {},
    sender: { balance: 10n ** 18n, code: Uint8Array.of(0) },
    expectException: refused("SENDER_NOT_EOA"),
  },
  ...[0n, 1n].map((by): Refusal => ({
    name: `gas limit ${by} from the block's`,
    transaction: {},
    gasLimit: BLOCK_GAS_LIMIT + by,
    ...(by > 0n ? { expectException: refused("GAS_ALLOWANCE_EXCEEDED") } : {}),
  })),
];

export function* validity(): Generator<StateCase> {
  for (const { name, transaction, sender, expectException, gasLimit = GAS_LIMIT } of [...FEES, ...PLACES])
    yield {
      name,
      pre: new Map<bigint, Allocation>([
        [ENTRY, { nonce: 1n, code: assemble("GASPRICE", ...keep(0)) }],
        ...(sender ? [[SENDER, sender] as const] : []),
      ]),
      transaction: { ...transaction, gasLimit },
      ...(expectException ? { expectException } : {}),
    };
}

/** Who sends, who is paid, who is there: the three may be one, and the tip may be nothing (EIP-161). */
export function* parties(): Generator<StateCase> {
  const recipients = {
    somebody: EOA,
    nobody: 0xab5e47n,
    "the sender": SENDER,
    "the fee recipient": COINBASE,
    "precompile 4": 4n,
    "address 0": 0n,
  };
  const coinbases = { another: COINBASE, "the sender": SENDER, somebody: EOA, "precompile 3": 3n };
  for (const [toName, to] of Object.entries(recipients))
    for (const [coinbaseName, coinbase] of Object.entries(coinbases))
      for (const value of [0n, 5n])
        for (const maxPriorityFeePerGas of [0n, 1n])
          for (const isSpent of [false, true]) {
            // All of the sender's wei go in the cost, or are left.
            const balance = isSpent ? GAS_LIMIT * 10n + value : 10n ** 18n;
            yield {
              name: `${value} wei to ${toName}, fee to ${coinbaseName}, tip ${maxPriorityFeePerGas}${isSpent ? ", with just enough" : ""}`,
              pre: new Map([
                [SENDER, { balance }],
                [EOA, { balance: 1n }],
              ]),
              transaction: { to, value, maxPriorityFeePerGas, gasLimit: GAS_LIMIT },
              env: { currentCoinbase: addressText(coinbase) },
            };
          }
}

/** The block as code sees it. */
export function* environment(): Generator<StateCase> {
  const asked = [
    "COINBASE",
    "TIMESTAMP",
    "NUMBER",
    "PREVRANDAO",
    "GASLIMIT",
    "CHAINID",
    "BASEFEE",
    "BLOBBASEFEE",
    "ORIGIN",
    "GASPRICE",
  ];
  for (const currentBaseFee of ["0x0", "0x1", "0xa"])
    for (const currentNumber of [0n, 1n, 255n, 256n, 257n, 2n ** 40n]) {
      const hashes = [0n, 1n, 2n, 255n, 256n, 257n]
        .map((back) => currentNumber - back)
        .filter((n) => n >= 0n);
      yield {
        name: `base fee ${currentBaseFee}, block ${currentNumber}`,
        pre: new Map([
          [
            ENTRY,
            {
              nonce: 1n,
              code: assemble(
                ...asked.flatMap((name, i) => [name, ...keep(i)]),
                ...hashes.flatMap((n, i) => [n, "BLOCKHASH", ...keep(20 + i)]),
                ...[2n ** 256n - 1n, "BLOCKHASH", ...keep(30), 0, "BLOBHASH", ...keep(31)],
              ),
            },
          ],
        ]),
        env: { currentBaseFee, currentNumber: quantity(currentNumber) },
      };
    }
}
