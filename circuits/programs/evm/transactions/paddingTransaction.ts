/**
 * What an unused place of the circuit decodes: one true, signed transaction, written into the circuit as constants. Every rule
 * about encoding and signature thus holds in every place, and only what acts on the chain is switched by `active`.
 *
 * It is for chain 1, from a key anyone knows (0x0101..01). It cannot act: an inactive place counts for no block and has no
 * rows in any list.
 */
import { hexToBytes } from "@noble/hashes/utils.js";

const RAW =
  "01f8610180018252089411111111111111111111111111111111111111118080c0" +
  "01a058584aa87fcb60995cf8f98fa83f93a663af7ef9693da2014e4fd3bddfe9e9a3" +
  "a04e949e9180c1ef501f6aa4ef317016a05f841e69af187e605a957f851bf98101";

/** As it stands in a block's bytes: length, then the transaction. */
export const PADDING_TRANSACTION = hexToBytes(`${(RAW.length / 2).toString(16).padStart(8, "0")}${RAW}`);

/** The key that signed it. */
export const PADDING_KEY = {
  x: 0x1b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078fn,
  y: 0x70beaf8f588b541507fed6a642c5ab42dfdf8120a7f639de5122d47a69a8e8d1n,
};

/** What it signed: keccak256 of its payload. */
export const PADDING_DIGEST = 0x4497fae3601f2419213e2efb0062a3db4f071694873bca4ee309e3b85f2abf99n;
