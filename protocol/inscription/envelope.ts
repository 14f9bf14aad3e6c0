/**
 * The ordinals envelope in a tapscript leaf (docs.ordinals.com, "Inscriptions").
 *
 * Our leaf, and nothing else in it:
 *   <32-byte key> OP_CHECKSIG OP_0 OP_IF <"ord"> <01> <content type> (<03> <parent id>)* OP_0 <body, pushes of at most 520>* OP_ENDIF
 */
import { concatBytes, equalBytes } from "../bytes.ts";
import { StackError } from "../errors.ts";
import type { ScriptItem } from "./script.ts";
import { Opcode, parseScript, push } from "./script.ts";

/** A transaction's inscription: `index` counts the inscriptions of the transaction. */
export type InscriptionId = {
  /** 32 bytes in internal order (the reverse of what explorers show). */
  readonly txid: Uint8Array;
  readonly index: number;
};

export type EpochLeaf = {
  /** x-only key that signs the reveal. */
  readonly publicKey: Uint8Array;
  readonly contentType: string;
  readonly parents: readonly InscriptionId[];
  readonly body: Uint8Array;
};

/** Any envelope: tags with their values in order, and the body if there is one. */
export type Envelope = {
  readonly fields: readonly { readonly tag: Uint8Array; readonly value: Uint8Array }[];
  readonly body: Uint8Array | undefined;
};

export type EnvelopeError =
  | { code: "ENVELOPE_COUNT"; expected: number; actual: number }
  | { code: "ENVELOPE_KEY_LENGTH"; expected: number; actual: number }
  | { code: "ENVELOPE_FIELD_UNEXPECTED"; position: number; tag: number | undefined }
  | { code: "ENVELOPE_BODY_MISSING" }
  | { code: "ENVELOPE_PARENT_INVALID"; bytes: number }
  | { code: "ENVELOPE_NOT_CANONICAL"; leafBytes: number; canonicalBytes: number };

const fail = (type: EnvelopeError): never => {
  throw new StackError(type, "fatal");
};

/** What wallets and explorers show the body as. */
export const INSCRIPTION_CONTENT_TYPE = "application/cbor";

const PROTOCOL = new TextEncoder().encode("ord");
const Tag = { CONTENT_TYPE: 1, PARENT: 3 } as const;
const KEY_BYTES = 32;
const TXID_BYTES = 32;
/** Consensus limit of a stack element (BIP-342 keeps it for pushes). */
const MAX_PUSH_BYTES = 520;

/** Throws `ENVELOPE_KEY_LENGTH`, `ENVELOPE_PARENT_INVALID`. */
export function encodeLeafScript({ publicKey, contentType, parents, body }: EpochLeaf): Uint8Array {
  if (publicKey.length !== KEY_BYTES)
    fail({ code: "ENVELOPE_KEY_LENGTH", expected: KEY_BYTES, actual: publicKey.length });
  const field = (tag: number, value: Uint8Array) => [push(Uint8Array.of(tag)), push(value)];
  return concatBytes([
    push(publicKey),
    Uint8Array.of(Opcode.OP_CHECKSIG, Opcode.OP_0, Opcode.OP_IF),
    push(PROTOCOL),
    ...field(Tag.CONTENT_TYPE, new TextEncoder().encode(contentType)),
    ...parents.flatMap((parent) => field(Tag.PARENT, encodeInscriptionId(parent))),
    Uint8Array.of(Opcode.OP_0),
    ...chunksOf(body).map(push),
    Uint8Array.of(Opcode.OP_ENDIF),
  ]);
}

/**
 * Strict: only what `encodeLeafScript` writes, so a leaf has one reading here and in every ordinals indexer (I-INSC-02).
 * Throws any `EnvelopeError`, `SCRIPT_TRUNCATED`.
 */
