import { addUse, type ProofProfiles } from "../../../protocol/programs/capacity.ts";
import type { CreateMeter } from "../../../agents/kit/execution/blockMeter.ts";
import type { ChainProgram } from "../../../agents/kit/execution/programs.ts";

/**
 * A program whose circuits hold so many bytes of calldata and so much gas: a rule that needs a transaction's execution. Its meter
 * reads the sender from the state, as one that executes would.
 */
export const dataProfiles: ProofProfiles = {
  profiles: [
    { name: "data", gates: 200, capacities: { blocks: 4, bytes: 100, gas: 200_000 } },
    { name: "gas", gates: 100, capacities: { blocks: 4, bytes: 10, gas: 400_000 } },
  ],
  greatest: [],
  emptyBlock: { blocks: 1 },
  leastTransaction: { gas: 21_000 },
};

export const createDataMeter: CreateMeter = ({ state }) => {
  let kept = dataProfiles.emptyBlock;
  let measured = kept;
  return {
    measure({ tx, gasUsed }) {
      state.account(tx.from);
      measured = addUse(kept, { bytes: tx.data.length, gas: Number(gasUsed) }, []);
      return measured;
    },
    keep: () => void (kept = measured),
  };
};

export const dataProgram: ChainProgram = {
  precompiles: [1, 2, 3, 4],
  assertProvable: () => {},
  proof: { profiles: dataProfiles, createMeter: createDataMeter },
};
