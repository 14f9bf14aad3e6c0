/**
 * The address of the account that a creator with a nonce makes (yellow paper 7): keccak256(rlp([creator, nonce])), low 160 bits.
 *
 * Proves: `message` is the commitment to that encoding, which is at most 31 bytes, so one word.
 * Assumes: nothing; bounds of creator (160) and nonce (64) are checked when building.
 * Enforces: the nonce has one of ten forms (0, one byte below 0x80, or n bytes with their length before them), within its bounds.
 * Sound because: the bounds of the forms do not overlap, so one form alone has proofs; creator's halves are below 2^112, 2^48.
 * Cost: 200 gates.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, assertFits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { messageStart, messageStep } from "../../../gadgets/message.ts";

interface Form {
  readonly least: bigint;
  readonly most: bigint;
  /** Bytes of the nonce's encoding. */
  readonly size: bigint;
  /** What the encoding adds to the low half, and what the nonce is multiplied with there. */
  readonly constant: bigint;
  readonly weight: bigint;
}

/** Where the nonce's encoding begins in the word: after 22 bytes, so its first byte has this weight. */
const FIRST = 1n << 72n;

const FORMS: readonly Form[] = [
  { least: 0n, most: 0n, size: 1n, constant: 0x80n * FIRST, weight: 0n },
  { least: 1n, most: 0x7fn, size: 1n, constant: 0n, weight: FIRST },
  ...Array.from({ length: 8 }, (_, i): Form => {
    const n = BigInt(i + 1);
    const least = i === 0 ? 0x80n : 1n << (8n * (n - 1n));
    return { least, most: (1n << (8n * n)) - 1n, size: n + 1n, constant: (0x80n + n) * FIRST, weight: FIRST >> (8n * n) }; // prettier-ignore
  }),
];

/** Returns the commitment (gadgets/message.ts). */
export function createMessage(b: Builder, creator: Wire, nonce: Wire, name: string): Wire {
  return b.scope(name, () => {
    assertFits(b, creator, 160, "creator");
    assertFits(b, nonce, 64, "nonce");
    const forms = FORMS.map(({ least, most }, k) =>
      witnessBool(b, `form[${k}]`, () => b.value(nonce) >= least && b.value(nonce) <= most),
    );
    const of = (weight: (form: Form) => bigint): Term[] =>
      forms.map((bit, k): Term => [weight(FORMS[k]!), bit]);
    b.assertZero([], of(() => 1n), -1n, "form.one"); // prettier-ignore
    assertBits(b, sum(b, [[1n, nonce], ...of(({ least }) => -least)], 0n, "least"), 64, "least");
    assertBits(b, sum(b, [[-1n, nonce], ...of(({ most }) => most)], 0n, "most"), 64, "most");
    const size = sum(b, of((form) => form.size), 0n, "size"); // prettier-ignore
    const high = witnessBits(b, 112, "creator.high", () => b.value(creator) >> 48n);
    const low = witnessBits(b, 48, "creator.low", () => b.value(creator) & ((1n << 48n) - 1n));
    b.assertZero([], [[1n << 48n, high], [1n, low], [-1n, creator]], 0n, "creator.split"); // prettier-ignore
    // A list of 21 + size bytes; a string of 20 bytes.
    const hi = sum(b, [[1n << 120n, size], [1n, high]], (0xd5n << 120n) + (0x94n << 112n), "hi"); // prettier-ignore
    const weight = sum(b, of((form) => form.weight), 0n, "weight"); // prettier-ignore
    const lo = combine(b, [[1n, weight, nonce]], [[1n << 80n, low], ...of(({ constant }) => constant)], 0n, "lo"); // prettier-ignore
    const start = messageStart(b, sum(b, [[1n, size]], 22n, "length"), "start"); // prettier-ignore
    const word = { hi: assertBits(b, hi, 128, "hi"), lo: assertBits(b, lo, 128, "lo") };
    return messageStep(b, start, word, "message");
  });
}
