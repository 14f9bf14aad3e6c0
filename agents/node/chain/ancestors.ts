import { MAX_ANCESTORS, type Ancestors } from "../../../protocol/ancestors.ts";
import { StackError } from "../../../protocol/errors.ts";
import { hashBytes } from "../../../protocol/hash.ts";
import type { Chain } from "../../kit/execution/chain.ts";
import type { ChainQueryError } from "./nodeChain.ts";

/** From sealed blocks. @throws StackError ANCESTORS_RANGE_INVALID */
export function readAncestors(chain: Chain, oldest: bigint, newest: bigint): Ancestors | undefined {
  if (newest < oldest || newest - oldest > BigInt(MAX_ANCESTORS))
    throw new StackError<ChainQueryError>(
      { code: "ANCESTORS_RANGE_INVALID", oldest, newest, limit: MAX_ANCESTORS },
      "fatal",
    );
  if (newest > chain.head.number) return undefined;
  const digests: bigint[] = [];
  for (let number = oldest + 1n; number <= newest; number++)
    digests.push(hashBytes(chain.getBlockData(number)!));
  return { oldest: chain.tip(oldest).dataHash, digests };
}
