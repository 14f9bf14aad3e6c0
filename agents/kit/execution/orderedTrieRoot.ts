import { RLP } from "@ethereumjs/rlp";
import { toHex, type Hex } from "../hex.ts";
import { keccak256 } from "./keccak256.ts";

/** A node as its parent holds it: itself when it encodes to less than 32 bytes, else its hash. */
type NodeReference = Uint8Array | NestedNode;
type NestedNode = (Uint8Array | NestedNode)[];
type Entry = { readonly nibbles: readonly number[]; readonly value: Uint8Array };

const NOTHING = new Uint8Array();

/**
 * Root of the Merkle Patricia trie of `values` by `rlp(index)`: Ethereum's transactionsRoot and receiptsRoot
 * (yellow paper, 4.3.2 and appendix D). Built in one pass, no trie is kept.
 */
export function orderedTrieRoot(values: readonly Uint8Array[]): Hex {
  const entries = values.map((value, index) => ({ nibbles: nibblesOf(RLP.encode(index)), value }));
  const root = entries.length === 0 ? NOTHING : node(entries, 0);
  return toHex(keccak256(RLP.encode(root)));
}

/** The node under which all of `entries` are, which agree in their first `depth` nibbles. */
function node(entries: readonly Entry[], depth: number): NestedNode {
  const [first] = entries as [Entry];
  if (entries.length === 1) return [hexPrefix(first.nibbles.slice(depth), true), first.value];
  const shared = sharedLength(entries, depth);
  if (shared > 0)
    return [
      hexPrefix(first.nibbles.slice(depth, depth + shared), false),
      reference(node(entries, depth + shared)),
    ];
  const children = Array.from({ length: 16 }, (_, nibble): NodeReference => {
    const below = entries.filter((entry) => entry.nibbles[depth] === nibble);
    return below.length === 0 ? NOTHING : reference(node(below, depth + 1));
  });
  // Keys are RLP of integers and none is a prefix of another: no value ever stands in a branch.
  return [...children, NOTHING];
}

function reference(child: NestedNode): NodeReference {
  const encoded = RLP.encode(child);
  return encoded.length < 32 ? child : keccak256(encoded);
}

function sharedLength(entries: readonly Entry[], depth: number): number {
  const [first] = entries as [Entry];
  let shared = 0;
  while (entries.every(({ nibbles }) => nibbles[depth + shared] === first.nibbles[depth + shared])) shared++;
  return shared;
}

/** Hex-prefix encoding (yellow paper, appendix C). */
function hexPrefix(nibbles: readonly number[], leaf: boolean): Uint8Array {
  const odd = nibbles.length % 2 === 1;
  const flag = (leaf ? 2 : 0) + (odd ? 1 : 0);
  const padded = odd ? [flag, ...nibbles] : [flag, 0, ...nibbles];
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => padded[2 * i]! * 16 + padded[2 * i + 1]!);
}

const nibblesOf = (bytes: Uint8Array): number[] => [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
