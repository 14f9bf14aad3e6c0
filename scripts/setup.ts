/**
 * Everything a machine needs before it can prove and verify: reference string, keys of all programs, verifiers.
 * Usage: node scripts/setup.ts [--crs local|aztec|FILE.ptau]   (`bvm setup` does the same)
 */
import { parseArgs } from "node:util";
import { getProgramSet, type ProgramSet } from "../proving/programSet.ts";
import { networkPrograms, type ProgramDefinition } from "../proving/programs.ts";
import { assertIntact } from "../proving/referenceString/manifest.ts";
import {
  getReferenceString,
  parseSource,
  type ReferenceString,
  type Source,
} from "../proving/referenceString/referenceString.ts";
import { getVerifier, type Verifier } from "../proving/verifier/verifier.ts";

/** One part of the set-up on its way: `fraction` where it is known, `seconds` when it is done. */
export type SetUpProgress =
  | { readonly part: string; readonly state: "started" }
  | { readonly part: string; readonly state: "progress"; readonly fraction: number }
  | { readonly part: string; readonly state: "waiting" }
  | { readonly part: string; readonly state: "done"; readonly seconds: number };

export type SetUpOptions = {
  readonly crs?: Source;
  /** Powers in the reference string; the network's programs need the default. */
  readonly points?: number;
  readonly programs?: readonly ProgramDefinition[];
  readonly onProgress?: (progress: SetUpProgress) => void;
  readonly signal?: AbortSignal;
  readonly root?: string;
};

export type SetUp = {
  readonly referenceString: ReferenceString;
  readonly programs: ProgramSet;
  /** Of the programs that Solidity and the light node check. */
  readonly verifiers: Readonly<Record<string, Verifier | undefined>>;
  readonly parts: readonly { readonly part: string; readonly seconds: number }[];
};

/**
 * Makes what the cache lacks and gives all of it; safe to run again, to interrupt, and to run twice at once.
 * Throws the errors of `proving/` (proving/errors.ts).
 */
export async function setUp(options: SetUpOptions = {}): Promise<SetUp> {
  const { crs = "local", points, programs: definitions = networkPrograms(), signal, root } = options;
  const clock = createClock(options.onProgress);
  const build = { signal, root, onWait: clock.waiting };

  const referenceString = await clock.time("reference string", async (onProgress) => {
    const made = await getReferenceString(crs, { ...build, points, onProgress });
    await assertIntact(made.folder);
    return made;
  });
  const onProgram = (name: string, state: "started" | "done"): void => clock.mark(`key of ${name}`, state);
  const programs = await getProgramSet(referenceString, { ...build, definitions, onProgram });
  const verifiers: Record<string, Verifier> = {};
  for (const { name, target } of definitions)
    if (target === "evm-no-zk")
      verifiers[name] = await clock.time(`verifier of ${name}`, () =>
        getVerifier(programs[name]!, referenceString, build),
      );
  return { referenceString, programs, verifiers, parts: clock.parts };
}

type Clock = {
  readonly parts: { part: string; seconds: number }[];
  /** The part on its way waits for another process. */
  readonly waiting: () => void;
  mark(part: string, state: "started" | "done"): void;
  time<T>(part: string, work: (onProgress: (fraction: number) => void) => Promise<T>): Promise<T>;
};

/** Tells each part's start, progress and end, and keeps its seconds. */
function createClock(tell: (progress: SetUpProgress) => void = () => undefined): Clock {
  const parts: { part: string; seconds: number }[] = [];
  let current = "";
  let started = 0;
  const clock: Clock = {
    parts,
    waiting: () => tell({ part: current, state: "waiting" }),
    mark(part, state) {
      if (state === "started") {
        [current, started] = [part, performance.now()];
        return tell({ part, state });
      }
      const seconds = (performance.now() - started) / 1000;
      parts.push({ part, seconds });
      tell({ part, state, seconds });
    },
    async time(part, work) {
      clock.mark(part, "started");
      const result = await work((fraction) => tell({ part, state: "progress", fraction }));
      clock.mark(part, "done");
      return result;
    },
  };
  return clock;
}

/** The seconds of each part and of all, as lines of a table. */
export function renderParts(parts: SetUp["parts"]): string {
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = [...parts, { part: "all", seconds: total }];
  const width = Math.max(...rows.map(({ part }) => part.length));
  return rows
    .map(({ part, seconds }) => `${part.padEnd(width)}  ${seconds.toFixed(1).padStart(7)} s`)
    .join("\n");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { crs: { type: "string", default: "local" } } });
  const onProgress = (progress: SetUpProgress): void => {
    if (progress.state === "started" || progress.state === "waiting")
      console.log(`${progress.part}: ${progress.state}`);
  };
  const { parts, referenceString } = await setUp({ crs: parseSource(values.crs), onProgress });
  console.log(
    `\n${renderParts(parts)}\n\nreference string: ${referenceString.manifest.kind}, ${referenceString.folder}`,
  );
}
