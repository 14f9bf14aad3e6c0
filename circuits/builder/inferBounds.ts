/**
 * The greatest value each wire may have in any satisfying witness, inferred from the recorded operations alone. It
 * shares no code with the bounds the builder keeps while recording, so that one can check the other.
 *
 * A RAM is assumed to hold values below its own bound; `lintBounds` then proves every entry and write is, which closes
 * the induction over accesses.
 */
import { FIELD_MODULUS } from "../../protocol/field.ts";
import type { BlackBoxCall, Circuit } from "./circuit.ts";
import { type AssertZeroOp, type Operation, decodeOperations } from "./operations.ts";

/** By wire; undefined = nothing proven. */
export type Bounds = readonly (bigint | undefined)[];

/** Bounds flow forward through assignments; what flows back (x = y) settles in a few passes more. */
const MAX_PASSES = 16;
/** Indices of tables are proven to be below this, apart from the table. */
export const INDEX_LIMIT = 1n << 64n;
const MINUS_ONE = FIELD_MODULUS - 1n;
const MINUS_TWO = FIELD_MODULUS - 2n;

export function inferBounds(circuit: Circuit, ops: readonly Operation[] = decodeOperations(circuit)): Bounds {
  const inference = new Inference(circuit, ops);
  for (let pass = 0; pass < MAX_PASSES && inference.pass(ops); pass++);
  return inference.bounds;
}

class Inference {
  readonly bounds: (bigint | undefined)[];
  readonly #circuit: Circuit;
  /** Pairs with x * y = 0, both ways round. */
  readonly #exclusive = new Set<string>();
  #changed = false;

  constructor(circuit: Circuit, ops: readonly Operation[]) {
    this.#circuit = circuit;
    this.bounds = new Array<bigint | undefined>(circuit.wireCount).fill(undefined);
    for (const op of ops) {
      if (op.kind !== "ASSERT_ZERO" || op.products.length !== 1 || op.terms.length > 0 || op.constant !== 0n)
        continue;
      const [k, a, b] = op.products[0]!;
      if (k !== 0n) this.#exclusive.add(`${a} ${b}`).add(`${b} ${a}`);
    }
  }

  /** Applies every operation once; says whether a bound got tighter. */
  pass(ops: readonly Operation[]): boolean {
    this.#changed = false;
    for (const op of ops) this.#apply(op);
    return this.#changed;
  }

