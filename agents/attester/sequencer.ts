import { StackError } from "../../protocol/errors.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { createChainReader } from "../kit/evm/chainReader.ts";
import { createEvmRpc } from "../kit/evm/rpc.ts";
import type { AttestRefusal } from "./checkPublication.ts";
import type { AttesterConfig } from "./config.ts";

export type SequencerError = { code: "SEQUENCER_BEHIND"; block: bigint };

/** Checks that a block, and with it every block before, is of the sequencer's chain. */
export type AssertSequenced = (rollup: string, block: bigint, hash: bigint) => Promise<void>;

/** Throws ATTEST_ROLLUP_UNKNOWN, ATTEST_NOT_SEQUENCED, SEQUENCER_BEHIND (retry). */
export function createSequencerCheck(rollups: AttesterConfig["rollups"]): AssertSequenced {
  const readers = new Map(
    Object.entries(rollups).map(([rollup, { layer3 }]) => [
      rollup,
      createChainReader(createEvmRpc({ url: layer3 })),
    ]),
  );
  return async (rollup, block, hash) => {
    const reader = readers.get(rollup.toLowerCase());
    if (!reader) throw new StackError<AttestRefusal>({ code: "ATTEST_ROLLUP_UNKNOWN", rollup }, "fatal");
    const sealed = await reader.block(Number(block));
    if (!sealed) throw new StackError<SequencerError>({ code: "SEQUENCER_BEHIND", block }, "retry");
    if (BigInt(sealed.hash) === hash) return;
    throw new StackError<AttestRefusal>(
      { code: "ATTEST_NOT_SEQUENCED", block, sequenced: sealed.hash, claimed: fieldToHex(hash) },
      "fatal",
    );
  };
}
