import type { PGlite } from "@electric-sql/pglite";
import { timingSafeEqual } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Logger } from "../kit/logger.ts";
import type { Service } from "../kit/service.ts";
import {
  ASK_PASSWORD,
  fatalResponse,
  FrameReader,
  readPassword,
  readyStatus,
  type Frame,
} from "./wireFrames.ts";

export interface WireServerOptions {
  database: PGlite;
  host: string;
  port: number;
  /** Asked of every client when set. It travels in the clear: a queue on a network belongs behind a tunnel. */
  password: string | undefined;
  logger: Logger;
  /** The embedded database failed: nothing it says can be trusted until the process is started again. */
  onFatal: (error: unknown) => void;
}

/**
 * Serves one embedded database to many clients over PostgreSQL's protocol.
 * PGlite has one session, so a client owns it from its first message until the database is idle again: messages between
 * two Syncs, and all of a transaction, run without another client's in between. (`@electric-sql/pglite-socket` gives the
 * session away after a failed statement, before its Sync: clients then read each other's rows.)
 * What lives as long as a session, such as SET, named statements and LISTEN, is shared by all: clients must not use it.
 */
export function createWireServer(options: WireServerOptions): Service & { address(): AddressInfo } {
  const { database, host, port, logger } = options;
  const session = new SessionLock();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const client = new Client(socket, database, session, options);
    client.serve().catch((error: unknown) => options.onFatal(error));
  });
  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, resolve);
      });
      logger.info("queue listens", { host, port: (server.address() as AddressInfo).port });
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await session.acquire(); // the statement that runs now ends first
    },
    address: () => server.address() as AddressInfo,
  };
}

/** A client whose machine lost its power in the middle of a transaction must not hold the others up for ever. */
const MAX_IDLE_WITH_SESSION_MS = 30_000;

/** First come, first served. */
class SessionLock {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves with the function that gives the session back. */
  async acquire(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const previous = this.#tail;
    this.#tail = promise;
    await previous;
    return resolve;
  }
}

class Client {
  readonly #socket: Socket;
  readonly #database: PGlite;
  readonly #session: SessionLock;
  readonly #options: WireServerOptions;
  readonly #frames = new FrameReader();
  #release: (() => void) | undefined;
  #startup: Uint8Array | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, database: PGlite, session: SessionLock, options: WireServerOptions) {
    this.#socket = socket.setNoDelay(true);
    this.#database = database;
    this.#session = session;
    this.#options = options;
  }

  /** Until the client goes. Throws when the database itself fails. */
  async serve(): Promise<void> {
    try {
      for await (const data of this.#received()) {
        this.#frames.push(data);
        for (let frame = this.#frames.next(); frame; frame = this.#frames.next())
          if (frame === "malformed" || !(await this.#handle(frame))) return;
      }
    } finally {
      this.#socket.destroy();
      await this.#giveBack();
    }
  }

  /** What the client sends; a connection that breaks ends like one that is closed. */
  async *#received(): AsyncGenerator<Buffer> {
    try {
      yield* this.#socket as AsyncIterable<Buffer>;
    } catch (error) {
      this.#options.logger.debug("client gone", {}, error);
    }
  }

  /** False when the session is over. */
  async #handle(frame: Frame): Promise<boolean> {
    if (frame.kind === "cancel") return false; // there is no second backend that could interrupt the first
    if (frame.kind === "encryption") this.#socket.write("N");
    else if (frame.kind === "startup") await this.#open(frame.bytes);
    else return this.#message(frame);
    return true;
  }

  async #message(frame: { type: string; bytes: Uint8Array }): Promise<boolean> {
    if (frame.type === "p" && this.#startup) return this.#checkPassword(readPassword(frame.bytes));
    if (this.#startup || frame.type === "X") return false;
    await this.#run(frame.bytes);
    return true;
  }

  async #open(startup: Uint8Array): Promise<void> {
    if (this.#options.password === undefined) return this.#run(startup);
    this.#startup = startup;
    this.#socket.write(ASK_PASSWORD);
  }

  async #checkPassword(supplied: string): Promise<boolean> {
    const expected = Buffer.from(this.#options.password!);
    const actual = Buffer.from(supplied);
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
      this.#options.logger.warn("wrong password", { from: this.#socket.remoteAddress });
      this.#socket.end(fatalResponse("28P01", "password authentication failed"));
      return false;
    }
    const startup = this.#startup!;
    this.#startup = undefined;
    await this.#run(startup);
    return true;
  }

  /** Takes the session if this client does not hold it, and gives it back when the database is idle. */
  async #run(message: Uint8Array): Promise<void> {
    this.#release ??= await this.#session.acquire();
    clearTimeout(this.#idle);
    let last: Uint8Array = new Uint8Array();
    await this.#database.runExclusive(() =>
      this.#database.execProtocolRawStream(message, {
        onRawData: (data) => {
          last = data.slice(); // the database reuses its buffer
          if (this.#socket.writable) this.#socket.write(last);
        },
      }),
    );
    if (readyStatus(last) === "I") this.#free();
    else this.#idle = setTimeout(() => this.#socket.destroy(), MAX_IDLE_WITH_SESSION_MS);
  }

  async #giveBack(): Promise<void> {
    clearTimeout(this.#idle);
    if (!this.#release) return;
    // Sync ends a half-sent statement, which the next client would otherwise continue.
    await this.#database.runExclusive(() =>
      this.#database.execProtocolRawStream(SYNC, { onRawData: () => undefined }),
    );
    if (this.#database.isInTransaction()) await this.#database.exec("ROLLBACK");
    this.#free();
  }

  #free(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

const SYNC = Uint8Array.from([0x53, 0, 0, 0, 4]);
