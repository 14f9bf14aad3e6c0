import { z } from "zod";
import { StackError } from "../../protocol/errors.ts";
import {
  publicationSigner,
  publicationToJson,
  type CommitteeRef,
  type Publication,
} from "../kit/da/publication.ts";
import type { RollupFacts } from "./chain.ts";
import type { BatcherError } from "./errors.ts";

/** A member fetches megabytes before it answers. */
const TIMEOUT_MS = 60_000;

const answerSchema = z.object({ signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/) });

/**
 * Signatures of as many members as the contract needs, in the form it takes: 65 bytes each, ascending by signer.
 * A signature counts only if it recovers to a member: a wrong one would make the transaction revert.
 * Throws ATTESTATIONS_MISSING (retry) with what each refused.
 */
export async function collectAttestations(
  publication: Publication,
  attesters: readonly string[],
  { committee, members, threshold }: RollupFacts,
  chainId: bigint,
): Promise<string> {
  const signatures = new Map<string, string>();
  const refusals: Record<string, string> = {};
  const asking = attesters.map(async (url) => {
    try {
      const signature = await ask(url, publication);
      const signer = publicationSigner(
        { address: committee, chainId } satisfies CommitteeRef,
        publication,
        signature,
      );
      if (members.has(signer)) signatures.set(signer, signature);
      else refusals[url] = `signed by ${signer}, who is no member`;
    } catch (error) {
      refusals[url] = error instanceof Error ? error.message : String(error);
    }
  });
  await Promise.all(asking);
  if (signatures.size < threshold)
    throw new StackError<BatcherError>(
      { code: "ATTESTATIONS_MISSING", needed: threshold, have: signatures.size, refusals },
      "retry",
    );
  const ascending = [...signatures].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)).slice(0, threshold);
  return `0x${ascending.map(([, signature]) => signature.slice(2)).join("")}`;
}

async function ask(attester: string, publication: Publication): Promise<string> {
  const response = await fetch(`${attester.replace(/\/+$/, "")}/attest`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(publicationToJson(publication)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body: unknown = await response.json();
  if (response.ok) return answerSchema.parse(body).signature;
  throw new StackError({ code: "ATTESTER_REFUSES", status: response.status, body }, "retry");
}
