import { assemble, type Item } from "../../machine/assembler.ts";
import { callOf, createOf, keep } from "../code.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** TLOAD and TSTORE (EIP-1153): whose storage it is, what undoes it, what it costs. */

const TARGET = 0x7a451e47n;
const KINDS = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"] as const;
const read = (key: number, slot: number): Item[] => [key, "TLOAD", ...keep(slot)];

const BODIES: Readonly<Record<string, readonly Item[]>> = {
  reads: [5, "TLOAD", 0, "MSTORE"],
  writes: [2, 5, "TSTORE"],
  "writes nothing": [0, 5, "TSTORE"],
  "writes another key": [2, 2n ** 255n, "TSTORE"],
  "writes twice and reads": [2, 5, "TSTORE", 3, 5, "TSTORE", 5, "TLOAD", 0, "MSTORE"],
};

const ENDS: Readonly<Record<string, readonly Item[]>> = {
  returns: [32, 0, "RETURN"],
  reverts: [32, 0, "REVERT"],
  halts: [Uint8Array.of(0xfe)],
  "destroys itself": [1, "SELFDESTRUCT"],
};

export function* transientCalls(): Generator<StateCase> {
  for (const kind of KINDS)
    for (const [body, items] of Object.entries(BODIES))
      for (const [end, last] of Object.entries(ENDS))
        for (const gas of [99, 110, 2_300, 50_000]) {
          const call = callOf({ kind, to: TARGET, gas, output: [0, 32] });
          const code = assemble(
            ...[1, 5, "TSTORE", ...call, ...keep(0), 0, "MLOAD", ...keep(1), ...read(5, 2)],
            ...[...call, ...keep(3), 0, "MLOAD", ...keep(4), ...read(5, 5)],
          );
          yield {
            name: `${kind} with ${gas} gas: a contract ${body} and ${end}`,
            pre: new Map([
              [ENTRY, { nonce: 1n, code }],
              [TARGET, { nonce: 1n, code: assemble(...items, ...last) }],
            ]),
          };
        }
}

/** Init code, the code that it leaves, and a creation again at the same address. */
export function* transientCreations(): Generator<StateCase> {
  for (const [end, last] of Object.entries(ENDS))
    for (const kind of ["CREATE", "CREATE2"]) {
      const initCode = assemble(...read(5, 1), 7, 5, "TSTORE", ...read(5, 2), ...last);
      const create = (slot: number): Item[] => [...createOf(kind, initCode), ...keep(slot)];
      yield {
        name: `${kind}, twice, of init code that writes and ${end}`,
        pre: new Map([[ENTRY, { nonce: 1n, code: assemble(...create(0), ...create(1), ...read(5, 2)) }]]),
      };
    }
}

/** The entry calls itself, with less gas each time, and reads what the inner ones wrote. */
export function* transientReentries(): Generator<StateCase> {
  for (const kind of KINDS)
    for (const depth of [1, 2, 5])
      for (const [end, last] of Object.entries(ENDS)) {
        const deeper = [
          ...[5, "TLOAD", 1, "ADD", 5, "TSTORE"],
          ...callOf({ kind, to: "ADDRESS", output: [0, 32] }),
          ...["POP", 5, "TLOAD", 0, "MSTORE"],
        ];
        const body = assemble(...deeper, "JUMPDEST", ...last);
        const guard = (rest: number): Uint8Array =>
          assemble(depth, 5, "TLOAD", "EQ", Uint8Array.of(0x60, rest), "JUMPI");
        const prefix = guard(guard(0).length + assemble(...deeper).length);
        yield {
          name: `${kind} of itself, ${depth} deep, and ${end}`,
          pre: new Map([[ENTRY, { nonce: 1n, balance: 1n, code: Buffer.concat([prefix, body]) }]]),
        };
      }
}
