import { equalBytes } from "../../protocol/bytes.ts";
import { StackError } from "../../protocol/errors.ts";
import { INSCRIPTION_CONTENT_TYPE, parseLeafScript } from "../../protocol/inscription/envelope.ts";
import { leafCommitted, parseRevealWitness } from "../../protocol/inscription/taproot.ts";
import type { BlockRef } from "../kit/bitcoin/chainCursor.ts";
import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { confirmedTransaction } from "../kit/bitcoin/sealChain.ts";
import type { ReadTransaction } from "../kit/bitcoin/transactionReader.ts";
import { Refusal } from "./refusals.ts";

/**
 * The body that a spend of the seal inscribes. The txid does not commit to witnesses, so the leaf is checked against the output
 * it claims to come from: that output's transaction hashes to the id the input names.
 * Assumes that the block commits to the witness, so that a malformed one is the inscriber's.
 * Throws Refusal: SEAL_LOST, INSCRIPTION_MALFORMED, WITNESS_NOT_COMMITTED.
 */
export async function readReveal(
  rpc: BitcoinRpc,
  reveal: ReadTransaction,
  block: BlockRef,
  sealScript: Uint8Array,
): Promise<Uint8Array> {
  const { txid } = reveal;
  const next = reveal.outputs[0];
  if (!next || !equalBytes(next.script, sealScript)) throw Refusal.standstill({ code: "SEAL_LOST", txid });
  const input = reveal.inputs[0]!;
  const { leaf, controlBlock } = wellFormed(() => parseRevealWitness(input.witness));
  const commit = await confirmedTransaction(rpc, input.txid, block.hash);
  const spent = commit.outputs[input.vout];
  if (!spent || !leafCommitted(spent.script, leaf, controlBlock))
    throw Refusal.withheld({ code: "WITNESS_NOT_COMMITTED", txid });
  const { contentType, body } = wellFormed(() => parseLeafScript(leaf));
  if (contentType === INSCRIPTION_CONTENT_TYPE) return body;
  throw Refusal.falseInscription({ code: "INSCRIPTION_MALFORMED", reason: `content type ${contentType}` });
}

/** What the protocol's codecs refuse, everyone refuses. */
export function wellFormed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const { code } = error.type;
    throw Refusal.falseInscription({ code: "INSCRIPTION_MALFORMED", reason: code }, { cause: error });
  }
}
