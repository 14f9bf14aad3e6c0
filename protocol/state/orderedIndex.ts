/** Keys in ascending order with a number each: insertion and floor in O(log n + bucket), for millions of keys. */
import type { Field } from "../field.ts";

type Bucket = { readonly keys: Field[]; readonly values: number[] };

/** Half a bucket is moved at a time; 512 keeps both the moves and the list of buckets short up to some millions. */
const BUCKET_SIZE = 512;

export class OrderedIndex {
  readonly #buckets: Bucket[] = [];

  /** Assumes that `key` is new. */
  insert(key: Field, value: number): void {
    const at = Math.max(0, this.#bucketOf(key));
    const bucket = (this.#buckets[at] ??= { keys: [], values: [] });
    const position = countNotAbove(bucket.keys.length, (i) => bucket.keys[i] as Field, key);
    bucket.keys.splice(position, 0, key);
    bucket.values.splice(position, 0, value);
    if (bucket.keys.length <= BUCKET_SIZE) return;
    const half = BUCKET_SIZE / 2;
    this.#buckets.splice(at + 1, 0, { keys: bucket.keys.splice(half), values: bucket.values.splice(half) });
  }

  /** The number of the greatest key that is not above `key`. */
  floor(key: Field): number | undefined {
    const bucket = this.#buckets[this.#bucketOf(key)];
    if (bucket === undefined) return undefined;
    return bucket.values[countNotAbove(bucket.keys.length, (i) => bucket.keys[i] as Field, key) - 1];
  }

  /** The last bucket whose first key is not above `key`, or -1. */
  #bucketOf(key: Field): number {
    return countNotAbove(this.#buckets.length, (i) => this.#buckets[i]?.keys[0] as Field, key) - 1;
  }
}

/** How many of `length` ascending keys are not above `key`. */
function countNotAbove(length: number, at: (i: number) => Field, key: Field): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
