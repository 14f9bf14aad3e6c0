/**
 * All signatures of a chunk: the senders' and those that ecrecover was given.
 *
 * Proves: the claims of all signers and of all ecrecover jobs.
 * Enforces: one challenge, made from a hash of what is claimed: keys, and by the blocks' hash all that senders signed; keys, words
 *   and claims of ecrecover. Sound because: see recoverSigner.ts: the challenge is fixed after everything it checks.
 */
import type { Builder } from "../../builder/builder.ts";
import type { Wire } from "../../builder/wire.ts";
import { splitField } from "../../gadgets/canonicalField.ts";
import { challengePoint } from "../../gadgets/challengePoint.ts";
import { assertRecovered, type EcrecoverJob } from "../../gadgets/precompiles/ecrecover.ts";
import { assertSigner } from "../../gadgets/recoverSigner.ts";
import { hashFields } from "../../gadgets/sponge.ts";
import type { ChainWires } from "./chainStatement.ts";
import type { Signer } from "./transactions/signers.ts";

/** Of the hash that fixes the challenge point: no domain of the protocol, whose numbers are below 64. */
const SIGNATURE_CHALLENGE = 64;

export function assertSignatures(
  b: Builder,
  chain: ChainWires,
  dataHash: Wire,
  claims: { readonly signers: readonly Signer[]; readonly recovered: readonly EcrecoverJob[] },
): void {
  const { signers, recovered } = claims;
  const keys = signers.flatMap(({ key }) => key.flatMap(({ hi, lo }) => [hi, lo]));
  const jobs = recovered.flatMap(({ challenged }) => challenged);
  const committed = [chain.chainId, chain.previous.dataHash, dataHash, ...keys, ...jobs];
  const hash = hashFields(b, SIGNATURE_CHALLENGE, committed, "challenge.hash");
  const challenge = challengePoint(b, splitField(b, hash, "challenge.seed").lo, "challenge");
  signers.forEach(({ signature }, i) => assertSigner(b, signature, challenge, `transaction[${i}].signer`));
  recovered.forEach((job, i) => assertRecovered(b, job, challenge, `ecrecover[${i}].signer`));
}
