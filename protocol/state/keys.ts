/** Keys of the state tree. Hashes of different lengths and domains: an account's key never equals a slot's (A-STATE-01). */
import type { Address } from "../address.ts";
import { addressToField } from "../address.ts";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { splitWord } from "../field.ts";
import { hash } from "../hash.ts";

/** Throws `ADDRESS_INVALID`. */
export const accountKey = (address: Address): Field => hash(Domain.ACCOUNT_KEY, [addressToField(address)]);

/** Throws `ADDRESS_INVALID`, `WORD_OUT_OF_RANGE`. */
export function storageKey(address: Address, slot: bigint): Field {
  const { hi, lo } = splitWord(slot);
  return hash(Domain.STORAGE_KEY, [addressToField(address), hi, lo]);
}
