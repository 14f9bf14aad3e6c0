import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const INTERVAL_MS = 20;

/**
 * Watches the memory of a child until `stop()`, which tells the peak in bytes (0 when it ended before the first look).
 * On Linux the kernel's own high-water mark (VmHWM); elsewhere the largest resident size seen by `ps`.
 */
export function watchPeakMemory(pid: number): { stop(): number } {
  const look = process.platform === "linux" ? linuxHighWaterMark : psResident;
  let peak = 0;
  let busy = false;
  const sample = (): void => {
    if (busy) return;
    busy = true;
    void look(pid).then((bytes) => {
      peak = Math.max(peak, bytes);
      busy = false;
    });
  };
  sample();
  const timer = setInterval(sample, INTERVAL_MS);
  return { stop: () => (clearInterval(timer), peak) };
}

/** A child that has just ended has no figures: 0, and the peak stays what it was. */
const gone = (): string => "";

async function linuxHighWaterMark(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(gone);
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

async function psResident(pid: number): Promise<number> {
  const kilobytes = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]).then(
    (r) => r.stdout,
    gone,
  );
  return (Number(kilobytes.trim()) || 0) * 1024;
}
