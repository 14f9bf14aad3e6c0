/**
 * What the pools of precompiled contracts are to compute: one job for each input, in order of first appearance. Calls of the same
 * input share its job, and one that is answered is enough for it to be.
 */
import type { FactBook } from "../factBook.ts";

/** A call of modexp; lengths in bytes. */
export interface ModexpOperands {
  readonly baseLength: number;
  readonly exponentLength: number;
  readonly modulusLength: number;
  readonly base: bigint;
  readonly exponent: bigint;
  readonly modulus: bigint;
}

export interface RecoverCall {
  readonly digest: bigint;
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** No profile has room for so many: of what has no proof whatever the room. */
export const UNPROVABLE = 2 ** 20;

/** Counts in the book what its jobs take. */
export class PrecompileJobs {
  readonly sha256: Uint8Array[] = [];
  readonly ripemd160: Uint8Array[] = [];
  readonly ecrecovers: RecoverCall[] = [];
  readonly modexps: (ModexpOperands & { answered: boolean })[] = [];
  readonly blake2f: { readonly input: Uint8Array; answered: boolean }[] = [];
  readonly #book: FactBook;

  constructor(book: FactBook) {
    this.#book = book;
  }

  hash(pool: "sha256" | "ripemd160", message: Uint8Array): void {
    if (this[pool].some((known) => isSame(known, message))) return;
    this[pool].push(message);
    this.#book.take(`${pool}Blocks`, hashBlocks(message.length));
  }

  recover(call: RecoverCall): void {
    if (this.ecrecovers.some((known) => FIELDS.every((field) => known[field] === call[field]))) return;
    this.ecrecovers.push(call);
    this.#book.take("ecrecovers");
  }

  /** A call that is not answered, for its gas, has a job all the same: what it would cost depends on its exponent. */
  power(operands: ModexpOperands, answered: boolean): void {
    const job =
      this.modexps.find((known) => OPERANDS.every((name) => known[name] === operands[name])) ??
      this.#add("modexps", this.modexps, { ...operands, answered: false });
    if (answered && !job.answered) this.#book.take("modexpSteps", digitsOf(operands.exponent));
    job.answered ||= answered;
  }

  /** A call of modexp with a longer operand. */
  powerTooLarge(): void {
    this.#book.take("modexps", UNPROVABLE);
  }

  /** Of 213 bytes. As `power`. */
  compress(input: Uint8Array, answered: boolean): void {
    const job =
      this.blake2f.find((known) => isSame(known.input, input)) ??
      this.#add("blake2fJobs", this.blake2f, { input, answered: false });
    if (answered && !job.answered) this.#book.take("blake2fRounds", roundsOf(input));
    job.answered ||= answered;
  }

  #add<T>(capacity: "modexps" | "blake2fJobs", jobs: T[], job: T): T {
    this.#book.take(capacity);
    jobs.push(job);
    return job;
  }
}

const FIELDS = ["digest", "v", "r", "s"] as const;
const OPERANDS = ["baseLength", "exponentLength", "modulusLength", "base", "exponent", "modulus"] as const;

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Of 64 bytes, with a bit and eight bytes of length behind the message. */
const hashBlocks = (bytes: number): number => Math.floor((bytes + 8) / 64) + 1;

/** In base 16, none for 0: steps of modexp. */
const digitsOf = (exponent: bigint): number => (exponent === 0n ? 0 : exponent.toString(16).length);

/** EIP-152: the first 4 bytes. */
const roundsOf = (input: Uint8Array): number =>
  new DataView(input.buffer, input.byteOffset, input.length).getUint32(0);
