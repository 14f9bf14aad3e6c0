import { expect } from "chai";
import { Wallet } from "ethers";
import { broadcast } from "../../../agents/kit/evm/broadcast.ts";
import type { EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import { StackError } from "../../../protocol/errors.ts";
import { DEV_CHAIN_ID, DEV_KEY, startDevChain, type DevChain } from "./devChain.ts";

const GWEI = 10n ** 9n;

describe("broadcast", function () {
  this.timeout(60_000);
  let chain: DevChain;
  before(async () => (chain = await startDevChain()));
  after(() => chain.stop());

  async function sign(nonce: number, maxFeePerGas: bigint) {
    const fields = { type: 2, chainId: DEV_CHAIN_ID, nonce, gasLimit: 21_000n, maxFeePerGas };
    const wallet = new Wallet(DEV_KEY);
    const raw = await wallet.signTransaction({ ...fields, to: wallet.address, maxPriorityFeePerGas: GWEI });
    return { hash: "", raw };
  }

  it("understands a node's answers about nonce and fees", async () => {
    const first = await sign(0, 10n * GWEI);
    expect(await broadcast(chain.rpc, first)).to.equal("accepted");
    expect(await broadcast(chain.rpc, first)).to.equal("accepted");
    expect(await broadcast(chain.rpc, await sign(0, 10n * GWEI + 1n))).to.equal("underpriced");
    await chain.mine();
    expect(await broadcast(chain.rpc, await sign(0, 20n * GWEI))).to.equal("nonceUsed");
  });

  // The words of go-ethereum's pool, which Supersonic's node and most others use.
  for (const [words, outcome] of [
    ["already known", "accepted"],
    ["nonce too low: next nonce 5, tx nonce 4", "nonceUsed"],
    ["replacement transaction underpriced", "underpriced"],
    ["transaction underpriced: gas tip cap 0, minimum needed 1", "underpriced"],
    ["max fee per gas less than block base fee: address 0x, maxFeePerGas: 1, baseFee: 7", "underpriced"],
  ] as const)
    it(`understands "${words}"`, async () => {
      expect(await broadcast(answering(words), { hash: "0x", raw: "0x" })).to.equal(outcome);
    });

  it("refuses for good what fees do not cure", async () => {
    const words = "insufficient funds for gas * price + value";
    const error = await broadcast(answering(words), { hash: "0x12", raw: "0x" }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect((error as StackError).type).to.deep.equal({
      code: "TRANSACTION_REFUSED",
      hash: "0x12",
      reason: words,
    });
  });
});

const answering = (message: string): EvmRpc => ({
  async call(method) {
    throw new StackError({ code: "EVM_RPC_ERROR", method, rpcCode: -32000, message }, "retry");
  },
});
