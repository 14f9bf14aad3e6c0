import { expect } from "chai";
import { TRANSFERS_PARAMETERS } from "../../../circuits/programs/transfers/parameters.ts";
import { PADDING_KEY, PADDING_TRANSFER } from "../../../circuits/programs/transfers/paddingTransfer.ts";
import { decodeTransfer } from "../../../circuits/programs/transfers/decodeTransfer.ts";
import {
  assertTransfer,
  MAX_TRANSFERS_PER_BLOCK,
  refusalOf,
  type TransferFields,
} from "../../../protocol/programs/transfers.ts";
import { expectCode } from "../builder/expectCode.ts";

const PLAIN: TransferFields = {
  type: 2,
  chainId: 901n,
  to: `0x${"ab".repeat(20)}`,
  dataBytes: 0,
  accessListEntries: 0,
  maxFeePerGas: 9n,
  gasLimit: 21_000n,
};

describe("rules of transfers", () => {
  it("take plain transfers of every type", () => {
    for (const type of [0, 1, 2]) expect(refusalOf({ ...PLAIN, type })).to.equal(undefined);
    expect(refusalOf({ ...PLAIN, to: `0x${"00".repeat(20)}` })).to.equal(undefined);
    expect(refusalOf({ ...PLAIN, to: `0x${"00".repeat(19)}0b` })).to.equal(undefined);
    expect(refusalOf({ ...PLAIN, gasLimit: (1n << 64n) - 1n, maxFeePerGas: (1n << 128n) - 1n })).to.equal(
      undefined,
    );
  });

  const to = `0x${"00".repeat(19)}0a` as const;
  const refusals: [Partial<TransferFields>, { code: string } & Record<string, unknown>][] = [
    [{ type: 3 }, { code: "TRANSFERS_TYPE", type: 3 }],
    [{ type: 0, chainId: undefined }, { code: "TRANSFERS_UNPROTECTED" }],
    [{ to: null }, { code: "TRANSFERS_NO_CREATION" }],
    [{ dataBytes: 4 }, { code: "TRANSFERS_NO_DATA", bytes: 4 }],
    [{ accessListEntries: 1 }, { code: "TRANSFERS_ACCESS_LIST", entries: 1 }],
    [{ to }, { code: "TRANSFERS_PRECOMPILE", to }],
    [{ maxFeePerGas: 1n << 128n }, { code: "TRANSFERS_FEE_TOO_LARGE", fee: 1n << 128n, limit: 1n << 128n }],
    [{ gasLimit: 20_999n }, { code: "TRANSFERS_GAS_LIMIT", gasLimit: 20_999n, least: 21_000n }],
    [{ gasLimit: 1n << 64n }, { code: "TRANSFERS_GAS_LIMIT", gasLimit: 1n << 64n, least: 21_000n }],
  ];
  for (const [fields, refusal] of refusals)
    it(`refuse by name: ${refusal.code}`, () =>
      expectCode(() => assertTransfer({ ...PLAIN, ...fields }), refusal));

  it("let a block hold what one proof holds", () =>
    expect(MAX_TRANSFERS_PER_BLOCK).to.equal(TRANSFERS_PARAMETERS.transfers));

  it("hold for the transfer of unused places, whose key is the one written down", () => {
    expect(PADDING_TRANSFER.slice(0, 4)).to.deep.equal(Uint8Array.of(0, 0, 0, PADDING_TRANSFER.length - 4));
    expect(decodeTransfer(PADDING_TRANSFER.slice(4)).publicKey).to.deep.equal(PADDING_KEY);
  });
});
