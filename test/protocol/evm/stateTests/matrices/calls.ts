import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { callOf, createOf, keep, repeat } from "../code.ts";
import { COINBASE, ENTRY, type StateCase } from "../stateCase.ts";

/** Calls and creations of every kind, with and without value, gas and a static context, to everything, ending in every way. */

const DRIVER = 0xd417e4n;
const TARGET = 0x7a46e7n;
const EOA = 0xe0an;
const NONCE_ONLY = 0x10ceen;
const ABSENT = 0xab5e47n;

/** What a contract, or init code, may do when it is called. */
export const BEHAVIOURS: Readonly<Record<string, readonly Item[]>> = {
  stops: [],
  "returns more than asked": ["CALLVALUE", 0, "MSTORE", "CALLER", 32, "MSTORE", 100, 0, "RETURN"],
  "returns less than asked": [storeWord(0xaan), 10, 0, "RETURN"].flat(),
  "returns nothing": [0, 0, "RETURN"],
  "reverts with more than asked": [storeWord(0xbbn), 90, 0, "REVERT"].flat(),
  "reverts with less than asked": [storeWord(0xccn), 5, 1, "REVERT"].flat(),
  "reverts with nothing": [0, 0, "REVERT"],
  "is invalid": [Uint8Array.of(0xfe)],
  "underflows its stack": ["POP"],
  "overflows its stack": repeat(1025, "PC"),
  "runs out of gas": [1, 2n ** 40n, "MSTORE"],
  "jumps nowhere": [3, "JUMP"],
  "reads beyond the return data": [1, 0, 0, "RETURNDATACOPY"],
  "writes storage": ["CALLVALUE", ...keep(7), 5, ...keep(8)],
  "writes transient storage": [9, 1, "TSTORE", 1, "TLOAD", 0, "MSTORE", 32, 0, "RETURN"],
  logs: ["CALLER", "ADDRESS", 7, 0, "LOG2"],
  "destroys itself to its caller": ["CALLER", "SELFDESTRUCT"],
  "destroys itself to nobody": [ABSENT, "SELFDESTRUCT"],
  "tells what it sees": tellAll(),
  "pays somebody": [...callOf({ kind: "CALL", to: EOA, value: 1 }), 0, "MSTORE", 32, 0, "RETURN"],
  creates: [0, 0, 0, "CREATE", 0, "MSTORE", 32, 0, "RETURN"],
};

function storeWord(word: bigint): Item[] {
  return [word, 0, "MSTORE8"];
}

function tellAll(): Item[] {
  const seen = ["ADDRESS", "CALLER", "CALLVALUE", "ORIGIN", "CALLDATASIZE", "CODESIZE", "SELFBALANCE", "GAS"];
  return [...seen.flatMap((name, i): Item[] => [name, 32 * i, "MSTORE"]), 32 * seen.length, 0, "RETURN"];
}

/** Called with data, it answers at once what it was paid. */
const GUARD_BODY = assemble("CALLVALUE", 0, "MSTORE", 32, 0, "RETURN");
const guarded = (...items: readonly Item[]): Uint8Array =>
  assemble("CALLDATASIZE", "ISZERO", 5 + GUARD_BODY.length, "JUMPI", GUARD_BODY, "JUMPDEST", ...items);

/** Does `items`, which push a word; returns memory's first two words, that word, and all return data. */
const driver = (...items: readonly Item[]): Uint8Array =>
  guarded(
    ...[2n ** 256n - 1n, 0, "MSTORE", 2n ** 255n - 1n, 32, "MSTORE"],
    ...items,
    ...[64, "MSTORE", "RETURNDATASIZE", 96, "MSTORE"],
    ...["RETURNDATASIZE", 0, 128, "RETURNDATACOPY", "RETURNDATASIZE", 128, "ADD", 0, "RETURN"],
  );

