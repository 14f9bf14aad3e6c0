import { getCreate2Address, getCreateAddress, keccak256 } from "ethers";
import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { createOf, keep, returnBytes } from "../code.ts";
import { addressText } from "../fixture.ts";
import { ENTRY, SENDER, type StateCase } from "../stateCase.ts";

/** Creations at their edges: what stands at the address, nonces, sizes, the first byte, gas for the code. */

const KINDS = ["CREATE", "CREATE2"] as const;

export const createdBy = (kind: string, initCode: Uint8Array): bigint =>
  BigInt(
    kind === "CREATE2"
      ? getCreate2Address(addressText(ENTRY), `0x${"00".repeat(32)}`, keccak256(initCode))
      : getCreateAddress({ from: addressText(ENTRY), nonce: 1 }),
  );

const SQUATTERS: Readonly<Record<string, Allocation | undefined>> = {
  nothing: undefined,
  "a balance": { balance: 3n },
  "a nonce": { nonce: 1n },
  "a nonce and a balance": { nonce: 9n, balance: 3n },
  code: { code: Uint8Array.of(0) },
  "a contract with storage": { nonce: 1n, code: assemble(1, 1, "SSTORE"), storage: new Map([[1n, 5n]]) },
};

export function* collisions(): Generator<StateCase> {
  const initCode = assemble(1, ...keep(1), 1, 0, "RETURN");
  for (const [name, squatter] of Object.entries(SQUATTERS))
    for (const value of [0, 2]) {
      for (const kind of KINDS) {
        const pre = new Map<bigint, Allocation>([
          [
            ENTRY,
            {
              nonce: 1n,
              balance: 10n,
              code: assemble(...createOf(kind, initCode, value), "DUP1", ...keep(0), "BALANCE", ...keep(1)),
            },
          ],
        ]);
        if (squatter) pre.set(createdBy(kind, initCode), squatter);
        yield { name: `${kind} of value ${value} where ${name} is`, pre };
      }
      const pre = new Map<bigint, Allocation>();
      const address = BigInt(getCreateAddress({ from: addressText(SENDER), nonce: 0 }));
      if (squatter) pre.set(address, squatter);
      yield {
        name: `a transaction of value ${value} creates where ${name} is`,
        pre,
        transaction: { to: undefined, data: initCode, value: BigInt(value) },
      };
    }
}

export function* nonces(): Generator<StateCase> {
  for (const kind of KINDS)
    for (const less of [0n, 1n, 2n, 3n])
      for (const value of [0, 20]) {
        const nonce = 2n ** 64n - 1n - less;
        const create = (slot: number): Item[] => [
          ...createOf(kind, returnBytes(1), value, slot),
          ...keep(slot),
        ];
        yield {
          name: `${kind} of value ${value}, twice, by an account with nonce ${nonce}`,
          pre: new Map([[ENTRY, { nonce, balance: 10n, code: assemble(...create(0), ...create(1)) }]]),
        };
      }
}

export function* initCodeSizes(): Generator<StateCase> {
  for (const size of [0, 1, 31, 32, 33, 49_120, 49_121, 49_151, 49_152, 49_153, 2 ** 31, 2 ** 64]) {
    for (const kind of KINDS)
      for (const gasLimit of [90_000n, 2_000_000n]) {
        const salt = kind === "CREATE2" ? [0] : [];
        yield {
          name: `${kind} of ${size} bytes of init code, gas ${gasLimit}`,
          pre: new Map([
            [ENTRY, { nonce: 1n, code: assemble(...salt, BigInt(size), 0, 0, kind, ...keep(0)) }],
          ]),
          transaction: { gasLimit },
        };
      }
    if (size > 49_153) continue;
    const data = new Uint8Array(size);
    const transaction = { to: undefined, data, gasLimit: 2_000_000n };
    const name = `a transaction with ${size} bytes of init code`;
    if (size <= 49_152) yield { name, pre: new Map(), transaction };
    else
      yield {
        name,
        pre: new Map(),
        transaction,
        expectException: "TransactionException.INITCODE_SIZE_EXCEEDED",
      };
  }
}

