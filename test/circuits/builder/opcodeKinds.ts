/**
 * Every kind of operation the builder records, with good inputs and with the wires a cheating prover would change. The
 * unit tests check them natively, the round trip checks that `bb` and the Solidity verifier agree.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { assertConstant, assertEqual, combine, isZero, mul } from "../../../circuits/builder/arithmetic.ts";
import * as boxes from "../../../circuits/builder/blackBoxes.ts";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { keyRom, rom } from "../../../circuits/builder/rom.ts";
import { layFields, pack } from "../../../circuits/builder/pack.ts";
import { ram } from "../../../circuits/builder/ram.ts";
import {
  witnessBytes,
  witnessU16,
  witnessU32,
  witnessU64,
  witnessU8,
} from "../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";

export interface OpcodeKind {
  readonly name: string;
  /** Adds the operation in a scope of its own; every value it makes is used, so that bb cannot replace it. */
  readonly build: (b: Builder) => void;
  /** Wires by full name to forge, and the constraint that must notice. */
  readonly forgeries: readonly {
    readonly wires: Readonly<Record<string, bigint>>;
    readonly breaks: string;
  }[];
  /** bb makes no proof at all of these forgeries. */
  readonly bbRefuses?: boolean;
}

const kind = (
  name: string,
  body: (b: Builder) => void,
  forgeries: OpcodeKind["forgeries"],
  bbRefuses = false,
) => ({
  name,
  build: (b: Builder): void => b.scope(name, () => body(b)),
  forgeries,
  bbRefuses,
});

/** bb puts its own value over a lie in an output's wire; a lie that could do harm is also told to who uses the output. */
const copyOf = (b: Builder, wire: Wire): Wire => b.witness("copy", () => b.value(wire));

const KEY = secp256k1.utils.randomSecretKey(new Uint8Array(48).fill(34));
const HASH = new Uint8Array(32).fill(7);

export interface SignatureCase {
  /** The digest given to the circuit, and the one signed. */
  readonly hash?: Uint8Array;
  readonly signed?: Uint8Array;
  /** The malleable twin of the signature. */
  readonly high?: boolean;
  readonly offCurve?: boolean;
  readonly zeroR?: boolean;
  /** A signature (r, s) written as (r, s + order), which the verifier of a reduced s would take. */
  readonly unreduced?: boolean;
}

const ORDER = secp256k1.Point.CURVE().n;
const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const integer = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);

export function ecdsaInputs(b: Builder, options: SignatureCase = {}): boxes.EcdsaInputs {
  const { hash = HASH, signed = HASH } = options;
  const { key, signature } = options.unreduced ? smallSignature(signed) : sign(signed);
  const s = integer(signature.subarray(32));
  if (options.high) signature.set(bytes32(ORDER - s), 32);
  if (options.unreduced) signature.set(bytes32(ORDER + s), 32);
  if (options.zeroR) signature.fill(0, 0, 32);
  const x = key.slice(1, 33);
  if (options.offCurve) x[31]! ^= 1;
  return {
    x: witnessBytes(b, "x", 32, () => x),
    y: witnessBytes(b, "y", 32, () => key.slice(33)),
    signature: witnessBytes(b, "signature", 64, () => signature),
    hash: witnessBytes(b, "hash", 32, () => hash),
  };
}

const sign = (hash: Uint8Array) => ({
  key: secp256k1.getPublicKey(KEY, false),
  signature: secp256k1.sign(hash, KEY, { prehash: false, lowS: true, format: "compact" }),
});

/** A valid signature with s = 5, so that s + order fits 32 bytes: nonce 7, the key made to fit. */
function smallSignature(hash: Uint8Array) {
  const nonce = secp256k1.Point.BASE.multiply(7n).toAffine().x % ORDER;
  const { Fn } = secp256k1.Point;
  const secret = Fn.div(Fn.sub(5n * 7n, Fn.create(integer(hash))), nonce);
  const signature = Uint8Array.from([...bytes32(nonce), ...bytes32(5n)]);
  return { key: secp256k1.getPublicKey(bytes32(secret), false), signature };
}

