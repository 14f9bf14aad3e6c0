/**
 * Raw transactions (EIP-2718): legacy with a chain id (EIP-155), type 1 (EIP-2930), type 2 (EIP-1559).
 *
 *   0: rlp([nonce, gasPrice, gasLimit, to, value, data, v, r, s])        v = 35 + 2 * chainId + yParity
 *   1: 01 || rlp([chainId, nonce, gasPrice, gasLimit, to, value, data, accessList, yParity, r, s])
 *   2: 02 || rlp([chainId, nonce, tip, feeCap, gasLimit, to, value, data, accessList, yParity, r, s])
 *
 * Integers have no leading zeros, `to` is 20 bytes or none, accessList is [[address, [slot of 32 bytes, ...]], ...].
 */
import { concatBytes } from "../../bytes.ts";
import { MAX_TRANSACTION_BYTES } from "../../constants.ts";
import { hasCode, StackError } from "../../errors.ts";
import { MAX_INIT_CODE_BYTES, MAX_NONCE } from "./gas.ts";
import type { Primitives } from "./primitives.ts";
import { decodeRlp, encodeBytes, encodeList, encodeRlp, encodeUint, type RlpItem } from "./rlp.ts";
import type { AccessListEntry, Transaction } from "./trace.ts";
import { refuse, type TransactionError } from "./transactionError.ts";
import { bytesToUint, toAddress, wordToBytes } from "./word.ts";

/** Fields without the signature. */
const FIELD_COUNT = { 0: 6, 1: 8, 2: 9 } as const;

/** Half the order of secp256k1: a signature with a greater s is another one's mirror image (EIP-2). */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

const malformed = (reason: string): never => refuse({ code: "TRANSACTION_MALFORMED", reason });

/**
 * Decodes a raw transaction and recovers its sender. Accepts the canonical encoding only.
 * Throws TRANSACTION_MALFORMED, _TOO_LARGE, _TYPE_UNSUPPORTED, _UNPROTECTED, WRONG_CHAIN_ID, SIGNATURE_INVALID,
 * TIP_ABOVE_FEE_CAP, INIT_CODE_TOO_LARGE.
 */
export function decodeTransaction(raw: Uint8Array, chainId: bigint, primitives: Primitives): Transaction {
  if (raw.length > MAX_TRANSACTION_BYTES)
    refuse({ code: "TRANSACTION_TOO_LARGE", bytes: raw.length, maxBytes: MAX_TRANSACTION_BYTES });
  const type = transactionType(raw);
  const items = decodeItems(type === 0 ? raw : raw.subarray(1));
  if (items.length !== FIELD_COUNT[type] + 3) malformed("field count");
  const fields = items.slice(0, FIELD_COUNT[type]);
  const yParity = parity(type, items, chainId);
  const digest = primitives.keccak256(signedBytes(type, fields, chainId));
  const [r, s] = [uint(items.at(-2), 256, "r"), uint(items.at(-1), 256, "s")];
  const body = type === 0 ? legacyBody(fields) : typedBody(type, fields);
  const key = recover(primitives, digest, { r, s, yParity });
  const transaction: Transaction = {
    type,
    chainId,
    ...body,
    sender: toAddress(bytesToUint(primitives.keccak256(key))),
    signature: {
      yParity,
      r,
      s,
      digest: bytesToUint(digest),
      publicKey: { x: bytesToUint(key.subarray(0, 32)), y: bytesToUint(key.subarray(32)) },
    },
    hash: bytesToUint(primitives.keccak256(raw)),
    raw,
  };
  return assertConsistent(transaction);
}

/** First byte >= 0xc0 is a list: legacy. Below 0x80 it is the type (EIP-2718). */
function transactionType(raw: Uint8Array): Transaction["type"] {
  const first = raw[0] ?? malformed("no bytes");
  if (first >= 0xc0) return 0;
  return first === 1 || first === 2 ? first : refuse({ code: "TRANSACTION_TYPE_UNSUPPORTED", type: first });
}

function decodeItems(data: Uint8Array): readonly RlpItem[] {
  try {
    const item = decodeRlp(data);
    return item instanceof Uint8Array ? malformed("not a list") : item;
  } catch (error) {
    if (!hasCode(error, "RLP_INVALID")) throw error;
    const reason = "not canonical RLP";
    throw new StackError<TransactionError>({ code: "TRANSACTION_MALFORMED", reason }, "fatal", {
      cause: error,
    });
  }
}

/** The parity in the signature, after the check of the chain id. */
function parity(type: Transaction["type"], items: readonly RlpItem[], expected: bigint): 0 | 1 {
  const v = uint(items.at(-3), 256, "v");
  if (type === 0) {
    if (v === 27n || v === 28n) refuse({ code: "TRANSACTION_UNPROTECTED" });
    if (v < 35n) refuse({ code: "SIGNATURE_INVALID" });
  }
  const actual = type === 0 ? (v - 35n) / 2n : uint(items[0], 256, "chain id");
  if (actual !== expected) refuse({ code: "WRONG_CHAIN_ID", expected, actual });
  const bit = type === 0 ? (v - 35n) % 2n : v;
  return bit === 0n ? 0 : bit === 1n ? 1 : malformed("y parity");
}

