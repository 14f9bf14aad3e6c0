/**
 * Records a circuit and, in the same pass, fills its witness.
 *
 * In mode `prove` the functions given to `witness` run and `finish` returns the values; in mode `shape` they never run,
 * so a circuit built from no witness at all has the same operations, hence the same key. Values exist only inside
 * witness functions: reading one elsewhere throws, which keeps the circuit independent of the witness (I-BUILDER-01).
 *
 * A wrong value never throws here; `check` names the constraint it breaks. What throws is a wrong *circuit*.
 */
import { mod } from "../../protocol/field.ts";
import * as C from "./circuit.ts";
import { builderError } from "./errors.ts";
import { MAX_FIELD, type Bool, type Wire, maxOfBits } from "./wire.ts";

export type Product = readonly [coefficient: bigint, a: Wire, b: Wire];
export type Term = readonly [coefficient: bigint, wire: Wire];
export type Mode = "prove" | "shape";

export interface Built {
  readonly circuit: C.Circuit;
  /** One value a wire, in [0, p); empty in mode `shape`. */
  readonly witness: readonly bigint[];
}

export class Builder {
  readonly circuit = new C.Circuit();
  readonly mode: Mode;
  readonly #values: bigint[] = [];
  readonly #constants = new Map<bigint, Wire>();
  #scope = 0;
  #inWitness = 0;
  #finished = false;

  constructor(mode: Mode = "prove") {
    this.mode = mode;
  }

  // ---- names ----