/** EIP-170, EIP-3541. */
export function* deposits(): Generator<StateCase> {
  for (const size of [0, 1, 2, 32, 24_575, 24_576, 24_577, 100_000])
    for (const first of [0, 0xee, 0xef, 0xf0])
      for (const gasLimit of [200_000n, 6_000_000n]) {
        const initCode = returnBytes(size, first);
        const what = `${size} bytes of code, the first 0x${first.toString(16)}, gas ${gasLimit}`;
        for (const kind of KINDS)
          yield {
            name: `${kind} of ${what}`,
            pre: new Map([
              [
                ENTRY,
                {
                  nonce: 1n,
                  code: assemble(...createOf(kind, initCode), "DUP1", ...keep(0), "EXTCODEHASH", ...keep(1)),
                },
              ],
            ]),
            transaction: { gasLimit },
          };
        yield {
          name: `a transaction creates ${what}`,
          pre: new Map(),
          transaction: { to: undefined, data: initCode, gasLimit },
        };
      }
}

const intrinsic = (data: Uint8Array): number =>
  53_000 + 2 * Math.ceil(data.length / 32) + data.reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);

/** Gas by one around what init code needs, and around what its code needs beside. */
export function* depositsWithLittleGas(): Generator<StateCase> {
  for (const size of [0, 1, 5, 64]) {
    const initCode = returnBytes(size, 1);
    // Three pushes of 3, one PUSH0 of 2, MSTORE8 with a word of memory, RETURN with what more it opens.
    const run = (size === 0 ? 2 : 3) + 3 + 2 + 2 + 6 + 3 * Math.max(0, Math.ceil(size / 32) - 1);
    for (const edge of new Set([0, run, run + 200 * size]))
      for (const by of [-2, -1, 0, 1])
        if (edge + by >= 0)
          yield {
            name: `a transaction creates ${size} bytes with ${edge} ${by < 0 ? "-" : "+"} ${Math.abs(by)} gas (${edge === 0 ? "none" : edge === run ? "init code" : "deposit"})`,
            pre: new Map(),
            transaction: { to: undefined, data: initCode, gasLimit: BigInt(intrinsic(initCode) + edge + by) },
          };
  }
}

/** What init code sees of itself and of the account that it creates; creations inside of it. */
export function* insideInitCode(): Generator<StateCase> {
  const seen = ["CODESIZE", "CALLDATASIZE", "SELFBALANCE", "CALLER", "ADDRESS", "CALLVALUE"];
  const asked = ["EXTCODESIZE", "EXTCODEHASH", "BALANCE"];
  const items = [
    ...seen.flatMap((name, i): Item[] => [name, ...keep(i)]),
    ...asked.flatMap((name, i): Item[] => ["ADDRESS", name, ...keep(10 + i)]),
    ...[32, 0, 0, "CODECOPY", 0, "MLOAD", ...keep(20), 32, 0, 0, "CALLDATACOPY", 0, "MLOAD", ...keep(21)],
  ];
  const inner: Readonly<Record<string, readonly Item[]>> = {
    looks: items,
    "creates and looks": [...createOf("CREATE", returnBytes(2), 1), ...keep(30), ...items],
    "creates twice": [
      ...createOf("CREATE", returnBytes(2)),
      ...keep(30),
      ...createOf("CREATE2", returnBytes(2)),
      ...keep(31),
    ],
  };
  for (const [name, code] of Object.entries(inner)) {
    const initCode = assemble(...code);
    for (const kind of KINDS)
      yield {
        name: `${kind}: init code ${name}`,
        pre: new Map([
          [ENTRY, { nonce: 1n, balance: 9n, code: assemble(...createOf(kind, initCode, 5), ...keep(0)) }],
        ]),
      };
    yield {
      name: `a transaction's init code ${name}`,
      pre: new Map(),
      transaction: { to: undefined, data: initCode, value: 5n },
    };
  }
}
