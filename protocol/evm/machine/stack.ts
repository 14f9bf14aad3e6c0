/** The stack of a frame. The interpreter checks depth before an opcode runs (opcodes.ts), so that nothing here has to. */
export class Stack {
  readonly #words: bigint[] = [];

  get size(): number {
    return this.#words.length;
  }

  push(word: bigint): void {
    this.#words.push(word);
  }

  pop(): bigint {
    return this.#words.pop() as bigint;
  }

  /** The n-th word from the top, which is 0. */
  peek(n: number): bigint {
    return this.#words[this.#words.length - 1 - n] as bigint;
  }

  swap(n: number): void {
    const words = this.#words;
    const [top, other] = [words.length - 1, words.length - 1 - n];
    const word = words[top] as bigint;
    words[top] = words[other] as bigint;
    words[other] = word;
  }
}
