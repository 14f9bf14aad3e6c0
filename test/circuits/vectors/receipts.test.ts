import { nextReceiptsHeadOf } from "../../../circuits/gadgets/receipts.ts";
import { expectComputes, fieldInputs, readVectors } from "./expectComputes.ts";

type ReceiptVectors = {
  receipts: {
    blockNumber: string;
    status: number;
    gasUsed: string;
    logsHead: string;
    receiptsHead: string;
  }[];
};

describe("vectors through circuits: receipts.json", () => {
  const { receipts } = readVectors<ReceiptVectors>("receipts");

  it("the head after each receipt", () => {
    let head = 0n;
    for (const { blockNumber, status, gasUsed, logsHead, receiptsHead } of receipts) {
      const values = [head, BigInt(blockNumber), BigInt(status) + 2n * BigInt(gasUsed), BigInt(logsHead)];
      expectComputes(
        (b) => {
          const [before, number, outcome, logs] = fieldInputs(b, "input", values);
          const receipt = { blockNumber: number!, outcome: outcome!, logsHead: logs! };
          return [nextReceiptsHeadOf(b, before!, receipt, "next")];
        },
        [BigInt(receiptsHead)],
        () => "next.permutation[1]",
      );
      head = BigInt(receiptsHead);
    }
  });
});
