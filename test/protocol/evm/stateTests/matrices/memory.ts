import { assemble, type Item } from "../../machine/assembler.ts";
import { callOf, keep, repeat } from "../code.ts";
import { ENTRY, type StateCase } from "../stateCase.ts";

/** Every opcode that has ranges of memory, at offsets and lengths from none to beyond any number a process could address. */

const ECHO = 0xec40n;
const OFFSETS = [
  0n,
  1n,
  31n,
  33n,
  1_000n,
  2n ** 31n - 1n,
  2n ** 32n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 255n,
  2n ** 256n - 1n,
];
const LENGTHS = [0n, 1n, 32n, 33n, 2n ** 31n, 2n ** 64n, 2n ** 256n - 1n];

type Use = (offset: bigint, length: bigint) => readonly Item[];

const SIZED: Readonly<Record<string, Use>> = {
  KECCAK256: (offset, length) => [length, offset, "KECCAK256", ...keep(2)],
  CALLDATACOPY: (offset, length) => [length, 3, offset, "CALLDATACOPY"],
  CODECOPY: (offset, length) => [length, 3, offset, "CODECOPY"],
  EXTCODECOPY: (offset, length) => [length, 0, offset, ECHO, "EXTCODECOPY"],
  RETURNDATACOPY: (offset, length) => [length, 0, offset, "RETURNDATACOPY"],
  "MCOPY to": (offset, length) => [length, 5, offset, "MCOPY"],
  "MCOPY from": (offset, length) => [length, offset, 5, "MCOPY"],
  LOG0: (offset, length) => [length, offset, "LOG0"],
  LOG3: (offset, length) => [1, 2, 3, length, offset, "LOG3"],
  CREATE: (offset, length) => [length, offset, 0, "CREATE", ...keep(2)],
  CREATE2: (offset, length) => [0, length, offset, 0, "CREATE2", ...keep(2)],
  RETURN: (offset, length) => [length, offset, "RETURN"],
  ...Object.fromEntries(
    ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"].flatMap((kind): [string, Use][] => [
      [
        `${kind} with input`,
        (offset, length) => [...callOf({ kind, to: ECHO, input: [offset, length] }), ...keep(2)],
      ],
      [
        `${kind} with output`,
        (offset, length) => [...callOf({ kind, to: ECHO, output: [offset, length] }), ...keep(2)],
      ],
    ]),
  ),
};

const UNSIZED: Readonly<Record<string, (offset: bigint) => readonly Item[]>> = {
  MLOAD: (offset) => [offset, "MLOAD", ...keep(2)],
  MSTORE: (offset) => [7, offset, "MSTORE"],
  MSTORE8: (offset) => [7, offset, "MSTORE8"],
};

/** Memory has a word that is not zero, return data is 20 bytes; at the end memory's size and hash are kept. */
const code = (use: readonly Item[]): Uint8Array =>
  assemble(
    ...[2n ** 256n - 3n, 0, "MSTORE", ...callOf({ kind: "CALL", to: ECHO }), "POP"],
    ...use,
    ...["MSIZE", ...keep(0), "MSIZE", 0, "KECCAK256", ...keep(1)],
  );

const world = (use: readonly Item[]): StateCase["pre"] =>
  new Map([
    [ENTRY, { nonce: 1n, code: code(use) }],
    [ECHO, { nonce: 1n, code: assemble(2n ** 256n - 1n, 0, "MSTORE", 20, 0, "RETURN", ...repeat(60, "PC")) }],
  ]);

const DATA = Uint8Array.from({ length: 40 }, (_, i) => i + 1);

export function* ranges(): Generator<StateCase> {
  for (const offset of OFFSETS) {
    for (const [name, use] of Object.entries(UNSIZED))
      yield { name: `${name} at ${offset}`, pre: world(use(offset)), transaction: { data: DATA } };
    for (const length of LENGTHS)
      for (const [name, use] of Object.entries(SIZED))
        yield {
          name: `${name} at ${offset}, ${length} bytes`,
          pre: world(use(offset, length)),
          transaction: { data: DATA },
        };
  }
}

const SOURCES: Readonly<Record<string, readonly Item[]>> = {
  CALLDATACOPY: ["CALLDATACOPY"],
  CODECOPY: ["CODECOPY"],
  RETURNDATACOPY: ["RETURNDATACOPY"],
  EXTCODECOPY: [ECHO, "EXTCODECOPY"],
  "EXTCODECOPY of nobody": [0xab5e47n, "EXTCODECOPY"],
};

/** Sources read before, over and behind their end. */
export function* sources(): Generator<StateCase> {
  for (const [name, opcode] of Object.entries(SOURCES))
    for (const from of [
      0n,
      1n,
      19n,
      20n,
      21n,
      39n,
      40n,
      41n,
      2n ** 32n,
      2n ** 64n - 1n,
      2n ** 64n,
      2n ** 256n - 20n,
      2n ** 256n - 1n,
    ])
      for (const length of [0n, 1n, 20n, 45n])
        yield {
          name: `${name} from ${from}, ${length} bytes`,
          pre: world([length, from, 3, ...opcode]),
          transaction: { data: DATA },
        };
  for (const from of [0n, 8n, 9n, 39n, 40n, 41n, 2n ** 64n, 2n ** 256n - 1n])
    yield {
      name: `CALLDATALOAD from ${from}`,
      pre: world([from, "CALLDATALOAD", ...keep(3)]),
      transaction: { data: DATA },
    };
}

/** EIP-5656: as if through a buffer. */
export function* overlaps(): Generator<StateCase> {
  const fill = Array.from({ length: 4 }, (_, i): Item[] => [
    2n ** 250n * BigInt(i + 3) + 1_000_003n * BigInt(i + 1),
    32 * i,
    "MSTORE",
  ]).flat();
  for (const to of [0, 1, 16, 32, 40, 128])
    for (const from of [0, 1, 16, 32, 40, 128])
      for (const length of [0, 1, 31, 32, 33, 100])
        yield {
          name: `MCOPY of ${length} bytes from ${from} to ${to}`,
          pre: world([...fill, length, from, to, "MCOPY"]),
        };
}
