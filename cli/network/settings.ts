/** The pace of a development network. An operator edits bvm.json for another; these are only what a new network starts with. */
export const DEV_SETTINGS = {
  attesters: 3,
  attesterThreshold: 2,
  blockTimeMs: 1_000,
  /** An L3 without transactions seals a block a minute, not a second: every block of it costs proving. */
  l3IdleBlockTimeMs: 60_000,
  /** An epoch ends after this when Supersonic has transactions, and after the longer time when it has none. */
  epochSeconds: 10,
  epochIdleSeconds: 120,
  /** Bitcoin on regtest has no miners of its own: `bvm up` mines a block this often. */
  bitcoinBlockSeconds: 5,
} as const;
