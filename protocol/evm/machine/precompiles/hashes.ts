import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { gasPerWord, type Precompile } from "./precompile.ts";

// Yellow paper, appendix E.1.

export const sha2: Precompile = { gas: gasPerWord(60n, 12n), run: (input) => sha256(input) };

/** 20 bytes, padded on the left to a word. */
export const ripemd: Precompile = {
  gas: gasPerWord(600n, 120n),
  run(input) {
    const output = new Uint8Array(32);
    output.set(ripemd160(input), 12);
    return output;
  },
};

export const identity: Precompile = { gas: gasPerWord(15n, 3n), run: (input) => input };
