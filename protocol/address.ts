/** Account addresses: 20 bytes, written as `0x` and 40 lower-case hexadecimal digits, so that equal addresses are equal strings. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { StackError } from "./errors.ts";
import type { Field } from "./field.ts";

export type Address = `0x${string}`;

export const ADDRESS_BYTES = 20;
export const ZERO_ADDRESS: Address = `0x${"00".repeat(ADDRESS_BYTES)}`;

export type AddressError = { code: "ADDRESS_INVALID"; value: string };

/** Any case (checksums are a matter of user interfaces) to lower case. Throws `ADDRESS_INVALID`. */
export function parseAddress(text: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text))
    throw new StackError({ code: "ADDRESS_INVALID", value: text }, "fatal");
  return text.toLowerCase() as Address;
}

/** Throws `ADDRESS_INVALID`. */
export const addressToBytes = (address: Address): Uint8Array => hexToBytes(parseAddress(address).slice(2));

/** Throws `ADDRESS_INVALID` unless there are 20 bytes. */
export const bytesToAddress = (bytes: Uint8Array): Address => parseAddress(`0x${bytesToHex(bytes)}`);

/** The address as an integer of 160 bits. */
export const addressToField = (address: Address): Field => BigInt(parseAddress(address));
