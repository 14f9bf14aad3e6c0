import { createFeeMarket1559Tx } from "@ethereumjs/tx";
import { StackError } from "../../../protocol/errors.ts";
import { effectiveGasPrice } from "../../kit/execution/blockExecution.ts";
import type { BlockEnvironment } from "../../kit/execution/blockEnvironment.ts";
import { MAX_INIT_CODE_BYTES } from "../../kit/execution/decodeTransaction.ts";
import { EMPTY_ACCOUNT } from "../../kit/execution/accountState.ts";
import type { ChainCommon } from "../../kit/execution/chainCommon.ts";
import { keccak256 } from "../../kit/execution/keccak256.ts";
import type { MessageResult } from "../../kit/execution/machine.ts";
import type { MachinePool } from "../../kit/execution/machinePool.ts";
import { StateOverlay } from "../../kit/execution/stateOverlay.ts";
import type { StateReader } from "../../kit/execution/stateReader.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import { fromHex, type Hex } from "../../kit/hex.ts";
import type { CallError, CallOutcome, CallRequest, StateOverrides } from "./nodeChain.ts";

/** Where a call runs. */
export interface CallSite {
  readonly state: StateReader;
  readonly environment: BlockEnvironment;
}

const ZERO: Hex = `0x${"00".repeat(20)}`;
const REFUND_QUOTIENT = 5n; // EIP-3529

const fail = (type: CallError): never => {
  throw new StackError(type, "fatal");
};

/** Runs messages that change nothing: eth_call and what is made of it. */
export class CallRunner {
  readonly #common: ChainCommon;
  readonly #machines: MachinePool;
  /** Gas that one call may use, which bounds the time it takes. */
  readonly #gasCap: bigint;

  constructor(common: ChainCommon, machines: MachinePool, gasCap: bigint) {
    this.#common = common;
    this.#machines = machines;
    this.#gasCap = gasCap;
  }

  /** @throws StackError a `CallError` */
  async call(request: CallRequest, site: CallSite, overrides?: StateOverrides): Promise<CallOutcome> {
    return (await this.#run(request, this.#gasOf(request), site, overrides)).outcome;
  }

  /** @throws StackError a `CallError` */
  async estimateGas(
    request: CallRequest,
    site: CallSite,
    overrides?: StateOverrides,
  ): Promise<{ gas: bigint } | Exclude<CallOutcome, { kind: "returned" }>> {
    const allowance = this.#allowance(request, site);
    const intrinsic = this.#intrinsicGas(request);
    if (allowance < intrinsic) fail({ code: "GAS_EXCEEDS_ALLOWANCE", allowance });
    const attempt = (gas: bigint) => this.#run(request, gas, site, overrides);
    const first = await attempt(allowance);
    const { outcome } = first;
    if (outcome.kind === "halted" && outcome.reason === "out of gas")
      fail({ code: "GAS_EXCEEDS_ALLOWANCE", allowance });
    if (outcome.kind !== "returned") return outcome;
    // Less than what was used can never do; what calls keep back (EIP-150) and refunds make the true need greater.
    let [low, high] = [outcome.gasUsed - 1n, allowance];
    const guess = ((first.gasBeforeRefund + 2_300n) * 64n) / 63n;
    if (guess < high && (await attempt(guess)).outcome.kind === "returned") high = guess;
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if ((await attempt(middle)).outcome.kind === "returned") high = middle;
      else low = middle;
    }
    return { gas: high };
  }

  /** Adds to the list what the call touches, until it touches nothing else. @throws StackError a `CallError` */
  async createAccessList(
    request: CallRequest,
    site: CallSite,
  ): Promise<{
    accessList: SignedTransaction["accessList"];
    gasUsed: bigint;
    failure: CallOutcome | undefined;
  }> {
    let accessList = request.accessList ?? [];
    for (;;) {
      const { outcome, touched } = await this.#run({ ...request, accessList }, this.#gasOf(request), site);
      const found = this.#listOf(touched, request);
      if (sizeOf(found) <= sizeOf(accessList)) {
        const failure = outcome.kind === "returned" ? undefined : outcome;
        return { accessList, gasUsed: outcome.gasUsed, failure };
      }
      accessList = found;
    }
  }

