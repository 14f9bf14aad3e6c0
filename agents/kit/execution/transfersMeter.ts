import { transfersUse } from "../../../protocol/programs/transfersChunks.ts";
import type { Hex } from "../hex.ts";
import type { CreateMeter } from "./blockMeter.ts";

/** Counts transfers, and the accounts that are not there before the block: each is a leaf more. */
export const createTransfersMeter: CreateMeter = ({ state }) => {
  let transfers = 0;
  const made = new Set<Hex>();
  let measured: readonly Hex[] = [];
  return {
    measure({ changes }) {
      const written = [...changes.accounts].filter(([, after]) => after !== undefined);
      measured = written
        .map(([address]) => address)
        .filter((address) => !made.has(address) && state.account(address) === undefined);
      return transfersUse(transfers + 1, made.size + measured.length);
    },
    keep() {
      transfers += 1;
      for (const address of measured) made.add(address);
    },
  };
};
