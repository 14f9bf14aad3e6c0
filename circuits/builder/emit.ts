/**
 * The program as `bb` reads it.
 *
 *   file     = JSON {noir_version, hash, abi, bytecode, debug_symbols, file_map}
 *   bytecode = base64(gzip(acir))
 *   acir     = 0x03 || msgpack [[[name, opcodes, privates, publics, returns, asserts]], []]
 *
 * An enum is a map of one key; a coefficient is 32 bytes of binary. `privates` may be empty: `bb` counts wires itself.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as C from "./circuit.ts";
import { MsgpackWriter } from "./msgpack.ts";

/** Most bytes go into coefficients, which compress well even at the fastest level. */
const GZIP_LEVEL = 1;

/** The ACIR bytes, uncompressed. A function of the circuit alone. */
export function emitAcir(circuit: C.Circuit): Uint8Array {
  const out = new MsgpackWriter(1 << 20);
  const constants = circuit.constants.map((value) => piece((o) => o.field(value)));
  out.byte(3);
  out.array(2);
  out.array(1);
  out.array(6);
  out.text("main");
  out.array(circuit.opCount);
  const end = circuit.ops.length;
  for (let i = 0; i < end;) i = emitOp(out, circuit, constants, i);
  out.array(0);
  out.array(circuit.publicInputs.length);
  for (const { wire } of circuit.publicInputs) out.uint(wire);
  for (let i = 0; i < 3; i++) out.array(0);
  return out.bytes.slice();
}

/** SHA-256 of the ACIR bytes, hexadecimal: the identity of a circuit. */
export const circuitDigest = (circuit: C.Circuit): string => acirDigest(emitAcir(circuit));

export const acirDigest = (acir: Uint8Array): string => createHash("sha256").update(acir).digest("hex");

/** The program file for `bb -b`. */
export function emitProgram(circuit: C.Circuit): Uint8Array {
  const acir = emitAcir(circuit);
  const file = {
    noir_version: "acir",
    hash: acirDigest(acir),
    abi: { parameters: [], return_type: null, error_types: {} },
    bytecode: gzipSync(acir, { level: GZIP_LEVEL }).toString("base64"),
    debug_symbols: "",
    file_map: {},
  };
  return Buffer.from(JSON.stringify(file));
}

const ONE_KEY_MAP = 0x81;

const piece = (write: (out: MsgpackWriter) => void): Uint8Array => {
  const out = new MsgpackWriter(64);
  write(out);
  return out.bytes.slice();
};
const variant = (...names: string[]): Uint8Array =>
  piece((o) => names.forEach((name) => (o.byte(ONE_KEY_MAP), o.text(name))));

const TAG = {
  assertZero: variant("AssertZero"),
  range: piece((o) => (o.raw(variant("BlackBoxFuncCall", "RANGE")), o.array(2), o.raw(variant("Witness")))),
  memoryOp: variant("MemoryOp"),
  memoryInit: variant("MemoryInit"),
  blackBox: variant("BlackBoxFuncCall"),
  witness: variant("Witness"),
  constant: variant("Constant"),
};

/** Writes the operation at `at` of the stream; returns where the next one starts. */
function emitOp(
  out: MsgpackWriter,
  circuit: C.Circuit,
  constants: readonly Uint8Array[],
  at: number,
): number {
  const data = circuit.ops.data;
  const kind = data[at]!;
  let i = at + 3;
  if (kind === C.ASSERT_ZERO) {
    const products = data[i++]!;
    const linears = data[i++]!;
    const constant = constants[data[i++]!]!;
    out.raw(TAG.assertZero);
    out.array(3);
    out.array(products);
    for (let j = 0; j < products; j++) {
      out.array(3);
      out.raw(constants[data[i++]!]!);
      out.uint(data[i++]!);
      out.uint(data[i++]!);
    }
    out.array(linears);
    for (let j = 0; j < linears; j++) {
      out.array(2);
      out.raw(constants[data[i++]!]!);
      out.uint(data[i++]!);
    }
    out.raw(constant);
    return i;
  }
  if (kind === C.RANGE) {
    out.raw(TAG.range);
    out.uint(data[i++]!);
    out.uint(data[i++]!);
    return i;
  }
  if (kind === C.MEMORY_INIT) {
    const id = data[i++]!;
    out.raw(TAG.memoryInit);
    out.array(3);
    out.uint(id);
    writeWires(out, circuit.tables[id]!.entries);
    out.text("Memory");
    return i;
  }
  if (kind === C.BLACK_BOX) {
    emitBlackBox(out, circuit.blackBoxes[data[i++]!]!);
    return i;
  }
  out.raw(TAG.memoryOp);
  out.array(2);
  out.uint(data[i++]!);
  out.array(3);
  out.boolean(kind === C.MEMORY_WRITE);
  out.uint(data[i++]!);
  out.uint(data[i++]!);
  return i;
}

function emitBlackBox(out: MsgpackWriter, call: C.BlackBoxCall): void {
  const groups = call.inputs;
  out.raw(TAG.blackBox);
  out.byte(ONE_KEY_MAP);
  out.text(call.name);
  switch (call.name) {
    case "AND":
    case "XOR":
      out.array(4);
      writeInput(out, groups[0]![0]!);
      writeInput(out, groups[0]![1]!);
      out.uint(call.parameter);
      out.uint(call.outputs[0]!);
      return;
    case "EcdsaSecp256k1":
      out.array(6);
      for (const group of groups.slice(0, 4)) writeInputs(out, group);
      writeInput(out, groups[4]![0]!);
      out.uint(call.outputs[0]!);
      return;
    case "RecursiveAggregation":
      out.array(6);
      for (const group of groups.slice(0, 3)) writeInputs(out, group);
      writeInput(out, groups[3]![0]!);
      out.uint(call.parameter);
      writeInput(out, groups[4]![0]!);
      return;
    default:
      out.array(groups.length + 1);
      for (const group of groups) writeInputs(out, group);
      writeWires(out, call.outputs);
  }
}

function writeInput(out: MsgpackWriter, input: C.Input): void {
  if (typeof input === "bigint") {
    out.raw(TAG.constant);
    out.field(input);
  } else {
    out.raw(TAG.witness);
    out.uint(input);
  }
}

function writeInputs(out: MsgpackWriter, inputs: readonly C.Input[]): void {
  out.array(inputs.length);
  for (const input of inputs) writeInput(out, input);
}

function writeWires(out: MsgpackWriter, wires: readonly number[]): void {
  out.array(wires.length);
  for (const wire of wires) out.uint(wire);
}
