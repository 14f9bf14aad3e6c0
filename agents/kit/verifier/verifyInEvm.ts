/**
 * Proof verification without a chain: the generated verifier's own bytecode in an in-process EVM. Whoever verifies runs the
 * same code as the contracts do (I-PROVING-03). (`bb verify` is no alternative: it has one ceremony's G2 point built in.)
 */
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type EVM } from "@ethereumjs/evm";
import { Interface, getBytes } from "ethers";

const VERIFIER = new Interface(["function verify(bytes proof, bytes32[] publicInputs) view returns (bool)"]);

/** Ten times what a verification takes. */
const GAS_LIMIT = 10_000_000n;

export type Verification = { readonly valid: boolean; readonly gas: bigint; readonly milliseconds: number };

let machine: Promise<EVM> | undefined;

/**
 * Is `proof` a proof of `publicInputs` under the key the verifier was generated for? Everything but the answer "true" counts
 * as no: a revert, a wrong number of inputs, a value that is not a field element.
 * `gas`: of execution, without the transaction's own and its calldata's.
 */
export async function verifyInEvm(
  deployedBytecode: string,
  proof: Uint8Array,
  publicInputs: readonly bigint[],
): Promise<Verification> {
  const evm = await (machine ??= createEVM({
    common: new Common({ chain: Mainnet, hardfork: Hardfork.Cancun }),
  }));
  const words = publicInputs.map((value) => `0x${value.toString(16).padStart(64, "0")}`);
  const data = getBytes(VERIFIER.encodeFunctionData("verify", [proof, words]));
  const start = performance.now();
  const result = await evm.runCode({ code: getBytes(deployedBytecode), data, gasLimit: GAS_LIMIT });
  const milliseconds = performance.now() - start;
  const valid = result.exceptionError === undefined && isTrue(result.returnValue);
  return { valid, gas: result.executionGasUsed, milliseconds };
}

const isTrue = (word: Uint8Array): boolean =>
  word.length === 32 && word[31] === 1 && word.subarray(0, 31).every((byte) => byte === 0);
