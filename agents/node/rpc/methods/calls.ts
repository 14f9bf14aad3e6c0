import { type Hex, toHex } from "../../../kit/hex.ts";
import type { CallRequest, StateOverrides } from "../../chain/nodeChain.ts";
import type { RpcMethods } from "../method.ts";
import { executionError, invalidParams } from "../rpcError.ts";
import {
  isRecord,
  parseAddress,
  parseStateId,
  parseBytes,
  parseData,
  parseHash,
  parseQuantity,
  parseSlot,
  quantity,
  show,
} from "../values.ts";

export const callMethods: RpcMethods = {
  eth_call: async ([request, block, overrides], { chain }) => {
    const outcome = await chain.call(parseCall(request), parseStateId(block), parseOverrides(overrides));
    if (outcome.kind === "returned") return toHex(outcome.data);
    throw executionError(outcome);
  },
  eth_estimateGas: async ([request, block, overrides], { chain }) => {
    const outcome = await chain.estimateGas(
      parseCall(request),
      parseStateId(block),
      parseOverrides(overrides),
    );
    if ("gas" in outcome) return quantity(outcome.gas);
    throw executionError(outcome);
  },
  eth_createAccessList: async ([request, block], { chain }) => {
    const { accessList, gasUsed, failure } = await chain.createAccessList(
      parseCall(request),
      parseStateId(block),
    );
    const error = failure && failure.kind !== "returned" ? { error: executionError(failure).text } : {};
    return { accessList, gasUsed: quantity(gasUsed), ...error };
  },
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A transaction object of execution-apis; `input` wins over the older `data`, and they must agree. @throws RpcError */
function parseCall(value: unknown): CallRequest {
  if (!isRecord(value))
    throw invalidParams(`invalid argument: the call must be an object, got ${show(value)}`);
  const call: Mutable<CallRequest> = {};
  const { input, data } = value;
  if (given(input) && given(data) && input !== data)
    throw invalidParams('both "data" and "input" are set and not equal');
  if (given(input ?? data)) call.data = parseBytes(input ?? data, "input");
  if (given(value.from)) call.from = parseAddress(value.from, "from");
  if (given(value.to)) call.to = parseAddress(value.to, "to");
  if (given(value.accessList)) call.accessList = parseAccessList(value.accessList);
  for (const name of ["value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"] as const)
    if (given(value[name])) call[name] = parseQuantity(value[name], name);
  if (
    call.gasPrice !== undefined &&
    (call.maxFeePerGas !== undefined || call.maxPriorityFeePerGas !== undefined)
  )
    throw invalidParams("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
  return call;
}

const given = (value: unknown): boolean => value !== undefined && value !== null;

function parseAccessList(value: unknown): NonNullable<CallRequest["accessList"]> {
  if (!Array.isArray(value)) throw invalidParams("invalid argument: accessList must be an array");
  return value.map((entry: unknown) => {
    if (!isRecord(entry) || !Array.isArray(entry.storageKeys))
      throw invalidParams("invalid argument: access list entry");
    return {
      address: parseAddress(entry.address),
      storageKeys: entry.storageKeys.map((key) => parseHash(key, "storageKey")),
    };
  });
}

/** geth's state override set: balance, nonce, code, stateDiff. `state` and movePrecompileToAddress are refused by name. */
function parseOverrides(value: unknown): StateOverrides | undefined {
  if (!given(value)) return undefined;
  if (!isRecord(value)) throw invalidParams("invalid argument: state overrides must be an object");
  return new Map(
    Object.entries(value).map(([address, fields]) => [parseAddress(address), parseOverride(fields)]),
  );
}

function parseOverride(fields: unknown) {
  if (!isRecord(fields)) throw invalidParams("invalid argument: a state override must be an object");
  const unknown = Object.keys(fields).find(
    (name) => !["balance", "nonce", "code", "stateDiff"].includes(name),
  );
  if (unknown) throw invalidParams(`state override ${unknown} is not supported`);
  const { balance, nonce, code, stateDiff } = fields;
  return {
    ...(given(balance) ? { balance: parseQuantity(balance, "balance") } : {}),
    ...(given(nonce) ? { nonce: parseQuantity(nonce, "nonce") } : {}),
    ...(given(code) ? { code: parseBytes(code, "code") } : {}),
    ...(isRecord(stateDiff) ? { stateDiff: parseStateDiff(stateDiff) } : {}),
  };
}

const parseStateDiff = (diff: Record<string, unknown>): ReadonlyMap<Hex, Hex> =>
  new Map(
    Object.entries(diff).map(([slot, word]) => [parseSlot(slot), parseData(word, "storage value", 32)]),
  );