/** EIP-155 signs the chain id in the signature's place; the typed ones sign what stands before it. */
function signedBytes(type: Transaction["type"], fields: readonly RlpItem[], chainId: bigint): Uint8Array {
  const encoded = fields.map(encodeRlp);
  if (type !== 0) return concatBytes([Uint8Array.of(type), encodeList(encoded)]);
  const none = encodeBytes(new Uint8Array());
  return encodeList([...encoded, encodeUint(chainId), none, none]);
}

type Body = Omit<Transaction, "type" | "chainId" | "sender" | "signature" | "hash" | "raw">;

function legacyBody([nonce, gasPrice, gasLimit, to, value, data]: readonly RlpItem[]): Body {
  const price = uint(gasPrice, 256, "gas price");
  return { ...common(nonce, gasLimit, to, value, data), ...flatPrice(price), accessList: [] };
}

function typedBody(type: 1 | 2, fields: readonly RlpItem[]): Body {
  const [nonce, tip] = fields.slice(1);
  const [feeCap, gasLimit, to, value, data, list] = fields.slice(type === 1 ? 2 : 3);
  const maxFeePerGas = uint(feeCap, 256, "fee cap");
  const fees =
    type === 1
      ? flatPrice(maxFeePerGas)
      : { maxFeePerGas, maxPriorityFeePerGas: uint(tip, 256, "priority fee") };
  return { ...common(nonce, gasLimit, to, value, data), ...fees, accessList: accessListOf(list) };
}

const flatPrice = (price: bigint): Pick<Body, "maxFeePerGas" | "maxPriorityFeePerGas"> => ({
  maxFeePerGas: price,
  maxPriorityFeePerGas: price,
});

function common(
  nonce: RlpItem | undefined,
  gasLimit: RlpItem | undefined,
  to: RlpItem | undefined,
  value: RlpItem | undefined,
  data: RlpItem | undefined,
): Pick<Body, "nonce" | "gasLimit" | "to" | "value" | "data"> {
  return {
    nonce: uint(nonce, 64, "nonce"),
    gasLimit: uint(gasLimit, 64, "gas limit"),
    to: bytes(to, "recipient").length === 0 ? undefined : bytesToUint(fixed(to, 20, "recipient")),
    value: uint(value, 256, "value"),
    data: bytes(data, "data"),
  };
}

function accessListOf(item: RlpItem | undefined): AccessListEntry[] {
  return list(item, "access list").map((entry) => {
    const [address, slots, ...rest] = list(entry, "access list");
    if (rest.length > 0) malformed("access list");
    return {
      address: bytesToUint(fixed(address, 20, "access list")),
      slots: list(slots, "access list").map((slot) => bytesToUint(fixed(slot, 32, "access list"))),
    };
  });
}

const list = (item: RlpItem | undefined, name: string): readonly RlpItem[] =>
  item === undefined || item instanceof Uint8Array ? malformed(name) : item;

const bytes = (item: RlpItem | undefined, name: string): Uint8Array =>
  item instanceof Uint8Array ? item : malformed(name);

const fixed = (item: RlpItem | undefined, length: number, name: string): Uint8Array =>
  bytes(item, name).length === length ? bytes(item, name) : malformed(name);

function uint(item: RlpItem | undefined, bits: number, name: string): bigint {
  const data = bytes(item, name);
  if (data[0] === 0 || data.length * 8 > bits) malformed(name);
  return bytesToUint(data);
}

type SignatureFields = Pick<Transaction["signature"], "r" | "s" | "yParity">;

function recover(primitives: Primitives, digest: Uint8Array, { r, s, yParity }: SignatureFields): Uint8Array {
  if (s > MAX_S) refuse({ code: "SIGNATURE_INVALID" });
  try {
    return primitives.recoverPublicKey(digest, concatBytes([wordToBytes(r), wordToBytes(s)]), yParity);
  } catch (error) {
    throw new StackError<TransactionError>({ code: "SIGNATURE_INVALID" }, "fatal", { cause: error });
  }
}

/** EIP-1559, EIP-2681, EIP-3860. */
function assertConsistent(transaction: Transaction): Transaction {
  const { nonce, to, data, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if (nonce === MAX_NONCE) malformed("nonce");
  if (maxPriorityFeePerGas > maxFeePerGas)
    refuse({ code: "TIP_ABOVE_FEE_CAP", maxPriorityFeePerGas, maxFeePerGas });
  if (to === undefined && data.length > MAX_INIT_CODE_BYTES)
    refuse({ code: "INIT_CODE_TOO_LARGE", bytes: data.length, maxBytes: MAX_INIT_CODE_BYTES });
  return transaction;
}
