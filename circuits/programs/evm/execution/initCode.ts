/**
 * Init code of transactions that create: their data, in the table of all code. It never is in memory.
 *
 * Proves: what is given for place i is 0, or a position of all its data's bytes in the table of all code.
 * Assumes: nothing; 0 is the planner's word for init code that does not run.
 * Enforces: pieces of 31 bytes, a row each, and a rest of at most 31: as many as the data has bytes. Each is one integer in both
 *   streams.
 * Sound because: slices of at most 31 bytes are integers below the modulus. Rows of a place are numbered without gaps
 *   (sharedList.ts), the rest follows them.
 * Cost: 32 gates a row, 45 a place.
 */
import { add, assertEqual, assertEqualIf, combine, isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { SharedList } from "../../../gadgets/sharedList.ts";
import type { SuffixStream } from "../../../gadgets/suffixStream.ts";
import { INIT_CODE_PIECE } from "../../../../protocol/evm/plan/execution/transactionCreations.ts";
import type { TransactionPlace } from "../transactions/transactions.ts";

const POSITION_BITS = 20;

export interface InitCodeStreams {
  readonly data: SuffixStream;
  readonly code: SuffixStream;
}

/** `planned`: by place. Rows: `capacity`. */
export function initCodes(
  b: Builder,
  streams: InitCodeStreams,
  places: readonly TransactionPlace[],
  capacity: number,
  planned: (i: number) => number,
): Wire[] {
  const pieceBits = capacity.toString(2).length;
  const codes = places.map((place, i) => b.scope(`initCode[${i}]`, () => ofPlace(b, streams, place, pieceBits, () => planned(i)))); // prettier-ignore
  const rows = new SharedList(b, codes.map(({ pieces }) => pieces), capacity, "initCodeRow"); // prettier-ignore
  const starts = rom(b, codes.map(({ start }) => start), "initCode.starts"); // prettier-ignore
  const positions = rom(b, codes.map(({ position }) => position), "initCode.positions"); // prettier-ignore
  for (const [r, { active, owner, index }] of rows.rows.entries())
    b.scope(`initCodeRow[${r}]`, () => {
      // An unused row reads the start of both.
      const at = (first: Wire, name: string): Wire =>
        combine(b, [[1n, active, first]], [[BigInt(INIT_CODE_PIECE), index]], 0n, name);
      const data = streams.data.fixed(b, at(starts.read(b, owner, "start"), "data.at"), INIT_CODE_PIECE, "data"); // prettier-ignore
      const code = streams.code.fixed(b, at(positions.read(b, owner, "position"), "code.at"), INIT_CODE_PIECE, "code"); // prettier-ignore
      assertEqualIf(b, active, code, data, "code.isData");
    });
  return codes.map(({ position }) => position);
}

function ofPlace(
  b: Builder,
  { data: bytes, code }: InitCodeStreams,
  { active, isCreation, data }: TransactionPlace,
  pieceBits: number,
  planned: () => number,
): { position: Wire; start: Wire; pieces: Wire } {
  const creates = and(b, active, isCreation, "creates");
  const position = witnessBits(b, POSITION_BITS, "position", () => BigInt(planned()));
  b.assertZero([[-1n, creates, position]], [[1n, position]], 0n, "position.ofCreation"); // prettier-ignore
  const stands: Bool = not(b, isZero(b, position, "isNowhere"), "stands");
  const start = mul(b, stands, data.start, "start");
  const length = mul(b, stands, data.length, "length");
  const piece = BigInt(INIT_CODE_PIECE);
  const pieces = witnessBits(b, pieceBits, "pieces", () => b.value(length) / piece);
  const rest = assertBits(b, sum(b, [[1n, length], [-piece, pieces]], 0n, "rest"), 5, "rest.size"); // prettier-ignore
  const done = sum(b, [[piece, pieces]], 0n, "done"); // prettier-ignore
  const tail = bytes.slice(b, add(b, start, done, "data.rest.at"), rest, "data.rest");
  const found = code.slice(b, add(b, position, done, "code.rest.at"), rest, "code.rest");
  assertEqual(b, found, tail, "rest.isData");
  return { position, start, pieces };
}
