/** What an entry costs in `bb` itself: the difference of two circuits, so that tables and range lists are paid by neither. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { witnessBits, witnessWord } from "../../../../circuits/builder/ranges.ts";
import type { Wire, Word } from "../../../../circuits/builder/wire.ts";
import { byteLength } from "../../../../circuits/gadgets/alu/byteLength.ts";
import { byteCount, BytePowers, byteShift } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import { joinWords } from "../../../../circuits/gadgets/alu/joinWords.ts";
import { mergeWords } from "../../../../circuits/gadgets/alu/mergeWords.ts";
import { smallIndex } from "../../../../circuits/gadgets/alu/smallIndex.ts";
import { isEqualWord, isZeroWord, magnitudeOf } from "../../../../circuits/gadgets/alu/words.ts";
import { gates } from "../../../../proving/barretenberg/gates.ts";
import { CORES } from "./coreCases.ts";

interface Kit {
  readonly words: readonly Word[];
  readonly powers: BytePowers;
  readonly bytes: Wire;
}
type Body = (b: Builder, kit: Kit) => unknown;

const BODIES: Readonly<Record<string, readonly [gates: number, body: Body]>> = {
  "joinWords, byteShift": [
    52,
    (b, { words: [x, y], powers, bytes }) =>
      joinWords(b, [x!, y!], byteShift(b, powers, bytes, "shift"), "join"),
  ],
  "mergeWords, byteShift": [
    47,
    (b, { words: [x, y], powers, bytes }) =>
      mergeWords(b, [x!, y!], byteShift(b, powers, bytes, "shift"), "merge"),
  ],
  "mergeWords, byteCount": [
    52,
    (b, { words: [x, y], powers, bytes }) =>
      mergeWords(b, [x!, y!], byteCount(b, powers, bytes, "count"), "merge"),
  ],
  byteLength: [21, (b, { words: [x], powers }) => byteLength(b, powers, x!, "length")],
  smallIndex: [11, (b, { words: [x] }) => smallIndex(b, x!, 8, "index")],
  isZeroWord: [3, (b, { words: [x] }) => isZeroWord(b, x!, "zero")],
  isEqualWord: [7, (b, { words: [x, y] }) => isEqualWord(b, x!, y!, "equal")],
  magnitudeOf: [9, (b, { words: [x] }) => magnitudeOf(b, x!.hi, "sign")],
  ...Object.fromEntries(
    CORES.map(({ name, gates, build, opcodes }): [string, readonly [number, Body]] => [
      name,
      [gates, (b, { words }) => build(b, words, () => opcodes[0] as never)],
    ]),
  ),
};

/** Enough entries that the tables of black boxes, which a circuit is never smaller than, do not decide. */
const ENTRIES = [400, 800] as const;

describe("gates of arithmetic", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "bvm-alu-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, [stated, body]] of Object.entries(BODIES))
    it(`of ${name}: at most ${stated} an entry`, async () => {
      const [few, many] = await Promise.all(
        ENTRIES.map(async (count) => {
          const b = new Builder("shape");
          const kit: Kit = {
            powers: new BytePowers(b),
            words: ["x", "y", "z", "w"].map((word) => witnessWord(b, word, () => 0n)),
            bytes: witnessBits(b, 5, "bytes", () => 0n),
          };
          for (let i = 0; i < count; i++) b.scope(`entry[${i}]`, () => body(b, kit));
          const { circuit } = b.finish();
          const file = join(folder, `${name}-${count}.json`);
          await writeFile(file, emitProgram(circuit));
          return { counted: (await gates(file)).gates, estimated: estimateGates(circuit).total };
        }),
      );
      const each = (kind: "counted" | "estimated"): number =>
        (many![kind] - few![kind]) / (ENTRIES[1] - ENTRIES[0]);
      expect(each("counted"), `counted, estimated ${each("estimated")}`).to.be.within(stated - 1, stated);
      expect(each("estimated") / each("counted")).to.be.within(0.92, 1.08);
    });
});
