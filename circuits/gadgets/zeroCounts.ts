/**
 * How many bytes of a stream are zero, between positions only the witness knows.
 *
 * Proves: `between(from, to)` is the number of zero bytes from `from` to `to`, where from <= to; else there is no proof.
 * Assumes: nothing; static bounds prove that bytes are below 256.
 * Enforces: a flag for each byte; a table of the counts before each group of 8 bytes; the bytes of the group that the position
 *   cuts, as an integer with its bytes.
 * Sound because: position = 8 group + rest has one answer; the integer of the `rest` bytes has one decomposition into 7 bytes, of
 *   which 7 - rest are leading zeros and the others those of the stream.
 * Cost: 2.8 gates a byte, 90 a count.
 */
import { add, isZero, sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertBits, assertFits, witnessBits, witnessBytes } from "../builder/ranges.ts";
import { type Rom, rom } from "../builder/rom.ts";
import type { Wire } from "../builder/wire.ts";
import type { SuffixStream } from "./suffixStream.ts";

const GROUP = 8;
/** Most bytes of a group before a position. */
const REST = GROUP - 1;
/** Positions are below 8 * 2^this. */
const GROUP_BITS = 21;
const COUNT_BITS = 24;

export class ZeroCounts {
  readonly #stream: SuffixStream;
  readonly #groups: Rom<Wire>;

  constructor(b: Builder, stream: SuffixStream, name: string) {
    this.#stream = stream;
    const counts: Wire[] = [b.zero];
    const { bytes } = stream;
    // The last group is only ever read up to.
    for (let i = 0; i + GROUP <= bytes.length; i += GROUP) {
      const flags = bytes.slice(i, i + GROUP).map((byte, j) => isZero(b, byte, `${name}.isZero[${i + j}]`));
      const terms = flags.map((flag): Term => [1n, flag]);
      counts.push(sum(b, [[1n, counts.at(-1)!], ...terms], 0n, `${name}.before[${i + GROUP}]`));
    }
    this.#groups = rom(b, counts, `${name}.table`);
  }

  between(b: Builder, from: Wire, to: Wire, name: string): Wire {
    return b.scope(name, () => {
      const [start, end] = [this.#before(b, from, "from"), this.#before(b, to, "to")];
      return assertBits(b, sum(b, [[1n, end], [-1n, start]], 0n, "count"), COUNT_BITS, "count"); // prettier-ignore
    });
  }

  /** Zero bytes before `position`, and 7. */
  #before(b: Builder, position: Wire, name: string): Wire {
    return b.scope(name, () => {
      assertFits(b, position, 64, "position");
      const group = witnessBits(b, GROUP_BITS, "group", () => b.value(position) / BigInt(GROUP));
      const rest = witnessBits(b, 3, "rest", () => b.value(position) % BigInt(GROUP));
      b.assertZero([], [[BigInt(GROUP), group], [1n, rest], [-1n, position]], 0n, "split"); // prettier-ignore
      const start = sum(b, [[BigInt(GROUP), group]], 0n, "start");
      const value = this.#stream.slice(b, start, rest, "bytes");
      const bytes = witnessBytes(b, "byte", REST, () =>
        Uint8Array.from({ length: REST }, (_, i) => Number((b.value(value) >> BigInt(8 * i)) & 0xffn)),
      );
      const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * i), byte]);
      b.assertZero([], [...terms, [-1n, value]], 0n, "bytes.are");
      const flags = bytes.map((byte, i): Term => [1n, isZero(b, byte, `isZero[${i}]`)]);
      const zeros = sum(b, [...flags, [1n, rest]], 0n, "zeros");
      return add(b, this.#groups.read(b, group, "earlier"), zeros, "count");
    });
  }
}