export const OPCODE_KINDS: readonly OpcodeKind[] = [
  kind(
    "assertZero",
    (b) => {
      const x = b.witness("x", () => 3n);
      const y = b.witness("y", () => 5n);
      const z = combine(b, [[2n, x, y], [1n, x, x]], [[7n, y], [1n, x]], 4n, "z"); // prettier-ignore
      assertConstant(b, z, 2n * 15n + 9n + 35n + 3n + 4n, "z is 81");
    },
    [
      { wires: { "assertZero.x": 4n }, breaks: "assertZero.z" },
      { wires: { "assertZero.z": 82n }, breaks: "assertZero.z is 81" },
    ],
  ),
  kind(
    "range",
    (b) => {
      const x = witnessU16(b, "x", () => 65_535n);
      mul(b, x, x, "square");
    },
    [{ wires: { "range.x": 65_536n, "range.square": 65_536n ** 2n }, breaks: "range.x" }],
  ),
  kind(
    "rangeTwice",
    (b) => {
      // The tighter of two ranges holds, also through an equality.
      const x = b.witness("x", () => 15n);
      const y = b.witness("y", () => 15n);
      b.range(x, 4, "narrow");
      b.range(y, 10, "wide");
      mul(b, x, x, "xx");
      mul(b, y, y, "yy");
      assertEqual(b, x, y, "x is y");
    },
    [
      {
        wires: {
          "rangeTwice.x": 500n,
          "rangeTwice.y": 500n,
          "rangeTwice.xx": 250_000n,
          "rangeTwice.yy": 250_000n,
        },
        breaks: "rangeTwice.narrow",
      },
    ],
  ),
  kind(
    "romRead",
    (b) => {
      const table = rom(b, [5n, 6n, 7n].map((v) => b.constant(v)), "table"); // prettier-ignore
      const index = witnessU8(b, "index", () => 2n);
      assertConstant(b, table.read(b, index, "value"), 7n, "value is 7");
    },
    [{ wires: { "romRead.index": 1n }, breaks: "romRead.value" }],
  ),
  kind(
    "romIndex",
    (b) => {
      const table = rom(b, [b.zero, b.one], "table");
      const index = witnessU8(b, "index", () => 1n);
      mul(b, table.read(b, index, "value"), index, "product");
    },
    [
      {
        wires: { "romIndex.index": 2n, "romIndex.value": 0n, "romIndex.product": 0n },
        breaks: "romIndex.value",
      },
    ],
    true,
  ),
  kind(
    "keyLookup",
    (b) => {
      const fact = (name: string, op: bigint, x: bigint) =>
        pack(
          b,
          layFields([
            { wire: witnessU8(b, `${name}.op`, () => op), bits: 8 },
            { wire: witnessU32(b, `${name}.x`, () => x), bits: 32 },
          ]),
          `${name}.key`,
        );
      const table = keyRom(b, [fact("first", 1n, 10n), fact("second", 2n, 20n)], "table");
      const index = witnessU8(b, "index", () => 1n);
      table.assertAt(b, index, fact("asked", 2n, 20n), "lookup");
    },
    [
      { wires: { "keyLookup.index": 0n }, breaks: "keyLookup.lookup" },
      {
        wires: { "keyLookup.asked.x": 10n, "keyLookup.asked.key": 2n + 256n * 10n },
        breaks: "keyLookup.lookup",
      },
    ],
  ),
  kind(
    "ramRead",
    (b) => {
      const table = ram(b, [b.zero, b.one], 16, "table");
      const index = witnessU8(b, "index", () => 1n);
      table.write(
        b,
        index,
        witnessU16(b, "written", () => 9n),
        "write",
      );
      assertConstant(b, table.read(b, index, "read"), 9n, "read is 9");
    },
    [
      { wires: { "ramRead.written": 8n }, breaks: "ramRead.read" },
      { wires: { "ramRead.read": 1n }, breaks: "ramRead.read" },
    ],
  ),
  kind(
    "ramIndex",
    (b) => {
      const table = ram(b, [b.zero, b.one], 16, "table");
      const index = witnessU8(b, "index", () => 1n);
      table.write(b, b.one, b.zero, "write");
      mul(b, table.read(b, index, "read"), index, "product");
    },
    [{ wires: { "ramIndex.index": 2n }, breaks: "ramIndex.read" }],
    true,
  ),
  kind(
    "and",
    (b) => {
      const [x, y] = [witnessU32(b, "x", () => 0xf0f0n), witnessU32(b, "y", () => 0xff00n)];
      assertConstant(b, boxes.bitAnd(b, x, y, 32, "out"), 0xf000n, "out is f000");
    },
    [{ wires: { "and.x": 0xf0n }, breaks: "and.out" }],
  ),
  kind(
    "xor",
    (b) => {
      const [x, y] = [witnessU64(b, "x", () => 0xf0f0n), witnessU64(b, "y", () => 0xff00n)];
      assertConstant(b, boxes.bitXor(b, x, y, 64, "out"), 0x0ff0n, "out is 0ff0");
    },
    [{ wires: { "xor.x": 0xf0n }, breaks: "xor.out" }],
  ),
  kind(
    "poseidon2",
    (b) => {
      const state = b.witnesses("in", 4, () => [1n, 2n, 3n, 4n]);
      const out = boxes.poseidon2Permutation(b, state, "out");
      assertEqual(b, out[0], copyOf(b, out[0]), "out is copy");
    },
    [{ wires: { "poseidon2.out[0]": 1n, "poseidon2.copy": 1n }, breaks: "poseidon2.out" }],
  ),
  kind(
    "keccak",
    (b) => {
      const lanes = Array.from({ length: 25 }, (_, i) => witnessU64(b, `lane[${i}]`, () => BigInt(i)));
      const out = boxes.keccakF1600(b, lanes, "out");
      assertEqual(b, out[0]!, copyOf(b, out[0]!), "out is copy");
    },
    [{ wires: { "keccak.out[0]": 1n, "keccak.copy": 1n }, breaks: "keccak.out" }],
  ),
  kind(
    "sha256",
    (b) => {
      const words = Array.from({ length: 24 }, (_, i) => witnessU32(b, `word[${i}]`, () => BigInt(i)));
      const out = boxes.sha256Compression(b, words.slice(0, 16), words.slice(16), "out");
      assertEqual(b, out[7]!, copyOf(b, out[7]!), "out is copy");
    },
    [{ wires: { "sha256.out[7]": 1n, "sha256.copy": 1n }, breaks: "sha256.out" }],
  ),
  kind("ecdsa", (b) => assertConstant(b, boxes.ecdsaSecp256k1(b, ecdsaInputs(b), "valid"), 1n, "is valid"), [
    { wires: { "ecdsa.hash[0]": 8n }, breaks: "ecdsa.valid" },
  ]),
  kind(
    "isZero",
    (b) => {
      const x = b.witness("x", () => 3n);
      mul(b, isZero(b, x, "zero"), x, "product");
    },
    [
      {
        wires: { "isZero.zero": 1n, "isZero.zero.inverse": 0n, "isZero.product": 3n },
        breaks: "isZero.zero.zero",
      },
    ],
  ),
];
