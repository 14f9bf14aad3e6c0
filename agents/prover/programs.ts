import type { Built } from "../../circuits/builder/builder.ts";
import { emitProgram } from "../../circuits/builder/emit.ts";
import { buildBatch } from "../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../circuits/programs/batchMerge.ts";
import { buildEpoch } from "../../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../../circuits/programs/epochMerge.ts";
import { buildTransfers } from "../../circuits/programs/transfers/buildTransfers.ts";
import {
  TRANSFERS_PARAMETERS,
  type TransfersParameters,
} from "../../circuits/programs/transfers/parameters.ts";
import type { RunOptions } from "../../proving/barretenberg/run.ts";
import type { Target } from "../../proving/barretenberg/target.ts";
import { getProgramKey, type ProgramKey } from "../../proving/programKeys.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import { getVerifier, type Verifier } from "../../proving/verifier/verifier.ts";
import type { CircuitKeys, StepProgram } from "./step.ts";

/** Every program of the network with its key, and the verifiers of those that Solidity checks. */
export interface Programs {
  readonly keys: Readonly<Record<StepProgram, ProgramKey>>;
  readonly verifiers: Readonly<Partial<Record<StepProgram, Verifier>>>;
  readonly circuitKeys: CircuitKeys;
  readonly referenceString: ReferenceString;
}

export interface LoadOptions extends RunOptions {
  readonly parameters?: TransfersParameters;
  /** Told before each program. */
  readonly onProgram?: (name: string) => void;
}

const RECURSIVE: Target = "noir-recursive-no-zk";
const SOLIDITY: Target = "evm-no-zk";

/**
 * All programs, from the cache or made now, innermost first: an outer circuit holds the key hashes of the inner ones.
 * Throws what `bb` throws.
 */
export async function loadPrograms(
  referenceString: ReferenceString,
  { parameters = TRANSFERS_PARAMETERS, onProgram, ...options }: LoadOptions = {},
): Promise<Programs> {
  const key = async (name: StepProgram, target: Target, { circuit }: Built): Promise<ProgramKey> => {
    onProgram?.(name);
    return getProgramKey({ name, target, bytes: emitProgram(circuit) }, referenceString, options);
  };
  const transfers = await key("transfers", RECURSIVE, buildTransfers(parameters, null));
  const chunks = { transfers: transfers.keyHash };
  const batchMerge = await key("batchMerge", RECURSIVE, buildBatchMerge(chunks));
  const batchKeys = { chunks, batchMerge: batchMerge.keyHash };
  const batch = await key("batch", SOLIDITY, buildBatch(batchKeys));
  const epochEmpty = await key("epochEmpty", RECURSIVE, buildEpochEmpty());
  const epochMerge = await key("epochMerge", RECURSIVE, buildEpochMerge(batchKeys));
  const epochKeys = { ...batchKeys, epochMerge: epochMerge.keyHash, epochEmpty: epochEmpty.keyHash };
  const epoch = await key("epoch", SOLIDITY, buildEpoch(epochKeys));
  return {
    keys: { transfers, batchMerge, batch, epochEmpty, epochMerge, epoch },
    verifiers: {
      batch: await getVerifier(batch, referenceString),
      epoch: await getVerifier(epoch, referenceString),
    },
    circuitKeys: { ...epochKeys, parameters, innerKeys: { transfers, batchMerge, epochEmpty, epochMerge } },
    referenceString,
  };
}
