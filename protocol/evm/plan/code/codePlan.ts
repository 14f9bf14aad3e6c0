/** The code of a chunk: segments in the table of all code, code objects, and the facts that are read from code. */
import { type CodeIdentity, codeIdentity, isPushDataOf } from "../../../state/code.ts";
import { OPCODE, OPCODES, pushBytes } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";
import { ROW_SYMBOLS, rowPosition, segmentRows } from "../../codeLayout.ts";
import type { FactBook } from "../factBook.ts";
import type { FactKey } from "../../factKey.ts";
import type { Answer } from "../rowMachine.ts";

/** One row of the table of all code. */
export interface CodeRowEntry {
  readonly kind: "first" | "next" | "gap";
  readonly bytes: Uint8Array;
  readonly pushData: Uint8Array;
  /** Of the segment, in bytes. */
  readonly length: number;
}

/** What the leaf of an account says of its code, and where the code stands, if it is loaded. */
export interface CodeObjectEntry {
  readonly identity: CodeIdentity;
  /** Its last row; undefined = not loaded. */
  readonly lastRow: number | undefined;
}

export interface Segment {
  /** Position of the first symbol. */
  readonly base: number;
  readonly length: number;
  readonly lastRow: number;
}

export interface PushEntry {
  readonly pc: number;
  readonly bytes: number;
}
export interface CodeWordEntry {
  readonly pc: number;
}
export interface JumpEntry {
  readonly question: FactKey;
  /** Position before the one it goes to: of the JUMPDEST, or its own. */
  readonly from: number;
}

export class CodePlan {
  readonly rows: CodeRowEntry[] = [];
  readonly objects: CodeObjectEntry[] = [];
  readonly pushes: PushEntry[] = [];
  readonly words: CodeWordEntry[] = [];
  readonly jumps: JumpEntry[] = [];
  readonly #book: FactBook;
  readonly #segments = new Map<bigint, Segment>();
  readonly #numbers = new Map<bigint, number>();
  readonly #symbols: number[] = [];

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** Number of the object of this code; 0 = no code. `code` undefined: known by its identity only. */
  object(identity: CodeIdentity, code: Uint8Array | undefined): number {
    if (identity.codeSize === 0n) return 0;
    const known = this.#numbers.get(identity.codeHash);
    if (known !== undefined) {
      if (code !== undefined && this.objects[known - 1]!.lastRow === undefined)
        this.objects[known - 1] = { identity, lastRow: this.segment(identity.codeHash, code).lastRow };
      return known;
    }
    const lastRow = code === undefined ? undefined : this.segment(identity.codeHash, code).lastRow;
    this.objects.push({ identity, lastRow });
    const number = this.#book.take("codes") + 1;
    this.#numbers.set(identity.codeHash, number);
    return number;
  }

  /** The segment of a code, loaded if need be. `name`: its hash, or anything else unique to it. */
  segment(name: bigint, code: Uint8Array): Segment {
    const known = this.#segments.get(name);
    if (known !== undefined) return known;
    const first = this.rows.length;
    const count = segmentRows(code.length);
    const pushData = isPushDataOf(code, count * ROW_SYMBOLS);
    for (let i = 0; i < count; i++) {
      const slice = (from: Uint8Array): Uint8Array => from.slice(i * ROW_SYMBOLS, (i + 1) * ROW_SYMBOLS);
      const kind = i === 0 ? "first" : "next";
      this.rows.push({ kind, bytes: slice(code), pushData: slice(pushData), length: code.length });
    }
    this.rows.push({ kind: "gap", bytes: new Uint8Array(), pushData: new Uint8Array(), length: code.length });
    this.#book.take("codeRows", count + 1);
    const segment = { base: rowPosition(first), length: code.length, lastRow: first + count - 1 };
    code.forEach((byte, i) => (this.#symbols[segment.base + i] = byte));
    this.#segments.set(name, segment);
    return segment;
  }

  /** The segment of code that the chunk makes, which is some: init code, or what is deposited. It has an object too. */
  make(bytes: Uint8Array): Segment {
    const identity = codeIdentity(bytes);
    this.object(identity, bytes);
    this.#book.reach("segments", 1);
    return this.segment(identity.codeHash, bytes);
  }

  /** Id of the word that the PUSH at this position of the table pushes. */
  push(question: FactKey): number {
    const known = this.#book.known(question);
    if (known !== undefined) return known;
    const pc = Number(question.pc);
    const bytes = pushBytes(question.op);
    const entry = this.#book.take("pushes");
    const id = this.#book.word("pushes", entry, this.#bytesAt(pc + 1, bytes));
    this.#book.key("pushes", entry, { ...question, z: id });
    this.pushes.push({ pc, bytes });
    return id;
  }

  /** Id of the 32 bytes at a position of the table. */
  word(pc: number): number {
    const question: FactKey = { op: Tag.CODE_WORD, pc };
    const known = this.#book.known(question);
    if (known !== undefined) return known;
    const entry = this.#book.take("codeWords");
    const id = this.#book.word("codeWords", entry, this.#bytesAt(pc, 32));
    this.#book.key("codeWords", entry, { ...question, z: id });
    this.words.push({ pc });
    return id;
  }

  /**
   * The position a JUMP or JUMPI goes to, past the JUMPDEST if it is taken, and the gas of that. Assumes that it is allowed.
   * `base`: of the frame's code.
   */
  jump(question: FactKey, base: number): Required<Answer> {
    const isTaken = question.op === OPCODE.JUMP || this.#book.value(Number(question.b)) !== 0n;
    const from = isTaken ? base + Number(this.#book.value(Number(question.a))) : Number(question.pc);
    const answer = { z: from + 1, y: isTaken ? OPCODES[OPCODE.JUMPDEST!]!.gas : 0 };
    if (this.#book.known(question) !== undefined) return answer;
    this.#book.key("jumps", this.#book.take("jumps"), { ...question, ...answer });
    this.jumps.push({ question, from });
    return answer;
  }

  #bytesAt(position: number, count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i++) value = (value << 8n) | BigInt(this.#symbols[position + i] ?? 0);
    return value;
  }
}
