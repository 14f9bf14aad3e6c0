/**
 * Code objects: what accounts' leaves say of their code, numbered, and where it stands in the table of all code. Object 0
 * is no code.
 *
 * Proves: an object that is loaded has a segment of its size whose commitment is the object's.
 * Assumes: hash and size are those of the commitment: whoever puts an object into an account proves it, from the account's
 *   leaf in the tree (leaves) or when the code is created (deployments).
 * Enforces: of a loaded object with last row r: length(r) = size, digest(r) = commitment, the rows from start(r) to r are
 *   as many as the size fills, row r + 1 is a gap.
 * Sound because: see codeRows.ts; 84 * rows - size is in 0..83.
 * Cost: 60 gates and 21 for the columns.
 */
import { assertEqualIf, mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, constantWord, witnessBits, witnessBool, witnessU128 } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { NO_CODE } from "../../../../protocol/state/code.ts";
import { ROW_SYMBOLS } from "../../../../protocol/evm/codeLayout.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { CodeObjectEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { LENGTH_BITS, type SegmentColumns } from "./codeRows.ts";

/** Bits of an object's number. */
export const OBJECT_BITS = 14;

interface CodeObject {
  readonly hash: Word;
  readonly size: Wire;
  readonly commitment: Wire;
  readonly isLoaded: Bool;
  readonly base: Wire;
}

export class CodeObjects {
  readonly #b: Builder;
  readonly #hi: Rom<U128>;
  readonly #lo: Rom<U128>;
  readonly #sizes: Rom<Wire>;
  readonly #commitments: Rom<Wire>;
  readonly #loaded: Rom<Bool>;
  readonly #bases: Rom<Wire>;

  constructor(
    b: Builder,
    count: number,
    segments: SegmentColumns,
    entry: (i: number) => CodeObjectEntry | undefined,
  ) {
    this.#b = b;
    const objects: CodeObject[] = [noCode(b)];
    for (let i = 0; i < count; i++)
      objects.push(b.scope(`codeObject[${i + 1}]`, () => codeObject(b, segments, () => entry(i))));
    this.#hi = rom(b, objects.map(({ hash }) => hash.hi), "codeObjects.hashHi"); // prettier-ignore
    this.#lo = rom(b, objects.map(({ hash }) => hash.lo), "codeObjects.hashLo"); // prettier-ignore
    this.#sizes = rom(b, objects.map(({ size }) => size), "codeObjects.size"); // prettier-ignore
    this.#commitments = fieldRom(b, objects.map(({ commitment }) => commitment), "codeObjects.commitment"); // prettier-ignore
    this.#loaded = rom(b, objects.map(({ isLoaded }) => isLoaded), "codeObjects.isLoaded"); // prettier-ignore
    this.#bases = rom(b, objects.map(({ base }) => base), "codeObjects.base"); // prettier-ignore
  }

  hash(number: Wire, name: string): Word {
    return {
      hi: this.#hi.read(this.#b, number, `${name}.hi`),
      lo: this.#lo.read(this.#b, number, `${name}.lo`),
    };
  }

  /** Bytes. */
  size(number: Wire, name: string): Wire {
    return this.#sizes.read(this.#b, number, name);
  }

  commitment(number: Wire, name: string): Wire {
    return this.#commitments.read(this.#b, number, name);
  }

  /** 1 if the code stands in the table of all code. */
  isLoaded(number: Wire, name: string): Bool {
    return this.#loaded.read(this.#b, number, name);
  }

  /** Position of the first symbol; of no code the system's STOP. Meaningful if loaded. */
  base(number: Wire, name: string): Wire {
    return this.#bases.read(this.#b, number, name);
  }
}

const noCode = (b: Builder): CodeObject => ({
  hash: constantWord(b, NO_CODE.codeHash),
  size: b.zero,
  commitment: b.zero,
  isLoaded: b.one,
  base: b.constant(BigInt(SystemCode.STOP)),
});

function codeObject(
  b: Builder,
  segments: SegmentColumns,
  entry: () => CodeObjectEntry | undefined,
): CodeObject {
  const identity = () => entry()?.identity ?? { codeHash: 0n, codeSize: 0n, codeCommitment: 0n };
  const hash: Word = {
    hi: witnessU128(b, "hash.hi", () => identity().codeHash >> 128n),
    lo: witnessU128(b, "hash.lo", () => identity().codeHash & ((1n << 128n) - 1n)),
  };
  const size = witnessBits(b, LENGTH_BITS, "size", () => identity().codeSize);
  const commitment = b.witness("commitment", () => identity().codeCommitment);
  const isLoaded = witnessBool(b, "isLoaded", () => entry()?.lastRow !== undefined);
  const rows = segments.start.length;
  const last = witnessBits(b, bitsFor(rows), "lastRow", () => BigInt(entry()?.lastRow ?? 0));
  const start = segments.start.read(b, last, "start");
  assertEqualIf(b, isLoaded, segments.length.read(b, last, "length"), size, "length.isSize");
  assertEqualIf(b, isLoaded, segments.digest.read(b, last, "digest"), commitment, "digest.isCommitment");
  // Where nothing is loaded the row after may not exist: then row 0 is read.
  const after = mul(b, isLoaded, sum(b, [[1n, last]], 1n, "after"), "afterIfLoaded"); // prettier-ignore
  assertEqualIf(b, isLoaded, segments.isGap.read(b, after, "isGap"), b.one, "after.isGap");
  const filled = BigInt(ROW_SYMBOLS);
  const spare = sum(b, [[filled, last], [-filled, start], [-1n, size]], filled, "spare"); // prettier-ignore
  const spareIfLoaded = mul(b, isLoaded, spare, "spareIfLoaded");
  assertBits(b, spareIfLoaded, 7, "rows.notTooFew");
  assertBits(b, sum(b, [[-1n, spareIfLoaded]], filled - 1n, "rows.room"), 7, "rows.notTooMany"); // prettier-ignore
  const base = sum(b, [[filled, start]], filled, "base"); // prettier-ignore
  return { hash, size, commitment, isLoaded, base };
}

/** Bits that hold every index of a table of this length. */
export const bitsFor = (length: number): number => Math.max(1, (length - 1).toString(2).length);
