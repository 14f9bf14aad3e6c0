import { concatBytes } from "../../bytes.ts";
import type { Primitives } from "./primitives.ts";
import { encodeList, encodeUint } from "./rlp.ts";
import { bytesToUint, toAddress, uintToBytes, wordToBytes } from "./word.ts";
import { encodeBytes } from "./rlp.ts";

/** Yellow paper 7: of a creator and its nonce before the creation. */
export const createAddress = ({ keccak256 }: Primitives, creator: bigint, nonce: bigint): bigint =>
  toAddress(bytesToUint(keccak256(encodeList([encodeBytes(uintToBytes(creator, 20)), encodeUint(nonce)]))));

/** EIP-1014. */
export const create2Address = (
  { keccak256 }: Primitives,
  creator: bigint,
  salt: bigint,
  initCodeHash: bigint,
): bigint =>
  toAddress(
    bytesToUint(
      keccak256(
        concatBytes([
          Uint8Array.of(0xff),
          uintToBytes(creator, 20),
          wordToBytes(salt),
          wordToBytes(initCodeHash),
        ]),
      ),
    ),
  );
