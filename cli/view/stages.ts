/** The stages of a transaction, in order. Supersonic's own transactions skip `proven` and `settled`. */
export const STAGES = ["soft", "sealed", "published", "proven", "settled", "inscribed", "verified"] as const;
export type Stage = (typeof STAGES)[number];

/** Stages that Supersonic's transactions pass: its blocks are re-executed by light nodes, not yet proven. */
export const SUPERSONIC_STAGES: readonly Stage[] = ["soft", "sealed", "published", "inscribed", "verified"];

/** When each stage was reached, ISO 8601; a stage not yet reached is absent. */
export type StageTimes = Partial<Record<Stage, string>>;

export interface Journey {
  readonly hash: string;
  readonly chain: string;
  /** The last stage reached, or null for a transaction the chain has never seen. */
  readonly stage: Stage | null;
  readonly stages: StageTimes;
}

export const isStage = (text: string): text is Stage => (STAGES as readonly string[]).includes(text);

/** The last of `order` that has been reached. */
export function lastStage(times: StageTimes, order: readonly Stage[] = STAGES): Stage | null {
  return order.findLast((stage) => times[stage] !== undefined) ?? null;
}
