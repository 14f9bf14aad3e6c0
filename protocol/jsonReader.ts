/** Strict reading of JSON written by people: every refusal names the place and what was expected there. */
import { hexToBytes } from "@noble/hashes/utils.js";
import type { Address } from "./address.ts";
import { parseAddress } from "./address.ts";
import { StackError } from "./errors.ts";

export type JsonError =
  | { code: "JSON_TYPE"; path: string; expected: string }
  | { code: "JSON_FIELD_MISSING"; path: string; field: string }
  | { code: "JSON_FIELD_UNKNOWN"; path: string; field: string };

const fail = (type: JsonError): never => {
  throw new StackError(type, "fatal");
};

/** A value and where it stands. Every method throws `JSON_TYPE` when the value is not of its kind. */
export class JsonReader {
  readonly #path: string;
  readonly #value: unknown;

  constructor(path: string, value: unknown) {
    this.#path = path;
    this.#value = value;
  }

  /** Throws `JSON_FIELD_MISSING`, `JSON_FIELD_UNKNOWN`. */
  object<R extends string, O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): JsonObject<R, O> {
    const fields = this.#fields();
    const path = this.#path;
    for (const field of required)
      if (!Object.hasOwn(fields, field)) fail({ code: "JSON_FIELD_MISSING", path, field });
    const known: readonly string[] = [...required, ...optional];
    for (const field of Object.keys(fields))
      if (!known.includes(field)) fail({ code: "JSON_FIELD_UNKNOWN", path, field });
    return {
      field: (name) => new JsonReader(`${path}.${name}`, fields[name]),
      optional: (name) =>
        Object.hasOwn(fields, name) ? new JsonReader(`${path}.${name}`, fields[name]) : undefined,
    };
  }

  /** An object's names and values, whatever the names. */
  entries(): [JsonReader, JsonReader][] {
    return Object.entries(this.#fields()).map(([name, value]) => [
      new JsonReader(`${this.#path}.${name}`, name),
      new JsonReader(`${this.#path}.${name}`, value),
    ]);
  }

  items(): JsonReader[] {
    if (!Array.isArray(this.#value)) return this.#refuse("array");
    return this.#value.map((item, i) => new JsonReader(`${this.#path}[${i}]`, item));
  }

  /** An unsigned integer: decimal or `0x` in a string, or a safe number. */
  uint(bits: number): bigint {
    const expected = `unsigned integer of ${bits} bits`;
    const value = this.#value;
    const isNumber = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    const isText = typeof value === "string" && /^(0x[0-9a-fA-F]+|[0-9]+)$/.test(value);
    if (!isNumber && !isText) return this.#refuse(expected);
    const integer = BigInt(value);
    return integer >> BigInt(bits) === 0n ? integer : this.#refuse(expected);
  }

  address(): Address {
    const text = this.#text();
    return /^0x[0-9a-fA-F]{40}$/.test(text) ? parseAddress(text) : this.#refuse("address");
  }

  bytes(): Uint8Array {
    const text = this.#text();
    return /^0x([0-9a-fA-F]{2})*$/.test(text)
      ? hexToBytes(text.slice(2))
      : this.#refuse("0x and pairs of digits");
  }

  matching(pattern: RegExp): string {
    const text = this.#text();
    return pattern.test(text) ? text : this.#refuse(String(pattern));
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    return choices.find((choice) => choice === this.#value) ?? this.#refuse(choices.join(" | "));
  }

  #text = (): string => (typeof this.#value === "string" ? this.#value : this.#refuse("string"));

  #fields(): Record<string, unknown> {
    const value = this.#value;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : this.#refuse("object");
  }

  #refuse = (expected: string): never => fail({ code: "JSON_TYPE", path: this.#path, expected });
}

/** An object whose fields are known to be the expected ones. */
export type JsonObject<R extends string, O extends string> = {
  field(name: R): JsonReader;
  optional(name: O): JsonReader | undefined;
};
