import { emitProgram } from "../../../circuits/builder/emit.ts";
import { buildEpochEmpty } from "../../../circuits/programs/epochEmpty.ts";
import type { Programs } from "../../../agents/prover/programs.ts";
import { getProgramKey } from "../../../proving/programKeys.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";

/** Serves circuits up to 2^14 gates; made once per cache, in seconds. */
const POINTS = 2 ** 14 + 1;

/** The network's smallest program, `epochEmpty`, with a real key; the keys of the others are left out. */
export async function loadSmallPrograms(): Promise<Programs> {
  const referenceString = await getReferenceString("local", { points: POINTS });
  const bytes = emitProgram(buildEpochEmpty().circuit);
  const file = { name: "epochEmpty", target: "noir-recursive-no-zk", bytes } as const;
  const epochEmpty = await getProgramKey(file, referenceString);
  const innerKeys = { epochEmpty };
  const none = { chunks: {}, batchMerge: 0n, epochMerge: 0n, epochEmpty: epochEmpty.keyHash };
  return {
    keys: { epochEmpty } as Programs["keys"],
    verifiers: {},
    circuitKeys: { ...none, innerKeys },
    referenceString,
  };
}
