import {
  TRANSFERS_PARAMETERS,
  type TransfersParameters,
} from "../../circuits/programs/transfers/parameters.ts";
import type { KeyOptions, ProgramKey } from "../../proving/programKeys.ts";
import { networkPrograms, type ProgramName } from "../../proving/programs.ts";
import { getProgramSet } from "../../proving/programSet.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import { getVerifier, type Verifier } from "../../proving/verifier/verifier.ts";
import type { CircuitKeys } from "./step.ts";

/** What a prover proves with: the network's keys, and the verifiers of the programs that Solidity checks. */
export interface Programs {
  readonly keys: Readonly<Record<ProgramName, ProgramKey>>;
  readonly verifiers: Readonly<Partial<Record<ProgramName, Verifier>>>;
  readonly circuitKeys: CircuitKeys;
  readonly referenceString: ReferenceString;
}

export interface LoadOptions extends KeyOptions {
  readonly parameters?: TransfersParameters;
  /** Told before and after each program. */
  readonly onProgram?: (name: ProgramName, state: "started" | "done") => void;
}

/** All programs, from the cache or made now. Throws what `bb` throws. */
export async function loadPrograms(
  referenceString: ReferenceString,
  { parameters = TRANSFERS_PARAMETERS, ...options }: LoadOptions = {},
): Promise<Programs> {
  const definitions = networkPrograms(parameters);
  const keys = await getProgramSet(referenceString, { ...options, definitions });
  const [batch, epoch] = [
    await getVerifier(keys.batch, referenceString, options),
    await getVerifier(keys.epoch, referenceString, options),
  ];
  const { transfers, batchMerge, epochMerge, epochEmpty } = keys;
  const circuitKeys = {
    chunks: { transfers: transfers.keyHash },
    batchMerge: batchMerge.keyHash,
    epochMerge: epochMerge.keyHash,
    epochEmpty: epochEmpty.keyHash,
    parameters,
    innerKeys: { transfers, batchMerge, epochMerge, epochEmpty },
  };
  return { keys, verifiers: { batch, epoch }, circuitKeys, referenceString };
}