/** Calls the driver and keeps what it answers. */
const entry = (isStatic: boolean, gas: Item): Uint8Array =>
  guarded(
    ...callOf({ kind: isStatic ? "STATICCALL" : "CALL", to: DRIVER, gas, output: [0, 512] }),
    ...keep(0),
    ...["RETURNDATASIZE", ...keep(1), 512, 0, "KECCAK256", ...keep(2), "SELFBALANCE", ...keep(3)],
  );

const world = (isStatic: boolean, code: Uint8Array, target: readonly Item[], gas: Item = "GAS") =>
  new Map<bigint, Allocation>([
    [ENTRY, { nonce: 1n, balance: 3n, code: entry(isStatic, gas) }],
    [DRIVER, { nonce: 1n, balance: 10n, code, storage: new Map([[8n, 5n]]) }],
    [TARGET, { nonce: 1n, balance: 5n, code: assemble(...target), storage: new Map([[7n, 1n]]) }],
    [EOA, { balance: 1n }],
    [NONCE_ONLY, { nonce: 1n }],
  ]);

const PLACES: Readonly<Record<string, bigint>> = {
  "an absent account": ABSENT,
  "an account with a balance": EOA,
  "an account with a nonce": NONCE_ONLY,
  "the fee recipient": COINBASE,
  "the caller": DRIVER,
  "the caller's caller": ENTRY,
  "beyond 160 bits": 2n ** 200n + EOA,
  ...Object.fromEntries([1n, 2n, 3n, 4n, 5n, 9n].map((n) => [`precompile ${n}`, n])),
};

const TARGETS: readonly (readonly [name: string, to: bigint, code: readonly Item[]])[] = [
  ...Object.entries(PLACES).map(([name, to]) => [name, to, []] as const),
  ...Object.entries(BEHAVIOURS).map(([name, code]) => [`a contract that ${name}`, TARGET, code] as const),
];

const WAYS = [
  ...["CALL", "CALLCODE"].flatMap((kind) => [0, 1, 11].map((value) => [kind, value] as const)),
  ["DELEGATECALL", 0],
  ["STATICCALL", 0],
] as const;

export function* calls(): Generator<StateCase> {
  for (const isStatic of [false, true])
    for (const [name, to, target] of TARGETS)
      for (const [kind, value] of WAYS)
        for (const gas of [0, 2_300, "GAS"])
          yield {
            name: `${kind} of value ${value} with gas ${gas}${isStatic ? " in a static call" : ""} to ${name}`,
            pre: world(
              isStatic,
              driver(...callOf({ kind, to, value, gas, input: [0, 4], output: [0, 64] })),
              target,
            ),
          };
}

export function* creates(): Generator<StateCase> {
  for (const isStatic of [false, true])
    for (const [name, initCode] of Object.entries(BEHAVIOURS))
      for (const kind of ["CREATE", "CREATE2"])
        for (const value of [0, 1, 11])
          for (const gas of [33_000, 70_000, "GAS"]) {
            const code = driver(...createOf(kind, assemble(...initCode), value));
            yield {
              name: `${kind} of value ${value} with gas ${gas}${isStatic ? " in a static call" : ""}: init code that ${name}`,
              pre: world(isStatic, code, [], gas),
            };
          }
}

/** Init code that calls the account that it creates, which has no code yet. */
export function* callsToTheUnborn(): Generator<StateCase> {
  for (const create of ["CREATE", "CREATE2"])
    for (const [kind, value] of WAYS) {
      const inner = [
        ...callOf({ kind, to: "ADDRESS", value, output: [0, 32] }),
        ...["ADDRESS", "EXTCODEHASH", "ADDRESS", "EXTCODESIZE", "ADDRESS", "BALANCE"],
        ...[0, 1, 2, 3].flatMap((i) => keep(i)),
      ];
      yield {
        name: `${create}, init code that calls itself by ${kind} of value ${value}`,
        pre: world(false, driver(...createOf(create, assemble(...inner), 3)), []),
      };
    }
}
