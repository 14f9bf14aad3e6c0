import { expect } from "chai";
import { Writable } from "node:stream";
import { createReporter } from "../../cli/up/reporter.ts";

/** Takes what a terminal of 20 columns and 6 rows is sent. */
class Screen extends Writable {
  readonly columns = 20;
  readonly rows = 6;
  readonly isTTY: boolean;
  text = "";

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  /** What stands on it, once "cursor up n" and "clear to the end" are obeyed: all that the reporter uses. */
  lines(): string[] {
    const lines = [""];
    for (const part of this.text.split(/(\x1b\[\d+A|\x1b\[0J|\r|\n)/)) {
      if (part === "\n") lines.push("");
      else if (part.endsWith("A")) lines.splice(lines.length - 1 - parseInt(part.slice(2)), Infinity, "");
      else if (part === "\r" || part === "\x1b[0J") lines[lines.length - 1] = "";
      else lines[lines.length - 1] += part;
    }
    return lines;
  }

  asStream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }
}

describe("reporter", () => {
  it("prints plain lines and no state where there is no terminal", () => {
    const screen = new Screen(false);
    const reporter = createReporter(true, screen.asStream());
    reporter.show("height 1");
    reporter.line("started");
    reporter.close();
    expect(screen.text).to.equal("started\n");
  });

  it("prints plain lines on a terminal when asked to", () => {
    const screen = new Screen(true);
    const reporter = createReporter(false, screen.asStream());
    reporter.show("height 1");
    reporter.line("started");
    expect(screen.text).to.equal("started\n");
  });

  it("keeps events above and redraws the state in place below", () => {
    const screen = new Screen(true);
    const reporter = createReporter(true, screen.asStream());
    reporter.line("started a");
    reporter.show("height 1\nepoch 0");
    reporter.line("started b");
    reporter.show("height 2\nepoch 1");
    expect(screen.lines()).to.deep.equal(["started a", "started b", "height 2", "epoch 1", ""]);
    reporter.close();
    expect(screen.lines()).to.deep.equal(["started a", "started b", "height 2", "epoch 1", ""]);
  });

  it("cuts a state that is wider or higher than the terminal", () => {
    const screen = new Screen(true);
    const reporter = createReporter(true, screen.asStream());
    reporter.show("x".repeat(50));
    reporter.show(["1", "2", "3", "4", "5", "6", "7"].join("\n"));
    expect(screen.lines()).to.deep.equal(["1", "2", "3", "4", ""]);
    reporter.show("y".repeat(50));
    expect(screen.lines()).to.deep.equal(["y".repeat(19), ""]);
  });
});