export function parseLeafScript(leaf: Uint8Array): EpochLeaf {
  const items = parseScript(leaf);
  const envelopes = envelopesOf(items);
  const [envelope] = envelopes;
  if (envelope === undefined || envelopes.length !== 1)
    return fail({ code: "ENVELOPE_COUNT", expected: 1, actual: envelopes.length });
  const publicKey = items[0]?.data ?? new Uint8Array(0);
  const [first, ...rest] = envelope.fields;
  const unexpected = (position: number, tag: Uint8Array | undefined): never =>
    fail({ code: "ENVELOPE_FIELD_UNEXPECTED", position, tag: tag?.[0] });
  if (first === undefined || !isTag(first.tag, Tag.CONTENT_TYPE)) return unexpected(0, first?.tag);
  const parents = rest.map(({ tag, value }, i) =>
    isTag(tag, Tag.PARENT) ? decodeInscriptionId(value) : unexpected(i + 1, tag),
  );
  if (envelope.body === undefined) return fail({ code: "ENVELOPE_BODY_MISSING" });
  const contentType = new TextDecoder().decode(first.value);
  const parsed = { publicKey, contentType, parents, body: envelope.body };
  const canonical = encodeLeafScript(parsed);
  if (!equalBytes(canonical, leaf))
    fail({ code: "ENVELOPE_NOT_CANONICAL", leafBytes: leaf.length, canonicalBytes: canonical.length });
  return parsed;
}

/** Every well-formed envelope of a script, as ordinals indexers see them. Throws `SCRIPT_TRUNCATED`. */
export const parseEnvelopes = (script: Uint8Array): Envelope[] => envelopesOf(parseScript(script));

function envelopesOf(items: readonly ScriptItem[]): Envelope[] {
  return items.flatMap((_, i) => {
    if (!isEnvelopeStart(items, i)) return [];
    const end = items.findIndex((item, j) => j >= i + 3 && item.data === undefined);
    if (items[end]?.opcode !== Opcode.OP_ENDIF) return [];
    return [envelopeOf(items.slice(i + 3, end).map((item) => item.data as Uint8Array))];
  });
}

const isEnvelopeStart = (items: readonly ScriptItem[], i: number): boolean =>
  items[i]?.opcode === Opcode.OP_0 &&
  items[i + 1]?.opcode === Opcode.OP_IF &&
  equalBytes(items[i + 2]?.data ?? new Uint8Array(0), PROTOCOL);

/** The first empty push in a tag's place starts the body. */
function envelopeOf(pushes: readonly Uint8Array[]): Envelope {
  const bodyStart = pushes.findIndex((data, i) => i % 2 === 0 && data.length === 0);
  const pairs = bodyStart === -1 ? pushes : pushes.slice(0, bodyStart);
  const fields = pairs.flatMap((tag, i) =>
    i % 2 === 0 ? [{ tag, value: pairs[i + 1] ?? new Uint8Array(0) }] : [],
  );
  return { fields, body: bodyStart === -1 ? undefined : concatBytes(pushes.slice(bodyStart + 1)) };
}

const isTag = (data: Uint8Array, tag: number): boolean => data.length === 1 && data[0] === tag;

/** Layout: txid 32 bytes in internal order | index, little endian, without trailing zero bytes */
export function encodeInscriptionId({ txid, index }: InscriptionId): Uint8Array {
  if (txid.length !== TXID_BYTES) fail({ code: "ENVELOPE_PARENT_INVALID", bytes: txid.length });
  const bytes: number[] = [];
  for (let rest = index; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return concatBytes([txid, Uint8Array.from(bytes)]);
}

/** Throws `ENVELOPE_PARENT_INVALID`; a trailing zero byte would be a second form of the same id. */
export function decodeInscriptionId(bytes: Uint8Array): InscriptionId {
  const tail = bytes.subarray(TXID_BYTES);
  if (bytes.length < TXID_BYTES || tail.length > 4 || tail.at(-1) === 0)
    fail({ code: "ENVELOPE_PARENT_INVALID", bytes: bytes.length });
  return { txid: bytes.slice(0, TXID_BYTES), index: tail.reduceRight((sum, byte) => sum * 256 + byte, 0) };
}

const chunksOf = (body: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(body.length / MAX_PUSH_BYTES) }, (_, i) =>
    body.subarray(i * MAX_PUSH_BYTES, (i + 1) * MAX_PUSH_BYTES),
  );
