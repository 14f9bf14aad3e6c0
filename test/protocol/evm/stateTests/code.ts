import { assemble, type Item } from "../machine/assembler.ts";

/** Pieces of code that the matrices share. All keep the stack as they found it, unless told. */

export const repeat = (count: number, ...items: readonly Item[]): Item[] =>
  Array.from({ length: count }, () => items).flat();

/** Puts code of any length into memory from 0 on. */
export function storeBytes(code: Uint8Array): Item[] {
  const words = Math.ceil(code.length / 32);
  return Array.from({ length: words }, (_, i): Item[] => {
    const word = Buffer.alloc(32);
    word.set(code.subarray(32 * i, 32 * i + 32));
    return [BigInt(`0x${word.toString("hex")}`), 32 * i, "MSTORE"];
  }).flat();
}

/** Stores the top word at `slot`. */
export const keep = (slot: number): Item[] => [slot, "SSTORE"];

/** Gas that `items` take, which push one word, is kept at `slot`; the word at the one after it. */
export const meter = (slot: number, ...items: readonly Item[]): Item[] => [
  "GAS",
  ...items,
  ...keep(slot + 1),
  "GAS",
  "SWAP1",
  "SUB",
  ...keep(slot),
];

/** A call with all operands; of kinds without a value, it is left out. Pushes success. */
export type CallOperands = {
  readonly kind: string;
  /** Or what pushes it. */
  readonly to: Item | readonly Item[];
  readonly value?: Item;
  readonly gas?: Item;
  readonly input?: readonly [Item, Item];
  readonly output?: readonly [Item, Item];
};

export function callOf({
  kind,
  to,
  value = 0,
  gas = "GAS",
  input = [0, 0],
  output = [0, 0],
}: CallOperands): Item[] {
  const isPaid = kind === "CALL" || kind === "CALLCODE";
  const [inputOffset, inputLength] = input;
  const [outputOffset, outputLength] = output;
  const address = Array.isArray(to) ? (to as readonly Item[]) : [to as Item];
  return [
    outputLength,
    outputOffset,
    inputLength,
    inputOffset,
    ...(isPaid ? [value] : []),
    ...address,
    gas,
    kind,
  ];
}

/** A creation of code that is put into memory. Pushes the address. */
export const createOf = (kind: string, initCode: Uint8Array, value: Item = 0, salt: Item = 0): Item[] => [
  ...storeBytes(initCode),
  ...(kind === "CREATE2" ? [salt] : []),
  initCode.length,
  0,
  value,
  kind,
];

/** Init code of ten bytes, and behind it the code that it deploys. */
export function deploy(code: Uint8Array): Uint8Array {
  const length = Uint8Array.of(0x61, code.length >> 8, code.length & 0xff);
  return Buffer.concat([assemble(length, "DUP1", 10, 0, "CODECOPY", 0, "RETURN"), code]);
}

/** Init code that returns `length` bytes, the first of them `first`. */
export const returnBytes = (length: number, first = 0): Uint8Array =>
  assemble(first, 0, "MSTORE8", length, 0, "RETURN");
