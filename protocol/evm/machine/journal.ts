type Undo = () => void;

/** What takes back the writes of a transaction. A mark costs nothing; going back to it costs what was written since. */
export class Journal {
  #undo: Undo[] = [];

  get mark(): number {
    return this.#undo.length;
  }

  add(undo: Undo): void {
    this.#undo.push(undo);
  }

  revertTo(mark: number): void {
    while (this.#undo.length > mark) (this.#undo.pop() as Undo)();
  }

  clear(): void {
    this.#undo = [];
  }
}
