/**
 * KECCAK256: one row.
 *
 * Proves: z is the id of keccak256 of the bytes the operands name, y 6 gas a word and the expansion.
 * Assumes: `digest` answers the keccak256 of a commitment's message.
 * Enforces: `rangeMessage.ts`; the word z is the digest.
 * Sound because: a commitment has one message. The id is free: only its word counts.
 * Cost: 105 gates, a message, and what `digest` costs.
 */
import { assertEqualIf, sum } from "../../../builder/arithmetic.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { KeccakEntry } from "../../../../protocol/evm/plan/memory/keccaksPlan.ts";
import type { Messages } from "./messages.ts";
import { wordsOf } from "./operands.ts";
import { rangeMessage } from "./rangeMessage.ts";
import { witnessQuestion } from "../timed.ts";
import type { Digest, MemoryServices } from "./services.ts";

const OP = BigInt(OPCODE.KECCAK256!);
const GAS_PER_WORD = 6n;

export interface KeccakServices extends MemoryServices {
  readonly messages: Messages;
  readonly digest: Digest;
}

export function keccakChip(
  services: KeccakServices,
  count: number,
  entry: (i: number) => KeccakEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    services.b.scope(`keccakOp[${i}]`, () => keccak(services, i, () => entry(i)));
}

function keccak(services: KeccakServices, i: number, entry: () => KeccakEntry | undefined): void {
  const { b, facts, digest } = services;
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const row = witnessQuestion(b, () => entry()?.key);
  const { commitment, gas, length } = rangeMessage(services, row, active);
  const z = witnessBits(b, 20, "z", () => BigInt(entry()?.key.z ?? 0));
  const [word, hashed] = [facts.word(z, "z.word"), digest(commitment, "digest")];
  assertEqualIf(b, active, word.hi, hashed.hi, "z.isDigest.hi");
  assertEqualIf(b, active, word.lo, hashed.lo, "z.isDigest.lo");
  const { words } = wordsOf(b, length, "words");
  const y = sum(b, [[1n, gas], [GAS_PER_WORD, words]], 0n, "y"); // prettier-ignore
  facts.defineTimedKey("keccaks", i, active, { op: OP, ...row, z, y }, "key");
}
