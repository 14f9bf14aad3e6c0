/** What precompiled contracts take, or almost take; and contracts that hand it on. */
import { SigningKey } from "ethers";
import { fromHex, type Hex } from "../../../../agents/kit/hex.ts";
import { concatBytes } from "../../../../protocol/bytes.ts";
import { uintToBytes } from "../../../../protocol/evm/machine/word.ts";
import type { Random } from "../../../agents/execution/random.ts";
import { assemble, type Item } from "../../../protocol/evm/machine/assembler.ts";

export const PRECOMPILED = [1, 2, 3, 4, 5, 9] as const;

export const randomBytes = ({ below }: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => below(256));

const word = (value: bigint | number): Uint8Array => uintToBytes(BigInt(value), 32);

const INPUT: Record<number, (random: Random) => Uint8Array> = {
  1: signature,
  2: (random) => randomBytes(random, random.below(130)),
  3: (random) => randomBytes(random, random.below(130)),
  4: (random) => randomBytes(random, random.below(130)),
  5: modexp,
  9: blake2f,
};

/** Now and then cut. */
export function precompileInput(random: Random, precompile: number): Uint8Array {
  const input = INPUT[precompile]!(random);
  return random.below(6) === 0 ? input.slice(0, random.below(input.length + 1)) : input;
}

function signature(random: Random): Uint8Array {
  const digest = randomBytes(random, 32);
  const { v, r, s } = new SigningKey(word(1 + random.below(1000))).sign(digest);
  const [rBytes, sBytes] = [r, s].map((half) => fromHex(half as Hex)) as [Uint8Array, Uint8Array];
  switch (random.below(6)) {
    case 0:
      return concatBytes([digest, word(random.below(40)), rBytes, sBytes]);
    case 1:
      return concatBytes([digest, word(v), randomBytes(random, 32), sBytes]);
    case 2:
      return concatBytes([digest, word(v), rBytes, word(0)]);
    default:
      return concatBytes([digest, word(v), rBytes, sBytes]);
  }
}

/** Operands of up to 32 bytes, as much as chains of the program take. */
function modexp(random: Random): Uint8Array {
  const { below, pick } = random;
  const lengths = [0, 0, 0].map(() => pick([0, 1, 2, 5, 31, 32]));
  const operands = lengths.map((length) =>
    below(6) === 0 ? new Uint8Array(length) : randomBytes(random, length),
  );
  return concatBytes([...lengths.map(word), ...operands]);
}

function blake2f(random: Random): Uint8Array {
  const { below } = random;
  return concatBytes([uintToBytes(BigInt(below(14)), 4), randomBytes(random, 208), Uint8Array.of(below(below(5) === 0 ? 256 : 2))]); // prettier-ignore
}

/** A contract that calls the precompile with its own call data and returns what comes. */
export function forwarder({ below, pick }: Random, precompile: number): Uint8Array {
  const kind = pick(["CALL", "STATICCALL", "DELEGATECALL", "CALLCODE"]);
  const value: Item[] = kind === "CALL" || kind === "CALLCODE" ? [below(3)] : [];
  const gas = pick<Item>(["GAS", "GAS", "GAS", 100, 3000, 720]);
  return assemble(
    ...["CALLDATASIZE", 0, 0, "CALLDATACOPY"],
    ...[
      pick([0, 20, 32, 64, 100]),
      below(50),
      "CALLDATASIZE",
      0,
      ...value,
      precompile,
      gas,
      kind,
      0,
      "SSTORE",
    ],
    ...["RETURNDATASIZE", 0, 0, "RETURNDATACOPY", "RETURNDATASIZE", 0, "KECCAK256", 1, "SSTORE"],
    ...["RETURNDATASIZE", 0, "RETURN"],
  );
}
