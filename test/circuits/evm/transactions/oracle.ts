/** Two stands-in for the pool of Keccak permutations: one that believes the planner, one that proves what it says. */
import { keccak256 } from "ethers";
import { assertEqual } from "../../../../circuits/builder/arithmetic.ts";
import type { Builder, Term } from "../../../../circuits/builder/builder.ts";
import { constantBits, promiseBits, witnessBytes, witnessWord } from "../../../../circuits/builder/ranges.ts";
import type { U64, U8, Wire, Word } from "../../../../circuits/builder/wire.ts";
import { sum } from "../../../../circuits/builder/arithmetic.ts";
import { absorb, KECCAK_BLOCK, squeeze } from "../../../../circuits/gadgets/keccak.ts";
import { messageStart, messageStep } from "../../../../circuits/gadgets/message.ts";
import type { TransactionsPlan } from "../../../../circuits/programs/evm/transactions/plan.ts";
import type { Digests } from "../../../../circuits/programs/evm/transactions/signers.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";

const messageOf = (plan: TransactionsPlan, request: number): Uint8Array =>
  plan.messages[request] ?? new Uint8Array();

/** Believes the planner about the message of a request, and ties the commitment to it. Same shape for every plan. */
export function oracle(b: Builder, given: () => TransactionsPlan): Digests {
  return (commitment, request) => {
    const message = (): Uint8Array => messageOf(given(), request);
    const wanted = b.witness(`oracle[${request}].commitment`, () => messageCommitment(message()));
    assertEqual(b, commitment, wanted, `oracle[${request}].isMessage`);
    return witnessWord(b, `oracle[${request}].digest`, () => BigInt(keccak256(message())));
  };
}

/** Proves each digest; the circuit depends on the messages' lengths. */
export function provenDigests(b: Builder, given: () => TransactionsPlan): Digests {
  return (commitment, request) =>
    b.scope(`keccak[${request}]`, () => {
      const message = messageOf(given(), request);
      const bytes = witnessBytes(b, "byte", message.length, () => message);
      assertEqual(b, commitment, commitmentOf(b, bytes), "isMessage");
      return digestOf(b, bytes);
    });
}

function commitmentOf(b: Builder, bytes: readonly U8[]): Wire {
  let state = messageStart(b, b.constant(BigInt(bytes.length)), "start");
  for (let at = 0; at < bytes.length; at += 32) {
    const half = (from: number): Wire => {
      const terms = bytes.slice(from, from + 16).map((byte, i): Term => [1n << BigInt(8 * (15 - i)), byte]);
      return sum(b, terms, 0n, `half[${from}]`);
    };
    const bounded = (from: number) => promiseBits(b, half(from), 128, "half");
    const word: Word = { hi: bounded(at), lo: bounded(at + 16) };
    state = messageStep(b, state, word, `step[${at}]`);
  }
  return state;
}

function digestOf(b: Builder, bytes: readonly U8[]): Word {
  const padded: U8[] = [...bytes, constantBits(b, 8, 1n)];
  while (padded.length % KECCAK_BLOCK !== 0) padded.push(constantBits(b, 8, 0n));
  if (bytes.length % KECCAK_BLOCK === KECCAK_BLOCK - 1) padded[padded.length - 1] = constantBits(b, 8, 0x81n);
  else padded[padded.length - 1] = constantBits(b, 8, 0x80n);
  let state: U64[] | undefined;
  for (let at = 0; at < padded.length; at += KECCAK_BLOCK)
    state = absorb(b, padded.slice(at, at + KECCAK_BLOCK), state, `block[${at}]`);
  const digest = squeeze(b, state!);
  const half = (from: number, part: string) => {
    const terms = digest.slice(from, from + 16).map((byte, i): Term => [1n << BigInt(8 * (15 - i)), byte]);
    return promiseBits(b, sum(b, terms, 0n, part), 128, part);
  };
  return { hi: half(0, "hi"), lo: half(16, "lo") };
}
