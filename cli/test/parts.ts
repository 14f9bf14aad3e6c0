/**
 * What `bvm test` runs, in order: cheap checks first, the full end-to-end run last.
 * `bvm test <part>` runs one of them; continuous integration runs them all.
 */
export interface TestPart {
  readonly name: string;
  readonly what: string;
  /** Arguments after the Node binary. */
  readonly run: readonly string[];
  /** Runs only when named: takes many minutes and checks what seldom changes. */
  readonly onDemand?: boolean;
}

const bin = (path: string): string => `node_modules/${path}`;
/** `--exit`: a handle that a native module leaves open must not keep a finished run alive. */
const mocha = (...globs: string[]): string[] => [
  bin("mocha/bin/mocha.js"),
  "--reporter",
  "dot",
  "--exit",
  ...globs,
];

export const TEST_PARTS: readonly TestPart[] = [
  {
    name: "format",
    what: "prettier",
    run: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  },
  {
    name: "lint",
    what: "eslint, with the import direction",
    run: [bin("eslint/bin/eslint.js"), "--max-warnings", "0", "."],
  },
  { name: "types", what: "tsc", run: [bin("typescript/bin/tsc"), "--noEmit", "-p", "."] },
  {
    name: "protocol",
    what: "codecs, hashes, state tree, inscription format",
    run: mocha("test/protocol/**/*.test.ts"),
  },
  {
    name: "contracts",
    what: "Solidity: settlement, verifiers, data availability",
    run: mocha("test/contracts/**/*.test.ts"),
  },
  {
    name: "circuits",
    what: "builder, gadgets, programs, forged witnesses",
    run: mocha("test/circuits/**/*.test.ts"),
  },
  {
    name: "circuits-slow",
    what: "all recursion programs, proven; inner proofs with a wrong pairing",
    run: mocha("test/circuits/slow/*.slow.ts"),
    onDemand: true,
  },
  { name: "proving", what: "bb, reference string, keys, verifiers", run: mocha("test/proving/**/*.test.ts") },
  {
    name: "agents",
    what: "node, batcher, prover, inscriber, light node",
    run: mocha("test/agents/**/*.test.ts"),
  },
  { name: "cli", what: "launcher, configuration, supervisor", run: mocha("test/cli/**/*.test.ts") },
  { name: "e2e", what: "one L3 transaction to Bitcoin and back", run: mocha("test/e2e/**/*.test.ts") },
];
