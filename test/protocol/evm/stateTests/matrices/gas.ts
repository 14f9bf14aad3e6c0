import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { callOf, createOf, keep } from "../code.ts";
import { quantity } from "../fixture.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** All but a 64th (EIP-150) at every remainder, the stipend, and the depth of 1,024. */

const TARGET = 0x7a46e7n;
const KINDS = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"] as const;

/** Tells its gas. */
const TELLER: Allocation = { nonce: 1n, code: assemble("GAS", 0, "MSTORE", 32, 0, "RETURN") };

const asking = (kind: string, gas: Item, value: number): Item[] => [
  ...callOf({ kind, to: TARGET, gas, value, output: [0, 32] }),
  ...[...keep(1), 0, "MLOAD", ...keep(2)],
];

/** Gas limits one apart, so that the gas of the caller has every remainder of 64. */
export function* a64thKept(): Generator<StateCase> {
  for (let i = 0; i < 66; i++)
    for (const kind of [...KINDS, "CREATE"]) {
      const isCall = kind !== "CREATE";
      const initCode = assemble("GAS", ...keep(1));
      const code = isCall ? asking(kind, "GAS", 0) : createOf(kind, initCode);
      yield {
        name: `${kind}, ${i} gas more`,
        pre: new Map([
          [ENTRY, { nonce: 1n, code: assemble(...code) }],
          [TARGET, TELLER],
        ]),
        transaction: { gasLimit: BigInt(200_000 + i) },
      };
    }
}

/** More asked for than there is, with and without a stipend, in a frame with little gas. */
export function* gasAsked(): Generator<StateCase> {
  for (const kind of KINDS)
    for (const asked of [0n, 1n, 40n, 2_300n, 20_000n, 2n ** 64n, 2n ** 256n - 1n])
      for (const value of kind === "CALL" || kind === "CALLCODE" ? [0, 1, 100] : [0])
        for (const gasLimit of [23_700n, 24_000n, 33_000n, 120_000n])
          yield {
            name: `${kind} of value ${value} asks for ${asked} of ${gasLimit}`,
            pre: new Map([
              [ENTRY, { nonce: 1n, balance: 5n, code: assemble(...asking(kind, asked, value)) }],
              [TARGET, TELLER],
            ]),
            transaction: { gasLimit },
          };
}

/** Enough that a 64th less, 1,024 times, still is something. */
const DEEP_GAS = 2n ** 42n;

export function* depth(): Generator<StateCase> {
  const create = [...createOf("CREATE", assemble(1, ...keep(1))), "POP"];
  for (const kind of KINDS)
    for (const [name, last] of Object.entries({ "and no more": [], "and creates": create })) {
      const entry = [...callOf({ kind: "CALL", to: TARGET, output: [0, 32] }), "POP", 0, "MLOAD", ...keep(0)];
      yield {
        name: `${kind} of itself 1,024 deep ${name}`,
        pre: new Map([
          [ENTRY, { nonce: 1n, code: assemble(...entry) }],
          [TARGET, { nonce: 1n, code: descend(kind, last) }],
        ]),
        transaction: { gasLimit: DEEP_GAS },
        env: { currentGasLimit: quantity(DEEP_GAS) },
      };
    }
}

/** Calls itself; does `last` where that fails; returns how many levels there were from there on. */
function descend(kind: string, last: readonly Item[]): Uint8Array {
  const call = assemble(...callOf({ kind, to: "ADDRESS", output: [0, 32] }));
  const deepest = assemble(...last);
  const over = Uint8Array.of(0x60, call.length + 3 + deepest.length);
  return assemble(
    call,
    over,
    "JUMPI",
    deepest,
    "JUMPDEST",
    0,
    "MLOAD",
    1,
    "ADD",
    0,
    "MSTORE",
    32,
    0,
    "RETURN",
  );
}
