import { expect } from "chai";
import { createChainReader, type ContractEvent } from "../../../agents/kit/evm/chainReader.ts";
import { assertChainId, createEvmRpc, type EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import { StackError } from "../../../protocol/errors.ts";
import { compileCounter, deploy, startDevChain, type Compiled, type DevChain } from "./devChain.ts";

describe("chain reader", function () {
  this.timeout(60_000);
  let chain: DevChain, counter: Compiled, address: string;
  before(async () => {
    chain = await startDevChain();
    counter = compileCounter();
    address = await deploy(chain, counter.bytecode); // block 1
    const [, from] = await chain.rpc.call<string[]>("eth_accounts");
    for (let i = 0; i < 20; i++) {
      const data = counter.abi.encodeFunctionData("add", [1n, `word ${i}`]);
      await chain.rpc.call("eth_sendTransaction", [{ from, to: address, data }]);
      await chain.mine();
    }
  });
  after(() => chain.stop());

  const words = (events: ContractEvent[]) => events.map((event) => event.args.word as string);
  const expected = Array.from({ length: 20 }, (_, i) => `word ${i}`);

  it("decodes events, oldest first, with where they happened", async () => {
    const events = await createChainReader(chain.rpc).events({ address, abi: counter.abi }, "Counted", 0, 21);
    expect(words(events)).to.deep.equal(expected);
    expect(events[3]).to.include({ name: "Counted", blockNumber: 5 });
  });

  it("asks for less when the node says it is too much", async () => {
    const asked: number[] = [];
    const narrow: EvmRpc = {
      async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
        if (method === "eth_getLogs") {
          const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
          asked.push(Number(toBlock) - Number(fromBlock) + 1);
          if (asked.at(-1)! > 4)
            throw new StackError(
              {
                code: "EVM_RPC_ERROR",
                method,
                rpcCode: -32005,
                message: "query returned more than 4 results",
              },
              "retry",
            );
        }
        return chain.rpc.call<T>(method, params);
      },
    };
    const events = await createChainReader(narrow).events({ address, abi: counter.abi }, "Counted", 0, 21);
    expect(words(events)).to.deep.equal(expected);
    expect(Math.max(...asked)).to.equal(22);
  });

  it("reads views, at old blocks too, and names their reverts", async () => {
    const reader = createChainReader(chain.rpc);
    const ref = { address, abi: counter.abi };
    expect((await reader.view(ref, "count"))[0]).to.equal(20n);
    expect((await reader.view(ref, "count", [], 5))[0]).to.equal(4n);
    expect((await refusal(reader.view(ref, "fail", [7]))).type).to.deep.equal({
      code: "CONTRACT_REVERT",
      error: "TooMany",
      args: [1n, 7n],
      to: address,
    });
  });

  it("knows blocks by number and tag, and those that are not there", async () => {
    const reader = createChainReader(chain.rpc);
    expect(await reader.block(5)).to.include({ number: 5 });
    expect((await reader.block("latest"))?.number).to.equal(21);
    expect(await reader.block(999)).to.equal(undefined);
  });

  it("refuses another chain, and reports a node that is not there", async () => {
    await assertChainId(chain.rpc, 31337n);
    expect((await refusal(assertChainId(chain.rpc, 5n))).type).to.deep.equal({
      code: "CHAIN_ID_MISMATCH",
      expected: 5n,
      actual: 31337n,
    });
    const gone = createEvmRpc({ url: "http://127.0.0.1:1" });
    expect((await refusal(gone.call("eth_chainId"))).type).to.include({ code: "EVM_RPC_UNAVAILABLE" });
  });
});

async function refusal(promise: Promise<unknown>): Promise<StackError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StackError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}
