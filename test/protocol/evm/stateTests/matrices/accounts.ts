import { getCreate2Address, keccak256 } from "ethers";
import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { callOf, createOf, deploy, keep, meter } from "../code.ts";
import { addressText } from "../fixture.ts";
import { COINBASE, ENTRY, SENDER, type StateCase } from "../stateCase.ts";

/** What opcodes tell of accounts of every kind (EIP-1052, 2929), and of those that appear or go in the transaction. */

const ABSENT = 0xab5e47n;
const ACCOUNTS: Readonly<Record<string, readonly [bigint, Allocation?]>> = {
  absent: [ABSENT],
  "with a balance": [0xe0an, { balance: 1n }],
  "with a nonce": [0xe0bn, { nonce: 1n }],
  "with code alone": [0xe0cn, { code: Uint8Array.of(0) }],
  "a contract": [0xe0dn, { nonce: 1n, balance: 3n, code: assemble(1, 2, "ADD", "STOP") }],
  "a precompile": [2n],
  "a precompile with a balance": [2n, { balance: 1n }],
  "an absent precompile of later forks": [11n],
  itself: [ENTRY],
  "the sender": [SENDER],
  "the fee recipient": [COINBASE],
  "absent, beyond 160 bits": [2n ** 160n + ABSENT],
};

const ASKED: Readonly<Record<string, (address: Item) => readonly Item[]>> = {
  BALANCE: (address) => [address, "BALANCE"],
  EXTCODESIZE: (address) => [address, "EXTCODESIZE"],
  EXTCODEHASH: (address) => [address, "EXTCODEHASH"],
  EXTCODECOPY: (address) => [40, 0, 0, address, "EXTCODECOPY", 0, "MLOAD"],
};

/** Asked twice, or paid or called between, with the gas of each. */
const BETWEEN: Readonly<Record<string, (address: Item) => readonly Item[]>> = {
  nothing: () => [],
  "a call of no value": (to) => [...callOf({ kind: "CALL", to, gas: 5_000 }), "POP"],
  "a payment": (to) => [...callOf({ kind: "CALL", to, value: 1, gas: 5_000 }), "POP"],
  "a payment of more than there is": (to) => [...callOf({ kind: "CALL", to, value: 100, gas: 5_000 }), "POP"],
};

export function* questions(): Generator<StateCase> {
  for (const [name, [address, allocation]] of Object.entries(ACCOUNTS))
    for (const [opcode, ask] of Object.entries(ASKED))
      for (const [betweenName, between] of Object.entries(BETWEEN)) {
        const code = assemble(
          ...meter(0, ...ask(address)),
          ...between(address),
          ...meter(2, ...ask(address)),
        );
        yield {
          name: `${opcode} of ${name}, twice, ${betweenName} between`,
          pre: new Map([
            ...(allocation ? [[address, allocation] as const] : []),
            [ENTRY, { nonce: 1n, balance: 9n, code }],
          ]),
        };
      }
}

const CODE = assemble(1, 0, "SSTORE");
const INIT_CODES: Readonly<Record<string, Uint8Array>> = {
  "that leaves code": deploy(CODE),
  "that leaves none": new Uint8Array(),
  "that reverts": assemble(0, 0, "REVERT"),
  "that halts": Uint8Array.of(0xfe),
  "that destroys itself": assemble("CALLER", "SELFDESTRUCT"),
};

/** The address of a creation before and after it, in the same frame. */
export function* questionsOfTheNew(): Generator<StateCase> {
  for (const [name, initCode] of Object.entries(INIT_CODES))
    for (const [opcode, ask] of Object.entries(ASKED))
      for (const value of [0, 2])
        for (const isAskedBefore of [false, true]) {
          const salt = `0x${"00".repeat(32)}`;
          const address = BigInt(getCreate2Address(addressText(ENTRY), salt, keccak256(initCode)));
          const create = [...createOf("CREATE2", initCode, value), ...keep(9)];
          const before = isAskedBefore ? meter(0, ...ask(address)) : [];
          yield {
            name: `${opcode} of what init code ${name} was run for, ${value} wei${isAskedBefore ? ", also before" : ""}`,
            pre: new Map([
              [
                ENTRY,
                {
                  nonce: 1n,
                  balance: 9n,
                  code: assemble(...before, ...create, ...meter(2, ...ask(address))),
                },
              ],
            ]),
            // What halts takes all but a 64th.
            transaction: { gasLimit: 9_000_000n },
          };
        }
}

const EMPTY = 0xe3b7n;
const CALLER = 0xca11e4n;
const KINDS = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"] as const;

const TOUCHES: Readonly<Record<string, (empty: bigint) => readonly Item[]>> = {
  "asked for": (empty) => [empty, "BALANCE", empty, "EXTCODEHASH"],
  "heir of nothing": (empty) => [empty, "SELFDESTRUCT"],
  ...Object.fromEntries(
    KINDS.flatMap((kind) =>
      [0, 10_000].map((gas) => [
        `target of ${kind} with ${gas} gas`,
        (empty: bigint) => callOf({ kind, to: empty, gas }),
      ]),
    ),
  ),
  "target of CALL with more than there is": (empty) => callOf({ kind: "CALL", to: empty, value: 1 }),
};

const ENDS: Readonly<Record<string, readonly Item[]>> = {
  kept: [],
  reverted: [0, 0, "REVERT"],
  "out of gas": [2n ** 40n, "MLOAD"],
};

/**
 * EIP-161 on accounts that cannot be there any more, empty in the state before: they go when they are touched, not when a
 * touch is undone; RIPEMD-160's goes even then. Where there is no such account all this is nothing.
 */
export function* emptyAccounts(): Generator<StateCase> {
  for (const empty of [EMPTY, 2n, 3n])
    for (const [touchName, touch] of Object.entries(TOUCHES))
      for (const [endName, end] of Object.entries(ENDS))
        yield {
          name: `an empty account at ${empty} is ${touchName}, ${endName}`,
          pre: new Map([
            [empty, {}],
            [
              ENTRY,
              {
                nonce: 1n,
                code: assemble(...callOf({ kind: "CALL", to: CALLER, gas: 200_000 }), ...keep(0)),
              },
            ],
            [CALLER, { nonce: 1n, code: assemble(...touch(empty), ...end) }],
          ]),
        };
  for (const maxPriorityFeePerGas of [0n, 1n])
    for (const to of [EMPTY, COINBASE, 3n])
      yield {
        name: `empty accounts at ${EMPTY}, ${COINBASE} and 3, nothing to ${to}, tip ${maxPriorityFeePerGas}`,
        pre: new Map([EMPTY, COINBASE, 3n].map((empty) => [empty, {}])),
        transaction: { to, maxPriorityFeePerGas },
      };
}
