import type { LogFilter, PlacedLog } from "./nodeChain.ts";

/** Does the filter ask for this log? Topics match by position; a filter longer than the log's topics does not match. */
export function logMatches(
  log: Pick<PlacedLog, "address" | "topics">,
  { addresses, topics = [] }: LogFilter,
): boolean {
  if (addresses && addresses.length > 0 && !addresses.includes(log.address)) return false;
  if (topics.length > log.topics.length) return false;
  return topics.every((wanted, i) => !wanted || wanted.length === 0 || wanted.includes(log.topics[i]!));
}
