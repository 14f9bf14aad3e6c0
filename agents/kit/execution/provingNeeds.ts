import type { Use } from "../../../protocol/programs/capacity.ts";

/** What the proof of a sealed block needs beside its data and witness. */
export interface ProvingNeeds {
  /** Of each capacity of the chain's program. */
  readonly use: Use;
  /** The lowest block whose hash was asked for (BLOCKHASH). Undefined: none was. */
  readonly oldestAncestor: bigint | undefined;
}

/** JSON: its writer and its reader are the same node. */
export const encodeProvingNeeds = ({ use, oldestAncestor }: ProvingNeeds): Buffer =>
  Buffer.from(JSON.stringify({ use, oldestAncestor: oldestAncestor?.toString() }));

export function decodeProvingNeeds(bytes: Uint8Array): ProvingNeeds {
  const { use, oldestAncestor } = JSON.parse(Buffer.from(bytes).toString()) as {
    use: Use;
    oldestAncestor?: string;
  };
  return { use, oldestAncestor: oldestAncestor === undefined ? undefined : BigInt(oldestAncestor) };
}
