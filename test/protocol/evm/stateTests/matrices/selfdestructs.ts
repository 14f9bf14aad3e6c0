import { assemble, type Item } from "../../machine/assembler.ts";
import type { Allocation } from "../../machine/memoryState.ts";
import { callOf, createOf, deploy, keep } from "../code.ts";
import { COINBASE, ENTRY, SENDER, type StateCase } from "../stateCase.ts";

/** SELFDESTRUCT after EIP-6780, with EIP-161 and EIP-2929: old and new contracts, every kind of heir, twice, paid after. */

const OLD = 0x01dn;
const LIBRARY = 0x11b4a4n;
const INNER = 0x144e4n;
const EOA = 0xe0an;
/** Memory where the victim's address is kept, behind any init code. */
const PLACE = 0x400;

const HEIRS: Readonly<Record<string, Item>> = {
  itself: "ADDRESS",
  "its caller": "CALLER",
  somebody: EOA,
  nobody: 0xab5e47n,
  "a precompile": 2,
  "the fee recipient": COINBASE,
  "the sender": SENDER,
  "beyond 160 bits": 2n ** 160n + EOA,
};

type Victim = "old" | "new by CREATE" | "new by CREATE2" | "init code by CREATE" | "init code by CREATE2";
const VICTIMS: readonly Victim[] = [
  "old",
  "new by CREATE",
  "new by CREATE2",
  "init code by CREATE",
  "init code by CREATE2",
];

const LATER: Readonly<Record<string, readonly Item[]>> = {
  "not touched after": [],
  "called again": call(0),
  "paid after": call(1),
  "paid after, and called again": [...call(1), ...call(0)],
};

function call(value: number): Item[] {
  return [...callOf({ kind: "CALL", to: [PLACE, "MLOAD"], value }), "POP"];
}

/** Puts the victim's address at PLACE. */
function victim(which: Victim, code: Uint8Array, value: number): Item[] {
  const kind = which.endsWith("2") ? "CREATE2" : "CREATE";
  if (which === "old") return [OLD, PLACE, "MSTORE"];
  return [...createOf(kind, which.startsWith("new") ? deploy(code) : code, value), PLACE, "MSTORE"];
}

const look = (slot: number): Item[] =>
  ["EXTCODEHASH", "EXTCODESIZE", "BALANCE"].flatMap((name, i): Item[] => [
    PLACE,
    "MLOAD",
    name,
    ...keep(slot + i),
  ]);

const destroying = (heir: Item): Item[] => [3, 2, "SSTORE", heir, "SELFDESTRUCT"];

const WAYS: Readonly<Record<string, (heir: Item) => readonly Item[]>> = {
  "by its own code": destroying,
  "by DELEGATECALL": () => [...callOf({ kind: "DELEGATECALL", to: LIBRARY }), 0, "MSTORE", 32, 0, "RETURN"],
  "by CALLCODE": () => [...callOf({ kind: "CALLCODE", to: LIBRARY }), 0, "MSTORE", 32, 0, "RETURN"],
};

type Scene = {
  readonly which: Victim;
  readonly heir: Item;
  readonly way: (heir: Item) => readonly Item[];
  readonly value: number;
  readonly later: readonly Item[];
  readonly isUndone: boolean;
};

/** Old and new ones die when they are called, init code at once. */
function world({ which, heir, way, value, later, isUndone }: Scene): ReadonlyMap<bigint, Allocation> {
  const code = assemble(...way(heir));
  const dies = which.startsWith("init") ? [] : call(0);
  const script = [...victim(which, code, value), ...dies, ...later, ...look(1)];
  const end = isUndone ? [0, 0, "REVERT"] : [];
  const outer = [...callOf({ kind: "CALL", to: INNER, gas: 1_000_000 }), ...keep(0)];
  return new Map<bigint, Allocation>([
    [ENTRY, { nonce: 1n, code: assemble(...outer) }],
    [INNER, { nonce: 1n, balance: 100n, code: assemble(...script, ...end) }],
    [OLD, { nonce: 1n, balance: BigInt(value), code, storage: new Map([[1n, 1n]]) }],
    [EOA, { balance: 1n }],
    [LIBRARY, { nonce: 1n, balance: 7n, code: assemble(...destroying(heir)) }],
  ]);
}

export function* selfdestructs(): Generator<StateCase> {
  for (const which of VICTIMS)
    for (const [heirName, heir] of Object.entries(HEIRS))
      for (const [wayName, way] of Object.entries(WAYS))
        for (const value of [0, 4])
          for (const [laterName, later] of Object.entries(LATER))
            for (const isUndone of [false, true]) {
              // What is undone is undone alike, whatever came after.
              if (isUndone && laterName !== "paid after") continue;
              yield {
                name: `${which} with ${value} wei destroys itself to ${heirName} ${wayName}, ${laterName}${isUndone ? ", undone" : ""}`,
                pre: world({ which, heir, way, value, later, isUndone }),
              };
            }
}

/** CREATE2 again where a contract was destroyed in this transaction: its nonce is still there. */
export function* rebirths(): Generator<StateCase> {
  for (const value of [0, 4])
    for (const heir of ["ADDRESS", EOA])
      for (const which of ["new by CREATE2", "init code by CREATE2"] as const) {
        const code = assemble(...destroying(heir));
        const again = [
          ...createOf("CREATE2", which.startsWith("new") ? deploy(code) : code, value),
          ...keep(9),
        ];
        yield {
          name: `${which} with ${value} wei, destroyed to ${heir}, and created again`,
          pre: world({ which, heir, way: destroying, value, later: again, isUndone: false }),
        };
      }
}

/** By a transaction: it creates what destroys itself, or calls what does; the fee recipient may be the one that goes. */
export function* selfdestructsOfTransactions(): Generator<StateCase> {
  for (const [heirName, heir] of Object.entries(HEIRS))
    for (const value of [0n, 4n])
      for (const maxPriorityFeePerGas of [0n, 1n]) {
        const code = assemble(...destroying(heir));
        const name = `to ${heirName}, ${value} wei, tip ${maxPriorityFeePerGas}`;
        yield {
          name: `the transaction's init code destroys itself ${name}`,
          pre: new Map([[EOA, { balance: 1n }]]),
          transaction: { to: undefined, data: code, value, maxPriorityFeePerGas },
        };
        yield {
          name: `the transaction's recipient destroys itself ${name}`,
          pre: new Map([[ENTRY, { nonce: 1n, code }]]),
          transaction: { value, maxPriorityFeePerGas },
        };
        yield {
          name: `the fee recipient destroys itself ${name}`,
          pre: new Map([[COINBASE, { nonce: 1n, balance: 3n, code }]]),
          transaction: { to: COINBASE, value, maxPriorityFeePerGas },
        };
      }
}
