import {
  encodeLeafScript,
  INSCRIPTION_CONTENT_TYPE,
  parseLeafScript,
} from "../../protocol/inscription/envelope.ts";
import type { Outpoint, ReadTransaction } from "../kit/bitcoin/transactionReader.ts";

/** The leaf that inscribes `body`; `parent` = the seal it spends, where an inscription made that. */
export function inscriptionLeaf(
  publicKey: Uint8Array,
  body: Uint8Array,
  parent: Outpoint | undefined,
): Uint8Array {
  const parents = parent
    ? [{ txid: new Uint8Array(Buffer.from(parent.txid, "hex").reverse()), index: 0 }]
    : [];
  return encodeLeafScript({ publicKey, contentType: INSCRIPTION_CONTENT_TYPE, parents, body });
}

/** The body that a reveal of ours inscribes. Assumes a transaction of our own node; throws what the codec throws. */
export const readInscribedBody = (reveal: ReadTransaction): Uint8Array =>
  parseLeafScript(reveal.inputs[0]?.witness[1] ?? new Uint8Array()).body;