  async #run(
    request: CallRequest,
    gasLimit: bigint,
    { state, environment }: CallSite,
    overrides: StateOverrides = new Map(),
  ): Promise<{ outcome: CallOutcome; gasBeforeRefund: bigint; touched: MessageResult["touched"] }> {
    const { from = ZERO, value = 0n, data = new Uint8Array(), accessList = [] } = request;
    const { feeCap, gasPrice } = this.#fees(request, environment);
    const intrinsic = this.#intrinsicGas(request);
    if (gasLimit < intrinsic) fail({ code: "INTRINSIC_GAS_TOO_LOW", gasLimit, needed: intrinsic });
    const overlay = overridden(state, overrides);
    const sender = overlay.account(from) ?? EMPTY_ACCOUNT;
    const cost = gasLimit * feeCap + value;
    if (sender.balance < cost)
      fail({ code: "INSUFFICIENT_FUNDS", address: from, balance: sender.balance, cost });
    overlay.putAccount(from, { ...sender, balance: sender.balance - gasLimit * gasPrice });
    // A call that pays nothing sees a base fee of nothing: GASPRICE must not be below BASEFEE.
    const seen = gasPrice === 0n ? { ...environment, baseFeePerGas: 0n } : environment;
    const message = { from, to: request.to, value, data, gas: gasLimit - intrinsic, gasPrice, accessList };
    const result = await this.#machines.use((machine) => machine.call(message, overlay, seen));
    const gasBeforeRefund = intrinsic + result.gasUsed;
    const refund = [result.gasRefund, gasBeforeRefund / REFUND_QUOTIENT].reduce((a, b) => (a < b ? a : b));
    return { outcome: outcomeOf(result, gasBeforeRefund - refund), gasBeforeRefund, touched: result.touched };
  }

  #fees(request: CallRequest, { baseFeePerGas }: BlockEnvironment): { feeCap: bigint; gasPrice: bigint } {
    const maxFeePerGas = request.maxFeePerGas ?? request.gasPrice ?? 0n;
    const maxPriorityFeePerGas = request.maxPriorityFeePerGas ?? request.gasPrice ?? 0n;
    if (maxPriorityFeePerGas > maxFeePerGas)
      fail({ code: "TIP_ABOVE_FEE_CAP", maxPriorityFeePerGas, maxFeePerGas });
    if (maxFeePerGas === 0n) return { feeCap: 0n, gasPrice: 0n };
    if (maxFeePerGas < baseFeePerGas) fail({ code: "FEE_CAP_BELOW_BASE_FEE", maxFeePerGas, baseFeePerGas });
    const gasPrice = effectiveGasPrice({ maxFeePerGas, maxPriorityFeePerGas }, baseFeePerGas);
    return { feeCap: maxFeePerGas, gasPrice };
  }

  #gasOf = ({ gas }: CallRequest): bigint => (gas !== undefined && gas < this.#gasCap ? gas : this.#gasCap);

  /** The gas an estimate may try: no more than the sender can pay for. */
  #allowance(request: CallRequest, { state }: CallSite): bigint {
    const gas = this.#gasOf(request);
    const price = request.maxFeePerGas ?? request.gasPrice ?? 0n;
    if (price === 0n) return gas;
    const address = request.from ?? ZERO;
    const [balance, cost] = [state.account(address)?.balance ?? 0n, request.value ?? 0n];
    if (balance < cost) fail({ code: "INSUFFICIENT_FUNDS", address, balance, cost });
    const affordable = (balance - cost) / price;
    return affordable < gas ? affordable : gas;
  }

  #intrinsicGas({ to, data, accessList = [] }: CallRequest): bigint {
    if (!to && data && data.length > MAX_INIT_CODE_BYTES)
      fail({ code: "INIT_CODE_TOO_LARGE", bytes: data.length, maxBytes: MAX_INIT_CODE_BYTES });
    const list = accessList.map(({ address, storageKeys }) => ({ address, storageKeys: [...storageKeys] }));
    const fields = { ...(to ? { to } : {}), ...(data ? { data } : {}), accessList: list };
    return createFeeMarket1559Tx(fields, { common: this.#common }).getIntrinsicGas();
  }

  /** Sender, recipient and precompiles are warm without being listed; their slots are not. */
  #listOf(
    touched: MessageResult["touched"],
    { from = ZERO, to }: CallRequest,
  ): SignedTransaction["accessList"] {
    return [...touched]
      .map(([address, slots]) => ({
        address: `0x${address}` as Hex,
        storageKeys: [...slots].map((slot) => `0x${slot}` as Hex),
      }))
      .filter(({ address, storageKeys }) => {
        const isPrecompile = this.#common.precompiles.has(address.slice(2));
        const isWarm = address === from || address === to || isPrecompile;
        return storageKeys.length > 0 || !isWarm;
      });
  }
}

function outcomeOf({ returnData: data, failure }: MessageResult, gasUsed: bigint): CallOutcome {
  if (failure === undefined) return { kind: "returned", data, gasUsed };
  if (failure === "revert") return { kind: "reverted", data, gasUsed };
  return { kind: "halted", reason: failure, gasUsed };
}

function overridden(state: StateReader, overrides: StateOverrides): StateOverlay {
  const overlay = new StateOverlay(state);
  for (const [address, { balance, nonce, code, stateDiff = new Map<Hex, Hex>() }] of overrides) {
    const account = state.account(address) ?? EMPTY_ACCOUNT;
    const codeHash = code ? keccak256(code) : account.codeHash;
    if (code) overlay.putCode(codeHash, code);
    overlay.putAccount(address, {
      nonce: nonce ?? account.nonce,
      balance: balance ?? account.balance,
      codeHash,
      codeSize: code?.length ?? account.codeSize,
    });
    for (const [slot, value] of stateDiff)
      overlay.putStorage(address, slot, fromHex(`0x${value.slice(2).replace(/^(00)+/, "")}`));
  }
  // Original values (EIP-2200) are those of the base: the overrides are the call's past.
  return new StateOverlay(overlay);
}

const sizeOf = (list: SignedTransaction["accessList"]): number =>
  list.reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0);
