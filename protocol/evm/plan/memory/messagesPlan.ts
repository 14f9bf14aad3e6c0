/** Commitments to ranges of memory (circuits/programs/evm/memory/messages.ts). */
import { accessTime } from "../../accessKey.ts";
import { messageCommitment } from "../../message.ts";
import { type Field, writeField } from "../../../field.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";

const WORD = 32;

export interface MessageEntry {
  readonly time: bigint;
  /** Byte address; bytes. */
  readonly start: number;
  readonly length: number;
  readonly commitment: Field;
  /** Position of the same bytes in the table of all code, if whoever reads them needs them there; else 0. */
  code: number;
}

export interface MessageRange {
  readonly t: number;
  /** First of its accesses: 1 + ceil(length / 32) of them. */
  readonly sub: number;
  readonly start: number;
  readonly length: number;
}

export interface ReadMessage {
  readonly bytes: Uint8Array;
  readonly commitment: Field;
  standsAt(position: number): void;
}

export class MessagesPlan {
  readonly entries: MessageEntry[] = [];
  readonly #services: Pick<MemoryPlanServices, "book" | "bus" | "bytes">;

  constructor(services: Pick<MemoryPlanServices, "book" | "bus" | "bytes">) {
    this.#services = services;
  }

  /** Reads a message. `standsAt` tells where its bytes are code. */
  read({ t, sub, start, length }: MessageRange): ReadMessage {
    const { book } = this.#services;
    const words = this.#words({ t, sub, start, length });
    const padded = new Uint8Array(WORD * words.length);
    const view = new DataView(padded.buffer);
    words.forEach((id, j) => writeField(view, WORD * j, book.value(id)));
    const bytes = padded.slice(0, length);
    book.take("messages");
    book.take("messageWords", words.length);
    const commitment = messageCommitment(bytes);
    const entry: MessageEntry = { time: accessTime(t, sub), start, length, commitment, code: 0 };
    this.entries.push(entry);
    return { bytes, commitment, standsAt: (position) => void (entry.code = position) };
  }

  /** Ids of its words, the last with zeros beyond the length. */
  #words({ t, sub, start, length }: MessageRange): number[] {
    if (length === 0) return [];
    const { bus, bytes } = this.#services;
    const [cell, shift] = [Math.floor(start / WORD), start % WORD];
    const count = Math.ceil(length / WORD);
    let held = bus.read(t, sub, cell);
    return Array.from({ length: count }, (_, j) => {
      const isLast = j === count - 1;
      const second = isLast && shift === 0 ? 0 : bus.read(t, sub + 1 + j, cell + 1 + j);
      const found = shift === 0 ? held : bytes.join(held, second, shift);
      held = second;
      const kept = length - WORD * j;
      return isLast && kept < WORD ? bytes.merge(found, 0, kept) : found;
    });
  }
}
