import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { callOf, keep, repeat } from "../code.ts";
import { addressText, wordText } from "../fixture.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** SSTORE (EIP-2200, 2929, 3529): every transition, warm and cold, undone or not; the sentry; the cap of refunds. */

const TARGET = 0x5707en;
const SLOT = 5n;
const VALUES = [0, 1, 2] as const;
const WARM = { accessList: [{ address: addressText(ENTRY), storageKeys: [wordText(SLOT)] }] };

const at = (code: readonly Item[], original: number): [bigint, Allocation] => [
  ENTRY,
  { nonce: 1n, code: assemble(...code), storage: new Map([[SLOT, BigInt(original)]]) },
];

const triples = VALUES.flatMap((a) => VALUES.flatMap((b) => VALUES.map((c) => [a, b, c] as const)));

/** Writes the value that it is called with, reads it, and fails if there is nothing but that. */
const writer = (end: readonly Item[]): Allocation => ({
  nonce: 1n,
  code: assemble(0, "CALLDATALOAD", Number(SLOT), "SSTORE", Number(SLOT), "SLOAD", "POP", ...end),
});

const ENDS: Readonly<Record<string, readonly Item[]>> = {
  kept: [],
  reverted: [0, 0, "REVERT"],
  invalid: [Uint8Array.of(0xfe)],
};

export function* writes(): Generator<StateCase> {
  for (const original of VALUES)
    for (const triple of triples)
      for (const isWarm of [false, true]) {
        const code = triple.flatMap((value): Item[] => [value, Number(SLOT), "SSTORE"]);
        yield {
          name: `${original} becomes ${triple.join(", ")}${isWarm ? ", in the access list" : ""}`,
          pre: new Map([at(code, original)]),
          transaction: isWarm ? WARM : {},
        };
      }
}

/** The second of three writes is a delegate's, which may fail. */
export function* writesByDelegates(): Generator<StateCase> {
  for (const original of VALUES)
    for (const [a, b, c] of triples)
      for (const [end, items] of Object.entries(ENDS)) {
        const call = callOf({ kind: "DELEGATECALL", to: TARGET, gas: 50_000, input: [0, 32] });
        const code = [a, Number(SLOT), "SSTORE", b, 0, "MSTORE", ...call, "POP", c, Number(SLOT), "SSTORE"];
        yield {
          name: `${original} becomes ${a}, ${b} (${end}), ${c}`,
          pre: new Map([at(code, original), [TARGET, writer(items)]]),
        };
      }
}

/** A write with gas by one around what it needs, and around the 2,300 of a payment, which must not do (EIP-2200). */
export function* writesWithLittleGas(): Generator<StateCase> {
  const edges = [2_300, 2_200, 5_000, 22_100, 100, 2_900, 20_000];
  for (const original of VALUES)
    for (const value of VALUES)
      for (const isWarm of [false, true])
        for (const edge of edges)
          for (const gas of [edge - 1, edge, edge + 1]) {
            // Two pushes come before, of 5 gas in sum when a value is pushed as PUSH0.
            const pushes = value === 0 ? 5 : 6;
            const [entry, entryState] = at(
              [...callOf({ kind: "DELEGATECALL", to: TARGET, gas: gas + pushes }), ...keep(1)],
              original,
            );
            yield {
              name: `${original} becomes ${value} with ${gas} gas${isWarm ? ", warm" : ""}`,
              pre: new Map([
                [entry, entryState],
                [TARGET, { nonce: 1n, code: assemble(value, Uint8Array.of(0x60, Number(SLOT)), "SSTORE") }],
              ]),
              transaction: isWarm ? WARM : {},
            };
          }
}

/** EIP-3529: a fifth of the gas at most. */
export function* refunds(): Generator<StateCase> {
  for (let clears = 0; clears <= 12; clears++)
    for (const wasted of [0, 700, 2_000, 8_000])
      for (const [end, items] of Object.entries(ENDS))
        yield {
          name: `${clears} slots are cleared, memory of ${wasted} words, ${end}`,
          pre: new Map<bigint, Allocation>([
            [
              ENTRY,
              {
                nonce: 1n,
                storage: new Map(Array.from({ length: clears }, (_, i) => [BigInt(i), 9n])),
                code: assemble(
                  ...Array.from({ length: clears }, (_, i): Item[] => [0, i, "SSTORE"]).flat(),
                  ...[32 * wasted, "MLOAD"],
                  ...items,
                ),
              },
            ],
          ]),
        };
}

/** SLOAD and SSTORE of many slots, some warm, some made warm in a frame that fails. */
export function* warmSlots(): Generator<StateCase> {
  const touch = [Number(SLOT), "SLOAD", "POP"];
  for (const [end, items] of Object.entries(ENDS))
    for (const order of ["before", "after", "both"])
      for (const isListed of [false, true]) {
        const call = [...callOf({ kind: "DELEGATECALL", to: TARGET, gas: 50_000 }), "POP"];
        const code =
          order === "before"
            ? [...touch, ...call]
            : order === "after"
              ? [...call, ...touch]
              : [...touch, ...call, ...touch];
        yield {
          name: `a slot is read in a frame that is ${end}, and ${order}${isListed ? ", in the access list twice" : ""}`,
          pre: new Map([
            at(code, 1),
            [TARGET, { nonce: 1n, code: assemble(...touch, ...repeat(2, ...touch), ...items) }],
          ]),
          transaction: isListed ? { accessList: [...WARM.accessList, ...WARM.accessList] } : {},
        };
      }
}
