/** What a frame asks of itself, its transaction and its block: untimed facts, proven once a frame. */
import type { Environment } from "../../machine/environment.ts";
import type { FactKey } from "../../factKey.ts";
import { OPCODE } from "../../opcodes.ts";
import type { FactBook } from "../factBook.ts";

export interface EnvironmentEntry {
  /** With its answer. */
  readonly fact: FactKey;
}

/** Columns of a frame that are answered, and those of its transaction. */
export interface EnvironmentFrames {
  column(
    column: "address" | "caller" | "value" | "inputLength" | "codeSize" | "codeBase",
    frame: number,
  ): number;
}

/** Of the transaction that runs. */
export interface TransactionEnvironment {
  readonly block: Environment;
  readonly gasPrice: bigint;
  /** Id of the sender. */
  readonly origin: number;
}

/** BLOBBASEFEE where no blob ever was (EIP-7516). */
const BLOB_BASE_FEE = 1;

export class EnvironmentOps {
  readonly entries: EnvironmentEntry[] = [];
  readonly #book: FactBook;
  readonly #frames: EnvironmentFrames;

  constructor(book: FactBook, frames: EnvironmentFrames) {
    this.#book = book;
    this.#frames = frames;
  }

  /** Id of the answer. */
  answer(question: FactKey, transaction: TransactionEnvironment): number {
    const known = this.#book.known(question);
    if (known !== undefined) return known;
    const z = this.idOf(question, transaction);
    const fact = { ...question, z };
    this.#book.key("environment", this.#book.take("environment"), fact);
    this.entries.push({ fact });
    return z;
  }

  idOf({ op, f, pc }: FactKey, { block, gasPrice, origin }: TransactionEnvironment): number {
    const frame = Number(f);
    const column = (name: Parameters<EnvironmentFrames["column"]>[0]): number =>
      this.#frames.column(name, frame);
    switch (op) {
      case OPCODE.ADDRESS:
        return column("address");
      case OPCODE.CALLER:
        return column("caller");
      case OPCODE.CALLVALUE:
        return column("value");
      case OPCODE.ORIGIN:
        return origin;
      case OPCODE.BLOBBASEFEE:
        return BLOB_BASE_FEE;
      case OPCODE.CALLDATASIZE:
        return this.#book.literal(BigInt(column("inputLength")));
      case OPCODE.CODESIZE:
        return this.#book.literal(BigInt(column("codeSize")));
      case OPCODE.PC:
        return this.#book.literal(BigInt(Number(pc) - column("codeBase")));
      case OPCODE.GASPRICE:
        return this.#book.literal(gasPrice);
      default:
        return this.#book.literal(blockValue(op, block));
    }
  }
}

function blockValue(op: number, block: Environment): bigint {
  switch (op) {
    case OPCODE.COINBASE:
      return block.feeRecipient;
    case OPCODE.TIMESTAMP:
      return block.timestamp;
    case OPCODE.NUMBER:
      return block.number;
    case OPCODE.GASLIMIT:
      return block.gasLimit;
    case OPCODE.CHAINID:
      return block.chainId;
    case OPCODE.BASEFEE:
      return block.baseFeePerGas;
    default:
      throw new RangeError(`no environment opcode ${op}`);
  }
}