  #lower(wire: number, max: bigint): void {
    const known = this.bounds[wire];
    if (max >= MINUS_ONE || (known !== undefined && known <= max)) return;
    this.bounds[wire] = max;
    this.#changed = true;
  }

  #isBool(wire: number): boolean {
    const max = this.bounds[wire];
    return max !== undefined && max <= 1n;
  }

  #maxOf(wires: readonly number[]): bigint | undefined {
    let max = 0n;
    for (const wire of wires) {
      const bound = this.bounds[wire];
      if (bound === undefined) return undefined;
      if (bound > max) max = bound;
    }
    return max;
  }

  #apply(op: Operation): void {
    switch (op.kind) {
      case "RANGE":
        return this.#lower(op.wire, (1n << BigInt(op.bits)) - 1n);
      case "BLACK_BOX":
        return this.#applyBlackBox(op.call);
      case "ASSERT_ZERO":
        for (const rule of this.#rules) if (rule(op)) return;
        return;
      case "MEMORY_INIT":
        return;
      default: {
        const table = this.#circuit.tables[op.table]!;
        // A table bounds an index from above only: one near the modulus must be kept out by something else (rom.ts).
        const index = this.bounds[op.index];
        if (index !== undefined && index < INDEX_LIMIT)
          this.#lower(op.index, BigInt(table.entries.length - 1));
        if (op.kind === "MEMORY_WRITE") return;
        const max = table.isRam ? table.max : this.#maxOf(table.entries);
        if (max !== undefined) this.#lower(op.value, max);
      }
    }
  }

  #applyBlackBox({ name, parameter, outputs }: BlackBoxCall): void {
    const bits = {
      AND: parameter,
      XOR: parameter,
      Keccakf1600: 64,
      Sha256Compression: 32,
      EcdsaSecp256k1: 1,
    };
    const known = bits[name as keyof typeof bits];
    if (known !== undefined) for (const wire of outputs) this.#lower(wire, (1n << BigInt(known)) - 1n);
  }

  /** Tried in order; the first whose shape matches ends the search. */
  readonly #rules: readonly ((op: AssertZeroOp) => boolean)[] = [
    /** x - c = 0. */
    ({ products, terms, constant }) => {
      if (products.length > 0 || terms.length !== 1 || terms[0]![0] !== 1n) return false;
      this.#lower(terms[0]![1], (FIELD_MODULUS - constant) % FIELD_MODULUS);
      return true;
    },
    /** x * x - x = 0. */
    ({ products, terms, constant }) => {
      if (products.length !== 1 || terms.length !== 1 || constant !== 0n) return false;
      const [[k, a, b], [l, x]] = [products[0]!, terms[0]!];
      if (k === 0n || a !== b || a !== x || (k + l) % FIELD_MODULUS !== 0n) return false;
      this.#lower(x, 1n);
      return true;
    },
    /** x - y = 0. */
    ({ products, terms, constant }) => {
      if (products.length > 0 || terms.length !== 2 || constant !== 0n) return false;
      const [[k, x], [l, y]] = [terms[0]!, terms[1]!];
      if (k === 0n || (k + l) % FIELD_MODULUS !== 0n) return false;
      if (this.bounds[x] !== undefined) this.#lower(y, this.bounds[x]);
      if (this.bounds[y] !== undefined) this.#lower(x, this.bounds[y]);
      return true;
    },
    /** s * x - s * y + y - out = 0 with s boolean: out is x or y. */
    ({ products, terms, constant }) => {
      if (products.length !== 2 || terms.length !== 2 || constant !== 0n) return false;
      const [[k, s, x], [l, t, y]] = [products[0]!, products[1]!];
      const [[m, z], [n, out]] = [terms[0]!, terms[1]!];
      const isChoice = k === 1n && l === MINUS_ONE && m === 1n && n === MINUS_ONE && s === t && y === z;
      if (!isChoice || !this.#isBool(s)) return false;
      const max = this.#maxOf([x, y]);
      if (max !== undefined) this.#lower(out, max);
      return true;
    },
    /** 1 - x - out = 0 with x boolean. */
    ({ products, terms, constant }) => {
      if (products.length > 0 || terms.length !== 2 || constant !== 1n) return false;
      const [[k, x], [l, out]] = [terms[0]!, terms[1]!];
      if (k !== MINUS_ONE || l !== MINUS_ONE || !this.#isBool(x)) return false;
      this.#lower(out, 1n);
      return true;
    },
    /** x + y - x*y - out = 0 (or), x + y - 2*x*y - out = 0 (xor), with x and y boolean. */
    ({ products, terms, constant }) => {
      if (products.length !== 1 || terms.length !== 3 || constant !== 0n) return false;
      const [k, x, y] = products[0]!;
      const [[l, a], [m, c], [n, out]] = [terms[0]!, terms[1]!, terms[2]!];
      const isOrXor = (k === MINUS_ONE || k === MINUS_TWO) && l === 1n && m === 1n && n === MINUS_ONE;
      if (!isOrXor || a !== x || c !== y || !this.#isBool(x) || !this.#isBool(y)) return false;
      this.#lower(out, 1n);
      return true;
    },
    /** x * i + out - 1 = 0 and, elsewhere, x * out = 0: then out * out = out. */
    ({ products, terms, constant }) => {
      if (products.length !== 1 || terms.length !== 1 || constant !== MINUS_ONE) return false;
      const [, a, b] = products[0]!;
      const [k, out] = terms[0]!;
      if (k !== 1n || !(this.#exclusive.has(`${a} ${out}`) || this.#exclusive.has(`${b} ${out}`)))
        return false;
      this.#lower(out, 1n);
      return true;
    },
    /** sum - out = 0 where nothing is negative and nothing wraps: out is at most the sum of the parts' bounds. */
    ({ products, terms, constant }) => {
      const outs = terms.filter(([k]) => k === MINUS_ONE);
      if (outs.length !== 1) return false;
      let max = constant;
      for (const [k, a, b] of products) {
        const [x, y] = [this.bounds[a], this.bounds[b]];
        if (x === undefined || y === undefined) return false;
        max += k * x * y;
      }
      for (const [k, wire] of terms) {
        if (k === MINUS_ONE) continue;
        const x = this.bounds[wire];
        if (x === undefined) return false;
        max += k * x;
      }
      // A negative coefficient is one near p, so a sum with one that is not multiplied by zero does not stay below p.
      if (max < FIELD_MODULUS) this.#lower(outs[0]![1], max);
      return true;
    },
  ];
}
