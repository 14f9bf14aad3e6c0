/** Where digests come from: a stand-in that believes the planner, for tests of all else, and the pool that proves them. */
import { keccak256 } from "ethers";
import { assertEqual } from "../../../../circuits/builder/arithmetic.ts";
import type { Builder } from "../../../../circuits/builder/builder.ts";
import { witnessWord } from "../../../../circuits/builder/ranges.ts";
import { KeccakPool } from "../../../../circuits/gadgets/keccakPool.ts";
import type { TransactionsPlan } from "../../../../circuits/programs/evm/transactions/plan.ts";
import type { Digests } from "../../../../circuits/programs/evm/transactions/signers.ts";
import { NO_MESSAGE, planKeccakJobs } from "../../../../protocol/evm/keccakUse.ts";
import { messageCommitment } from "../../../../protocol/evm/message.ts";

/** Ties a commitment to the message that the planner names. */
export function oracle(b: Builder, given: () => TransactionsPlan): Digests {
  return (commitment, request) => {
    const message = (): Uint8Array | undefined => given().messages[request];
    const committed = (): bigint => {
      const bytes = message();
      return bytes === undefined ? 0n : messageCommitment(bytes);
    };
    const wanted = b.witness(`oracle[${request}].commitment`, committed);
    assertEqual(b, commitment, wanted, `oracle[${request}].isMessage`);
    return witnessWord(b, `oracle[${request}].digest`, () => BigInt(keccak256(message() ?? "0x")));
  };
}

/** Proves each digest. */
export function pool(b: Builder, given: () => TransactionsPlan): Digests {
  const jobs = planKeccakJobs(given().messages);
  const made = new KeccakPool(b, jobs.use, () => jobs.messages, "keccak");
  return (commitment, request) => {
    const entry = (): number => jobs.entryOf.get(b.value(commitment)) ?? NO_MESSAGE;
    return made.digest(b, commitment, entry, `keccak.request[${request}]`);
  };
}
