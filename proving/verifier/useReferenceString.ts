import { CEREMONY_G2 } from "../referenceString/aztec.ts";
import type { G2Point } from "../referenceString/files.ts";
import { ProvingError } from "../errors.ts";

/**
 * The verifier's source with the G2 point of the reference string its key was made with. `bb` always writes its own
 * ceremony's point, as four words of the pairing's input: x.c1, x.c0, y.c1, y.c0 (EIP-197 puts the imaginary part first).
 * Throws VERIFIER_SOURCE_UNEXPECTED unless each word is there exactly once, so a changed generator cannot slip by.
 */
export function useReferenceString(source: string, tauH: G2Point): string {
  const words = eip197(CEREMONY_G2);
  const replacements = eip197(tauH);
  return words.reduce(
    (text, word, i) => replaceOnce(text, mstore(word, i), mstore(replacements[i]!, i)),
    source,
  );
}

const eip197 = ({ x, y }: G2Point): bigint[] => [x.c1, x.c0, y.c1, y.c0];

/** The line of the generated source that puts word `i` into the pairing's input, behind `// G2 [x]`. */
const mstore = (word: bigint, i: number): string =>
  `mstore(0x${(0x100 + 32 * i).toString(16)}, 0x${word.toString(16).padStart(64, "0")})`;

function replaceOnce(source: string, old: string, replacement: string): string {
  const parts = source.split(old);
  if (parts.length !== 2)
    throw new ProvingError({ code: "VERIFIER_SOURCE_UNEXPECTED", looked: old, found: parts.length - 1 });
  return parts.join(replacement);
}
