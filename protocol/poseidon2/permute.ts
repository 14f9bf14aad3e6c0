/**
 * Poseidon2 over BN254 (t = 4, 8 + 56 rounds), in WebAssembly built from scripts/poseidon2. Instantiated once,
 * synchronously, on import; every thread that imports it has its own instance and memory.
 */
import type { Field } from "../field.ts";
import { assertField, FIELD_BYTES, readField, writeField } from "../field.ts";
import { WIDTH } from "./constants.ts";
import { POSEIDON2_WASM } from "./wasm.ts";

type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly buffer: { readonly value: number };
  permute(at: number): void;
  begin(tag: number): void;
  absorb(at: number, count: number): void;
  squeeze(out: number): void;
  hashMany(tag: number, at: number, width: number, items: number, out: number): void;
};

// The part of the WebAssembly API in use: the language library types it only for browsers.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

const wasm = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(atob(POSEIDON2_WASM), (character) => character.charCodeAt(0))),
).exports as Exports;

const view = new DataView(wasm.memory.buffer);
const memory = new Uint8Array(wasm.memory.buffer);

/** The first element of the buffer holds a sponge's tag; inputs and outputs follow. */
const TAG = wasm.buffer.value;
const INPUT = TAG + FIELD_BYTES;
const CAPACITY = Math.floor((memory.length - INPUT) / FIELD_BYTES);

/** Elements absorbed by one call: a multiple of the rate, so that only the last call of a sponge pads. */
export const ABSORB_LIMIT = CAPACITY - (CAPACITY % 3);

export type State = readonly [Field, Field, Field, Field];

/** The permutation. Throws `FIELD_OUT_OF_RANGE`. */
export function permute(state: State): [Field, Field, Field, Field] {
  state.forEach((element, i) => writeField(view, INPUT + i * FIELD_BYTES, assertField(element)));
  wasm.permute(INPUT);
  const at = (i: number): Field => readField(view, INPUT + i * FIELD_BYTES);
  return [at(0), at(1), at(2), at(WIDTH - 1)];
}

/**
 * The sponge of rate 3 with `tag` in the capacity element (hash.ts gives it its meaning). `write(view, offset, i)` writes
 * input `i`, 32 bytes; inputs are taken in order. Assumes that what it writes is in the field.
 */
export function sponge(
  tag: Field,
  count: number,
  write: (view: DataView, offset: number, i: number) => void,
): Field {
  writeField(view, TAG, tag);
  wasm.begin(TAG);
  let done = 0;
  do {
    const group = Math.min(count - done, ABSORB_LIMIT);
    for (let i = 0; i < group; i++) write(view, INPUT + i * FIELD_BYTES, done + i);
    wasm.absorb(INPUT, group);
    done += group;
  } while (done < count);
  wasm.squeeze(INPUT);
  return readField(view, INPUT);
}

/**
 * One sponge for each item of `width` elements: `inputs` holds the items' canonical bytes one after another, the result
 * their 32-byte hashes. Without a detour over integers, for the thousands of nodes of a tree's level.
 * Assumes that `inputs` is made of canonical elements and `inputs.length` is a multiple of `32 * width`.
 */
export function spongeMany(tag: Field, width: number, inputs: Uint8Array): Uint8Array {
  const itemBytes = width * FIELD_BYTES;
  const count = inputs.length / itemBytes;
  const perCall = Math.floor(CAPACITY / (width + 1));
  const out = new Uint8Array(count * FIELD_BYTES);
  writeField(view, TAG, tag);
  for (let done = 0; done < count; done += perCall) {
    const items = Math.min(count - done, perCall);
    const result = INPUT + items * itemBytes;
    memory.set(inputs.subarray(done * itemBytes, (done + items) * itemBytes), INPUT);
    wasm.hashMany(TAG, INPUT, width, items, result);
    out.set(memory.subarray(result, result + items * FIELD_BYTES), done * FIELD_BYTES);
  }
  return out;
}
