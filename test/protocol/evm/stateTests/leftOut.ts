import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { BlockMachine } from "../../../../protocol/evm/machine/blockMachine.ts";
import type { FixtureEnvironment, StateTest } from "./fixture.ts";
import { uint } from "./fixture.ts";
import { isEmpty, type WorldState } from "./worldState.ts";

/** Why a test does not apply to chains of the program `evm`: docs/spec/machine.md, "Rules". */
export const REASONS = {
  blob: "blob transactions (type 3) do not exist",
  delegation: "transactions of type 4 are not of Cancun",
  precompile: "asks for an absent precompile's account (6, 7, 8 or 10)",
  blobBaseFee: "BLOBBASEFEE is 1 where there are no blobs",
  storage: "an account with storage but neither nonce nor code cannot be in the state (I-EXECUTION-04)",
  noKey: "an unprotected transaction, and no key to sign it for its chain",
  tooLarge: "a transaction over the limit of bytes",
} as const;

/** By what the file says. */
export function reasonBefore({ transaction }: StateTest, pre: WorldState): string | undefined {
  const { maxFeePerBlobGas, blobVersionedHashes, authorizationList } = transaction;
  if (maxFeePerBlobGas !== undefined || blobVersionedHashes !== undefined) return REASONS.blob;
  if (authorizationList !== undefined) return REASONS.delegation;
  const isStorageAlone = [...pre.values()].some(
    ({ nonce, code, storage }) => nonce === 0n && code.length === 0 && storage.size > 0,
  );
  return isStorageAlone ? REASONS.storage : undefined;
}

const ABSENT_PRECOMPILES = [6n, 7n, 8n, 10n];

/** By what the run did. */
export function reasonAfter(
  asked: ReadonlySet<bigint>,
  env: FixtureEnvironment,
  { steps }: Pick<BlockMachine, "steps">,
): string | undefined {
  if (ABSENT_PRECOMPILES.some((address) => asked.has(address))) return REASONS.precompile;
  const isPriced = !isBlobBaseFeeOne(env) && steps.some(({ opcode }) => opcode === OPCODE["BLOBBASEFEE"]);
  return isPriced ? REASONS.blobBaseFee : undefined;
}

/** EIP-4844: the price is e to the power of excess / 3,338,477, rounded down; at this excess it is 2. */
const EXCESS_OF_PRICE_2 = 2_314_058n;

const isBlobBaseFeeOne = ({ currentExcessBlobGas }: FixtureEnvironment): boolean =>
  uint(currentExcessBlobGas ?? "0x0") < EXCESS_OF_PRICE_2;

/** Must the run be recorded, to know what is left out or what was touched? */
export const needsRecord = ({ env }: StateTest, pre: WorldState): boolean =>
  !isBlobBaseFeeOne(env) || [...pre.values()].some(isEmpty);
