/** Where `bvm up` tells what it does: a live screen on a terminal, plain lines elsewhere. */
export interface Reporter {
  /** One event; stays visible. */
  line(text: string): void;
  /** The present state; a live screen redraws it, plain lines ignore it. */
  show(text: string): void;
  close(): void;
}

export const createReporter = (live: boolean, output: NodeJS.WriteStream = process.stdout): Reporter =>
  live && output.isTTY ? new LiveReporter(output) : new PlainReporter(output);

class PlainReporter implements Reporter {
  readonly #output: NodeJS.WriteStream;
  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }
  line(text: string): void {
    this.#output.write(`${text}\n`);
  }
  show(): void {}
  close(): void {}
}

const CLEAR_TO_END = "\x1b[0J";
const up = (lines: number): string => (lines === 0 ? "" : `\x1b[${lines}A`);

/** Events scroll above; the state is redrawn below them, in place. */
class LiveReporter implements Reporter {
  readonly #output: NodeJS.WriteStream;
  #state = "";
  #drawnLines = 0;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  line(text: string): void {
    this.#erase();
    this.#output.write(`${text}\n`);
    this.#draw();
  }

  show(text: string): void {
    this.#erase();
    this.#state = text;
    this.#draw();
  }

  close(): void {
    this.#erase();
    this.#output.write(this.#state ? `${this.#state}\n` : "");
  }

  #erase(): void {
    this.#output.write(`${up(this.#drawnLines)}\r${CLEAR_TO_END}`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    if (!this.#state) return;
    // A line wider than the terminal would wrap and break the count of lines to erase.
    const width = this.#output.columns ?? 80;
    const lines = this.#state.split("\n").slice(0, (this.#output.rows ?? 24) - 2);
    this.#output.write(lines.map((line) => `${line.slice(0, width - 1)}\n`).join(""));
    this.#drawnLines = lines.length;
  }
}
