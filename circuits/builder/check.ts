/**
 * Evaluates every constraint of a circuit on a witness and names the first one broken.
 *
 * `bb prove` writes a proof for a wrong witness without complaint, so this, and the verifier, are what tells. Every
 * black box is recomputed natively except RecursiveAggregation, which is counted in `notRecomputed`.
 */
import { FIELD_MODULUS } from "../../protocol/field.ts";
import * as C from "./circuit.ts";
import { evaluateBlackBox, isRecomputed } from "./nativeBlackBox.ts";

export interface BrokenConstraint {
  /** Scope path and name. */
  readonly name: string;
  readonly kind: string;
  readonly op: number;
}

export interface CheckResult {
  readonly broken: readonly BrokenConstraint[];
  /** Names of recursive verifications, which only the verifier can judge. */
  readonly notRecomputed: readonly string[];
}

const KINDS = ["ASSERT_ZERO", "RANGE", "MEMORY_INIT", "MEMORY_READ", "MEMORY_WRITE", "BLACK_BOX"];

/** Stops after `limit` broken constraints. Values must be reduced; a value outside [0, p) breaks what it is used in. */
export function check(circuit: C.Circuit, witness: readonly bigint[], limit = 1): CheckResult {
  const { constants, blackBoxes } = circuit;
  const data = circuit.ops.data;
  const end = circuit.ops.length;
  const memory: bigint[][] = [];
  const broken: BrokenConstraint[] = [];
  const notRecomputed: string[] = [];
  let op = 0;
  for (let i = 0; i < end; op++) {
    const at = i;
    const kind = data[i]!;
    let holds = true;
    let label = KINDS[kind]!;
    i += 3;
    if (kind === C.ASSERT_ZERO) {
      const products = data[i]!;
      const linears = data[i + 1]!;
      let s = constants[data[i + 2]!]!;
      i += 3;
      for (let j = 0; j < products; j++, i += 3)
        s += constants[data[i]!]! * witness[data[i + 1]!]! * witness[data[i + 2]!]!;
      for (let j = 0; j < linears; j++, i += 2) s += constants[data[i]!]! * witness[data[i + 1]!]!;
      holds = s % FIELD_MODULUS === 0n;
    } else if (kind === C.RANGE) {
      holds = witness[data[i]!]! >> BigInt(data[i + 1]!) === 0n;
      i += 2;
    } else if (kind === C.MEMORY_INIT) {
      const id = data[i++]!;
      memory[id] = circuit.tables[id]!.entries.map((wire) => witness[wire]!);
    } else if (kind === C.BLACK_BOX) {
      const call = blackBoxes[data[i++]!]!;
      label = call.name;
      if (isRecomputed(call.name)) holds = blackBoxHolds(call, witness);
      else notRecomputed.push(nameOf(circuit, at));
    } else {
      const cells = memory[data[i]!]!;
      const index = witness[data[i + 1]!]!;
      const value = witness[data[i + 2]!]!;
      i += 3;
      holds = index < BigInt(cells.length);
      if (holds && kind === C.MEMORY_READ) holds = cells[Number(index)] === value;
      else if (holds) cells[Number(index)] = value;
    }
    if (!holds) {
      broken.push({ name: nameOf(circuit, at), kind: label, op });
      if (broken.length >= limit) break;
    }
  }
  return { broken, notRecomputed };
}

function blackBoxHolds(call: C.BlackBoxCall, witness: readonly bigint[]): boolean {
  const inputs = call.inputs.map((group) => group.map((x) => (typeof x === "bigint" ? x : witness[x]!)));
  const expected = evaluateBlackBox(call.name, inputs, call.parameter);
  return expected !== null && expected.every((value, i) => value === witness[call.outputs[i]!]);
}

const nameOf = (circuit: C.Circuit, at: number): string =>
  circuit.names.full(circuit.ops.at(at + 1), circuit.ops.at(at + 2));
