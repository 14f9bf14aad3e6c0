/**
 * Code objects: what accounts' leaves say of their code, numbered, and where it stands in the table of all code. Object 0
 * is no code. Init code has an object too, which no account ever has.
 *
 * Proves: an object that is loaded has a segment of its size whose commitment is the object's; if rows are analysed, its commitment
 *   is that of the bytes there (protocol/state/code.ts).
 * Assumes: hash and size are those of the commitment: whoever puts an object into an account proves it, from the account's
 *   leaf in the tree (leaves) or when the code is created (deposit.ts).
 * Enforces: of a loaded object with last row r: length(r) = size, digest(r) = commitment, the rows from start(r) to r are
 *   as many as the size fills, row r is no gap, row r + 1 is one; if rows are analysed, the 84 bytes after the last are zeros.
 * Sound because: see codeRows.ts; 84 * rows - size is in 0..83.
 * Cost: 62 gates and 21 for the columns; 24 more if rows are analysed.
 */
import { assertEqualIf, mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, constantWord, witnessBits, witnessBool, witnessU128 } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { NO_CODE } from "../../../../protocol/state/code.ts";
import { ROW_SYMBOLS, rowPosition, segmentRows } from "../../../../protocol/evm/codeLayout.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { CodeObjectEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { type CodeRows, LENGTH_BITS } from "./codeRows.ts";

/** Bits of an object's number. */
export const OBJECT_BITS = 14;

/** Bytes of a slice; three reach over a row. */
const ZERO_BYTES = 28;

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
  readonly #entry: (i: number) => CodeObjectEntry | undefined;

  constructor(b: Builder, count: number, code: CodeRows, entry: (i: number) => CodeObjectEntry | undefined) {
    this.#b = b;
    this.#entry = entry;
    const objects: CodeObject[] = [noCode(b)];
    for (let i = 0; i < count; i++)
      objects.push(b.scope(`codeObject[${i + 1}]`, () => codeObject(b, code, () => entry(i))));
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

  /** Enforces, where `condition` is 1, that an object of `size` bytes is loaded at position `base`. Cost: 15 gates. */
  assertLoadedAt(base: Wire, size: Wire, name: string, condition: Bool): void {
    const b = this.#b;
    const number = witnessBits(b, OBJECT_BITS, `${name}.object`, () =>
      b.value(condition) === 0n ? 0n : BigInt(this.#numberAt(Number(b.value(base)))),
    );
    assertEqualIf(b, condition, this.base(number, `${name}.base`), base, `${name}.isThere`);
    assertEqualIf(b, condition, this.size(number, `${name}.size`), size, `${name}.isSize`);
    assertEqualIf(b, condition, this.isLoaded(number, `${name}.loaded`), b.one, `${name}.isLoaded`);
  }

  /** 0 if none is loaded there. */
  #numberAt(base: number): number {
    for (let i = 0, entry = this.#entry(0); entry !== undefined; entry = this.#entry(++i)) {
      const { identity, lastRow } = entry;
      if (lastRow === undefined) continue;
      if (rowPosition(lastRow + 1 - segmentRows(Number(identity.codeSize))) === base) return i + 1;
    }
    return 0;
  }
}

const noCode = (b: Builder): CodeObject => ({
  hash: constantWord(b, NO_CODE.codeHash),
  size: b.zero,
  commitment: b.zero,
  isLoaded: b.one,
  base: b.constant(BigInt(SystemCode.STOP)),
});

function codeObject(b: Builder, code: CodeRows, entry: () => CodeObjectEntry | undefined): CodeObject {
  const { segments } = code;
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
  assertEqualIf(b, isLoaded, segments.isGap.read(b, last, "last.isGap"), b.zero, "last.isNoGap");
  // Where nothing is loaded the row after may not exist: then row 0 is read.
  const after = mul(b, isLoaded, sum(b, [[1n, last]], 1n, "after"), "afterIfLoaded"); // prettier-ignore
  assertEqualIf(b, isLoaded, segments.isGap.read(b, after, "isGap"), b.one, "after.isGap");
  const filled = BigInt(ROW_SYMBOLS);
  const spare = sum(b, [[filled, last], [-filled, start], [-1n, size]], filled, "spare"); // prettier-ignore
  const spareIfLoaded = mul(b, isLoaded, spare, "spareIfLoaded");
  assertBits(b, spareIfLoaded, 7, "rows.notTooFew");
  assertBits(b, sum(b, [[-1n, spareIfLoaded]], filled - 1n, "rows.room"), 7, "rows.notTooMany"); // prettier-ignore
  const base = sum(b, [[filled, start]], filled, "base"); // prettier-ignore
  if (code.isAnalysed) assertZerosAfter(b, code, mul(b, isLoaded, sum(b, [[1n, base], [1n, size]], 0n, "end"), "endIfLoaded")); // prettier-ignore
  return { hash, size, commitment, isLoaded, base };
}

/** The rest of a segment's last row is zeros. At position 0, where nothing is loaded, are those of the system's row. */
function assertZerosAfter(b: Builder, { bytes }: CodeRows, end: Wire): void {
  for (let at = 0; at < ROW_SYMBOLS; at += ZERO_BYTES) {
    const from = sum(b, [[1n, end]], BigInt(at), `end[${at}]`); // prettier-ignore
    b.assertZero([], [[1n, bytes.fixed(b, from, ZERO_BYTES, `after[${at}]`)]], 0n, `after[${at}].isZero`); // prettier-ignore
  }
}

/** Bits that hold every index of a table of this length. */
export const bitsFor = (length: number): number => Math.max(1, (length - 1).toString(2).length);
