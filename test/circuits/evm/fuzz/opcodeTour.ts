/** Contracts that execute one opcode after another, whichever come next, on operands at the edges of words. */
import type { Random } from "../../../agents/execution/random.ts";
import { assemble, type Item } from "../../../protocol/evm/machine/assembler.ts";
import { OPCODES, pushBytes } from "../../../../protocol/evm/opcodes.ts";
import { randomBytes } from "./precompileInput.ts";

/** All that neither end a frame nor open one, nor jump. */
const TOUR = OPCODES.filter((opcode) => opcode !== undefined).filter(
  ({ name }) =>
    !/^(STOP|RETURN|REVERT|SELFDESTRUCT|JUMPI?|CREATE2?|(DELEGATE|STATIC)?CALL|CALLCODE)$/.test(name),
);
/** Words below all operands, as many as SWAP16 reaches. */
const GROUND = 17;
/** Where results are kept in memory. */
const KEPT = 0x400;

const EDGES: readonly Item[] = [0, 1, 2, 31, 32, 255, 256, 2n ** 64n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 160n, 2n ** 255n - 1n, 2n ** 255n, 2n ** 255n + 1n, 2n ** 256n - 2n, 2n ** 256n - 1n]; // prettier-ignore

/** About a third of all opcodes; what they answered is hashed and stored. `neighbours`: addresses to look at. */
export function opcodeTour(random: Random, neighbours: readonly bigint[]): Uint8Array {
  const { below } = random;
  const items: Item[] = Array.from({ length: GROUND }, () => number(random));
  const first = below(TOUR.length);
  for (let i = 0; i < TOUR.length / 3; i++) {
    const { code, name, pops, pushes } = TOUR[(first + i) % TOUR.length]!;
    const isPush = pushBytes(code) > 0;
    if (isPush) items.push(assemble(name, randomBytes(random, pushBytes(code))));
    else if (/^(DUP|SWAP)/.test(name)) items.push(name);
    else items.push(...operandsOf(random, name, pops, neighbours), name);
    if (pushes > 0) items.push(KEPT + 32 * i, "MSTORE");
    // SWAP leaves as many words as it found.
    if (name.startsWith("SWAP")) items.push(number(random));
  }
  return assemble(...items, KEPT + 32 * TOUR.length, 0, "KECCAK256", below(3), "SSTORE", ...ending(random));
}

function operandsOf(random: Random, name: string, count: number, neighbours: readonly bigint[]): Item[] {
  const { below, pick } = random;
  const place = (): Item => pick([0, 1, 31, 32, 33, below(400)]);
  if (/^(BALANCE|EXTCODESIZE|EXTCODEHASH)$/.test(name)) return [pick(neighbours)];
  if (name === "EXTCODECOPY") return [place(), place(), place(), pick(neighbours)];
  if (name === "RETURNDATACOPY") return [0, 0, place()];
  if (/^(MLOAD|MSTORE8?|MCOPY|KECCAK256|LOG\d|.*COPY)$/.test(name))
    return Array.from({ length: count }, place);
  if (/^[ST](LOAD|STORE)$/.test(name)) return [...Array.from({ length: count - 1 }, () => number(random)), below(4)]; // prettier-ignore
  // SHL, SHR, SAR, BYTE and SIGNEXTEND mean something for few first operands; EXP for few second ones.
  if (/^(SH[LR]|SAR|BYTE|SIGNEXTEND)$/.test(name)) return [number(random), below(3) === 0 ? number(random) : below(260)]; // prettier-ignore
  if (name === "EXP") return [pick<Item>([0, 1, 2, 255, 256, below(2 ** 16)]), number(random)];
  if (name === "BLOCKHASH") return [below(2) === 0 ? below(12) : number(random)];
  return Array.from({ length: count }, () => number(random));
}

function number(random: Random): Item {
  const { below, pick } = random;
  if (below(3) > 0) return pick(EDGES);
  return BigInt(`0x${Buffer.from(randomBytes(random, 32)).toString("hex")}`) >> BigInt(below(256));
}

const ending = ({ pick, below }: Random): Item[] =>
  pick<Item[]>([["STOP"], [below(64), below(64), "RETURN"], [below(64), below(64), "REVERT"], ["STOP"]]);
