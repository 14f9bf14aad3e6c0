import { createServer } from "node:net";

/** Where a new network looks for ports first: Supersonic's RPC where Ethereum tools expect one. */
export const PREFERRED_PORTS = {
  supersonic: 8545,
  l3: 8546,
  bitcoin: 18443,
  lightNode: 4000,
  inscriber: 4001,
  da: 4002,
  queue: 4003,
  prover: 4004,
  attester: 4010,
  batcher: 4020,
} as const;

/** The first free port from `preferred` on that is not in `taken`; adds it there. */
export async function choosePort(preferred: number, taken: Set<number>): Promise<number> {
  let port = preferred;
  while (taken.has(port) || !(await isFree(port))) port++;
  taken.add(port);
  return port;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
