import { CHUNK_CIRCUITS } from "../../circuits/programs/chunkCircuits.ts";
import type { KeyOptions, ProgramKey } from "../../proving/programKeys.ts";
import { epochKeysOf, networkPrograms } from "../../proving/programs.ts";
import { getProgramSet, type ProgramSet } from "../../proving/programSet.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import { getVerifier, type Verifier } from "../../proving/verifier/verifier.ts";
import type { CircuitKeys } from "./step.ts";

/** What a prover proves with: the network's keys, and the verifiers of the programs that Solidity checks. */
export interface Programs {
  readonly keys: ProgramSet;
  readonly verifiers: Readonly<Record<string, Verifier | undefined>>;
  readonly circuitKeys: CircuitKeys;
  readonly referenceString: ReferenceString;
}

export interface LoadOptions extends KeyOptions {
  /** Told before and after each program. */
  readonly onProgram?: (name: string, state: "started" | "done") => void;
}

/** All programs, from the cache or made now. Throws what `bb` throws. */
export async function loadPrograms(
  referenceString: ReferenceString,
  options: LoadOptions = {},
): Promise<Programs> {
  const definitions = networkPrograms();
  const keys = await getProgramSet(referenceString, { ...options, definitions });
  const verifiers: Record<string, Verifier> = {};
  const innerKeys: Record<string, ProgramKey> = {};
  for (const { name, target } of definitions)
    if (target === "evm-no-zk") verifiers[name] = await getVerifier(keys[name]!, referenceString, options);
    else innerKeys[name] = keys[name]!;
  const chunks = CHUNK_CIRCUITS.map(({ name }) => name);
  const circuitKeys = { ...epochKeysOf(chunks, (name) => keys[name]!.keyHash), innerKeys };
  return { keys, verifiers, circuitKeys, referenceString };
}
