import { cpus, loadavg, totalmem } from "node:os";

/** Where and when figures were taken, on one line. */
export function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${processor} x ${cpus().length}, ${memory}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
}
