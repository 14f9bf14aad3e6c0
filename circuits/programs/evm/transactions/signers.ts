/** Who signed, as claimed: the digest of each payload, the public key, the sender's address. `signatures.ts` checks all claims. */
import { mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import {
  assertFitsWord,
  constantWord,
  promiseBits,
  witnessBits,
  witnessBytes,
} from "../../../builder/ranges.ts";
import type { U128, U8, Wire, Word } from "../../../builder/wire.ts";
import { limbsOfBytes, wordOfLimbs } from "../../../gadgets/limbs.ts";
import { messageStep } from "../../../gadgets/message.ts";
import type { RecoverInputs } from "../../../gadgets/recoverSigner.ts";
import { muxWord } from "../../../gadgets/word.ts";
import { messageStart as nativeStart } from "../../../../protocol/evm/message.ts";
import { PADDING_DIGEST, PADDING_KEY } from "./paddingTransaction.ts";
import type { RawTransaction, TransactionHint } from "./rawTransaction.ts";

/**
 * keccak256 of the message of a commitment, proven elsewhere. Requests 2t and 2t + 1 are the payload and the public key of place t;
 * those of an unused place are for 0, which is no message's commitment: any digest will do.
 */
export type Digests = (commitment: Wire, request: number) => Word;

export interface Signer {
  readonly signature: RecoverInputs;
  /** The public key as two words. */
  readonly key: readonly [Word, Word];
  /** 160 bits: the last 20 bytes of the key's digest. */
  readonly sender: Wire;
}

/** Cost: 330 gates, without the digests. */
export function readSigner(
  b: Builder,
  raw: RawTransaction,
  payload: Wire,
  digests: { readonly payload: (commitment: Wire) => Word; readonly key: (commitment: Wire) => Word },
  hint: () => TransactionHint | undefined,
): Signer {
  const { active, parity, r, s } = raw;
  const digest = muxWord(b, active, digests.payload(payload), constantWord(b, PADDING_DIGEST), "digest");
  const publicKey = witnessKey(b, () => hint()?.publicKey ?? PADDING_KEY);
  const x = wordOfLimbs(b, limbsOfBytes(b, publicKey.x, "key.x"), "key.x");
  const y = wordOfLimbs(b, limbsOfBytes(b, publicKey.y, "key.y"), "key.y");
  const start = b.constant(nativeStart(64));
  const committed = messageStep(b, messageStep(b, start, x, "key.step[0]"), y, "key.step[1]");
  const hashed = digests.key(mul(b, active, committed, "key.commitment"));
  return {
    signature: { publicKey, digest: bytesOfWord(b, digest, "digest.bytes"), r, s, parity },
    key: [x, y],
    sender: addressOf(b, hashed, "sender"),
  };
}

function witnessKey(b: Builder, key: () => { x: bigint; y: bigint }): { x: U8[]; y: U8[] } {
  const coordinate = (name: "x" | "y"): U8[] =>
    witnessBytes(b, `publicKey.${name}`, 32, () => toBytes(key()[name], 32));
  return { x: coordinate("x"), y: coordinate("y") };
}

/** Sound because: bytes of a half below 2^128 are unique. */
function bytesOfWord(b: Builder, word: Word, name: string): U8[] {
  assertFitsWord(b, word, name);
  return (["hi", "lo"] as const).flatMap((part) => {
    const half: U128 = word[part];
    const bytes = witnessBytes(b, `${name}.${part}`, 16, () => toBytes(b.value(half), 16));
    const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * (15 - i)), byte]);
    b.assertZero([], [...terms, [-1n, half]], 0n, `${name}.${part}`);
    return bytes;
  });
}

/** The low 160 bits of a digest. */
function addressOf(b: Builder, digest: Word, name: string): Wire {
  assertFitsWord(b, digest, name);
  const high = witnessBits(b, 96, `${name}.rest`, () => b.value(digest.hi) >> 32n);
  const low = witnessBits(b, 32, `${name}.high`, () => b.value(digest.hi) & 0xffff_ffffn);
  b.assertZero([], [[1n << 32n, high], [1n, low], [-1n, digest.hi]], 0n, `${name}.split`); // prettier-ignore
  return promiseBits(b, sum(b, [[1n << 128n, low], [1n, digest.lo]], 0n, name), 160, name); // prettier-ignore
}

const toBytes = (value: bigint, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * (count - 1 - i))) & 0xffn));