  /** Runs `body` with `name` appended to the path of every constraint and wire made in it. */
  scope<T>(name: string, body: () => T): T {
    const outer = this.#scope;
    this.#scope = this.circuit.names.scope(outer, name);
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  /** The full path of `name` in the current scope: for errors. */
  where(name: string): string {
    const { names } = this.circuit;
    return names.full(this.#scope, names.id(name));
  }

  // ---- wires ----

  /** A new wire of which nothing is known. `value` runs in mode `prove` only; it may read other wires. */
  witness(name: string, value: () => bigint): Wire {
    const index = this.#newWire(name);
    if (this.mode === "prove") this.#values[index] = mod(this.#evaluate(value));
    return { index, max: MAX_FIELD };
  }

  /** `count` new unbounded wires `name[i]` from one function: a short list counts as zeros. */
  witnesses(name: string, count: number, values: () => readonly bigint[]): Wire[] {
    const list = this.mode === "prove" ? this.#evaluate(values) : [];
    return Array.from({ length: count }, (_, i) => this.witness(`${name}[${i}]`, () => list[i] ?? 0n));
  }

  /** The value of a wire. Only inside a witness function. */
  value(wire: Wire): bigint {
    if (this.#inWitness === 0)
      throw builderError({ code: "VALUE_OUTSIDE_WITNESS", where: this.where("value"), wire: wire.index });
    return this.#values[wire.index]!;
  }

  /** The wire that is always `value`; one a circuit, whoever asks. */
  constant(value: bigint): Wire {
    const v = mod(value);
    let wire = this.#constants.get(v);
    if (wire === undefined) {
      const scope = this.#scope;
      this.#scope = this.circuit.names.scope(0, "constants");
      const name = v.toString();
      const made = this.witness(name, () => v);
      this.assertZero([], [[1n, made]], -v, name);
      this.#scope = scope;
      wire = { index: made.index, max: v };
      this.#constants.set(v, wire);
    }
    return wire;
  }

  /** The wire that is always 0. */
  get zero(): Bool {
    return this.constant(0n) as Bool;
  }

  /** The wire that is always 1. */
  get one(): Bool {
    return this.constant(1n) as Bool;
  }

  /** Declares the next public input. Order of calls is order of inputs. */
  publicInput(wire: Wire, name: string): void {
    this.circuit.publicInputs.push({ wire: wire.index, name });
  }

  // ---- constraints ----

  /** Enforces: sum of k*a*b over `products` + sum of k*a over `terms` + `constant` = 0. */
  assertZero(products: readonly Product[], terms: readonly Term[], constant: bigint, name: string): void {
    const { circuit } = this;
    const linear = mergeTerms(terms);
    const ops = this.#record(C.ASSERT_ZERO, name);
    ops.push(products.length);
    ops.push(linear.length);
    ops.push(circuit.constantId(mod(constant)));
    for (const [k, a, b] of products) {
      ops.push(circuit.constantId(mod(k)));
      ops.push(this.#use(a));
      ops.push(this.#use(b));
    }
    for (const [k, a] of linear) {
      ops.push(circuit.constantId(mod(k)));
      ops.push(this.#use(a));
    }
  }

  /** Enforces: `wire` < 2^bits. Returns the handle that knows it. Prefer the typed constructors of `ranges.ts`. */
  range(wire: Wire, bits: number, name: string): Wire {
    if (!Number.isInteger(bits) || bits < 1 || bits > 253)
      throw builderError({ code: "BAD_BITS", where: this.where(name), bits, allowed: "1..253" });
    const ops = this.#record(C.RANGE, name);
    ops.push(wire.index);
    ops.push(bits);
    const max = maxOfBits(bits);
    return { index: wire.index, max: wire.max < max ? wire.max : max };
  }

  /** Notes the bound of this handle as one that something relies on, so that `lintBounds` proves it. No constraint. */
  relyOn(wire: Wire): void {
    this.#use(wire);
  }

  // ---- used by rom.ts, ram.ts and blackBoxes.ts ----

  addTable(table: C.Table, name: string): number {
    this.circuit.tables.push(table);
    const id = this.circuit.tables.length - 1;
    this.#record(C.MEMORY_INIT, name).push(id);
    return id;
  }

  memoryOp(
    kind: typeof C.MEMORY_READ | typeof C.MEMORY_WRITE,
    table: number,
    index: Wire,
    value: Wire,
    name: string,
  ): void {
    const ops = this.#record(kind, name);
    ops.push(table);
    ops.push(this.#use(index));
    ops.push(this.#use(value));
  }

  /** `wires`: the handles behind the call's inputs and outputs. */
  blackBox(call: C.BlackBoxCall, wires: readonly Wire[], name: string): void {
    for (const wire of wires) this.#use(wire);
    this.circuit.blackBoxes.push(call);
    this.#record(C.BLACK_BOX, name).push(this.circuit.blackBoxes.length - 1);
  }

  recordPack(pack: C.PackRecord): void {
    this.circuit.packs.push(pack);
  }

  /** Runs `body` as a witness function in mode `prove`; gives undefined in mode `shape`. */
  compute<T>(body: () => T): T | undefined {
    return this.mode === "prove" ? this.#evaluate(body) : undefined;
  }

  // ---- end ----

  /** The circuit and its witness; the builder accepts nothing after. */
  finish(): Built {
    this.#finished = true;
    return { circuit: this.circuit, witness: this.#values };
  }

  #use({ index, max }: Wire): number {
    const { claims } = this.circuit;
    if (max < claims[index]!) claims[index] = max;
    return index;
  }

  #newWire(name: string): number {
    const { circuit } = this;
    if (this.#finished) throw builderError({ code: "BUILDER_FINISHED", where: this.where(name) });
    circuit.wireScopes.push(this.#scope);
    circuit.wireNames.push(circuit.names.id(name));
    circuit.claims.push(MAX_FIELD);
    return circuit.wireCount++;
  }

  #record(kind: number, name: string) {
    const { circuit } = this;
    if (this.#finished) throw builderError({ code: "BUILDER_FINISHED", where: this.where(name) });
    circuit.ops.push(kind);
    circuit.ops.push(this.#scope);
    circuit.ops.push(circuit.names.id(name));
    circuit.opCount++;
    return circuit.ops;
  }

  #evaluate<T>(body: () => T): T {
    this.#inWitness++;
    try {
      return body();
    } finally {
      this.#inWitness--;
    }
  }
}

/** bb wants each wire once a constraint: terms on the same wire are added, zero ones dropped. */
function mergeTerms(terms: readonly Term[]): readonly Term[] {
  let clean = terms.length <= 16;
  for (let i = 0; i < terms.length && clean; i++) {
    if (terms[i]![0] === 0n) clean = false;
    for (let j = 0; j < i; j++) if (terms[i]![1].index === terms[j]![1].index) clean = false;
  }
  if (clean) return terms;
  const merged = new Map<number, [bigint, Wire]>();
  for (const [k, wire] of terms) {
    const seen = merged.get(wire.index);
    if (seen) seen[0] += k;
    else merged.set(wire.index, [k, wire]);
  }
  return [...merged.values()].filter(([k]) => mod(k) !== 0n);
}
