/** Contracts that make contracts: the same address again, destroyed ones, reverted ones, ones that are called at once. */
import type { Random } from "../../../agents/execution/random.ts";
import { assemble, type Item } from "../../../protocol/evm/machine/assembler.ts";

/** Puts code of any length into memory at 0: CODECOPY of what stands behind the code itself. */
function withData(code: readonly Item[], data: Uint8Array): Uint8Array {
  // The prologue has 8 bytes: PUSH2 length, PUSH2 start, PUSH0, CODECOPY.
  const body = assemble(...code);
  const start = 8 + body.length;
  const two = (n: number): Uint8Array => Uint8Array.of(0x61, n >> 8, n & 0xff);
  return assemble(two(data.length), two(start), 0, "CODECOPY", body, data);
}

/** What a child does when it is called. */
function runtime({ below, pick }: Random): Uint8Array {
  return assemble(
    ...pick<Item[]>([
      [1, below(3), "SSTORE"],
      [below(3), "SLOAD", 1, "ADD", below(3), "SSTORE"],
      ["CALLER", "SELFDESTRUCT"],
      ["CALLVALUE", 0, "SSTORE", "ADDRESS", "SELFDESTRUCT"],
      [7, 0, "TSTORE", 0xdeadn, "SELFDESTRUCT"],
      [0, 0, "REVERT"],
      [0, 0, 0, "CREATE"],
    ]),
  );
}

function initCode(random: Random): Uint8Array {
  const { below, pick } = random;
  const before = pick<Item[]>([[], [], [5, below(3), "SSTORE"], [5, 1, "SSTORE", 0, 1, "SSTORE"], [9, 1, "TSTORE"], [1, 0, 0, "LOG1"]]); // prettier-ignore
  const code = runtime(random);
  const stores: Item[] = [BigInt(`0x${Buffer.from(code).toString("hex").padEnd(64, "0")}`), 0, "MSTORE"];
  const end = pick<Item[]>([
    [...stores, code.length, 0, "RETURN"],
    [...stores, code.length, 0, "RETURN"],
    [...stores, code.length, 0, "RETURN"],
    [pick<Item>(["CALLER", "ADDRESS", "ORIGIN"]), "SELFDESTRUCT"],
    [0, 0, "REVERT"],
    ["STOP"],
    [Uint8Array.of(0xfe)],
    [0xef, 0, "MSTORE8", 1, 0, "RETURN"],
  ]);
  return assemble(...before, ...end);
}

/** Creates with the init code that lies in memory, then calls what there is, maybe again and again; maybe undoes it all. */
export function factoryCode(random: Random): Uint8Array {
  const { below, pick } = random;
  const init = initCode(random);
  const step = (): Item[] => {
    const create = (): Item[] => {
      const value = pick([0, 0, 1, 1000]);
      return below(3) === 0
        ? [init.length, 0, value, "CREATE", 0x20, "TSTORE"]
        : [below(2), init.length, 0, value, "CREATE2", 0x20, "TSTORE"];
    };
    const callMade = (kind: string): Item[] => {
      const value: Item[] = kind === "CALL" || kind === "CALLCODE" ? [pick([0, 0, 2])] : [];
      return [0, 0, 0, 0, ...value, 0x20, "TLOAD", "GAS", kind, below(4), "SSTORE"];
    };
    return pick<() => Item[]>([
      create,
      create,
      create,
      () => callMade("CALL"),
      () => callMade("CALL"),
      () => callMade(pick(["CALL", "DELEGATECALL", "STATICCALL", "CALLCODE"])),
      () => [0x20, "TLOAD", pick(["EXTCODEHASH", "EXTCODESIZE", "BALANCE"]), below(4), "SSTORE"],
      () => [30, 0, 0x80, 0x20, "TLOAD", "EXTCODECOPY"],
      // Another factory, or this one again with less gas.
      () => [0, 0, 0, 0, 0, 0xc0de00n + BigInt(below(3)), pick([90_000, 200_000]), "CALL", "POP"],
      () => [0, 0, 0, 0, 0xc0de00n + BigInt(below(3)), pick([90_000, 200_000]), "DELEGATECALL", "POP"],
    ])();
  };
  const steps = Array.from({ length: 2 + below(6) }, step).flat();
  const end = pick<Item[]>([
    ["STOP"],
    ["STOP"],
    [0, 0, "REVERT"],
    ["CALLER", "SELFDESTRUCT"],
    [Uint8Array.of(0xfe)],
  ]);
  return withData([...steps, ...end], init);
}
