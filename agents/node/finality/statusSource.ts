import { z } from "zod";
import { StackError } from "../../../protocol/errors.ts";
import { isHex, type Hex } from "../../kit/hex.ts";
import type { FinalitySource } from "./finalitySource.ts";

const whole = z
  .union([z.int().nonnegative(), z.string().regex(/^[0-9]+$/)])
  .transform((value) => BigInt(value));

/** `GET /status` of a light node (and of the inscriber, for what is published but not verified yet); further keys are theirs. */
const statusSchema = z.object({
  bitcoinHeight: whole,
  chains: z.array(
    z.object({
      chainId: whole,
      blockNumber: whole,
      stateRoot: z.string().refine((text) => isHex(text, 32)),
    }),
  ),
});

const TIMEOUT_MS = 10_000;

/** The block of chain `chainId` that the agent at `url` stands at. Throws STATUS_UNAVAILABLE (retry), STATUS_INVALID (retry). */
export function createStatusSource(url: string, chainId: bigint): FinalitySource {
  return {
    async observe() {
      const parsed = statusSchema.safeParse(await fetchStatus(url));
      if (!parsed.success)
        throw new StackError({ code: "STATUS_INVALID", url, reason: z.prettifyError(parsed.error) }, "retry");
      const { bitcoinHeight, chains } = parsed.data;
      const chain = chains.find((one) => one.chainId === chainId);
      if (!chain) return undefined;
      const stateRoot = chain.stateRoot.toLowerCase() as Hex;
      return { blockNumber: chain.blockNumber, stateRoot, seenAtHeight: bitcoinHeight };
    },
  };
}

async function fetchStatus(url: string): Promise<unknown> {
  try {
    const response = await fetch(new URL("/status", url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok)
      throw new StackError({ code: "STATUS_UNAVAILABLE", url, httpStatus: response.status }, "retry");
    return await response.json();
  } catch (cause) {
    if (cause instanceof StackError) throw cause;
    throw new StackError({ code: "STATUS_UNAVAILABLE", url }, "retry", { cause });
  }
}
