// Rules that are written down are linted: the import direction of docs/ARCHITECTURE.md, typed errors, no silent catch.
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Room -> the rooms it may import (itself included). Everything else is refused. */
const allowed = {
  protocol: ["protocol"],
  circuits: ["protocol", "circuits"],
  proving: ["protocol", "circuits", "proving", "agents/kit"],
  generated: ["generated"],
  "agents/kit": ["protocol", "generated", "deployments", "agents/kit"],
  scripts: ["protocol", "circuits", "proving", "generated", "deployments", "agents", "scripts"],
};
const roles = ["node", "da", "attester", "queue", "prover", "batcher", "inscriber", "light-node"];
const shared = ["protocol", "generated", "deployments", "agents/kit"];
for (const role of roles) allowed[`agents/${role}`] = [...shared, `agents/${role}`];
allowed["agents/prover"].push("circuits", "proving");

const rooms = [
  "protocol",
  "circuits",
  "proving",
  "contracts",
  "generated",
  "deployments",
  "agents",
  "cli",
  "scripts",
  "test",
];
const zones = Object.entries(allowed).flatMap(([room, may]) =>
  rooms
    .filter((other) => !may.includes(other))
    .map((other) => ({
      target: `./${room}`,
      from: `./${other}`,
      except: may.filter((m) => m.startsWith(`${other}/`)).map((m) => `./${m.slice(other.length + 1)}`),
      message: `${room} may import only: ${may.join(", ")} (docs/ARCHITECTURE.md, "Rooms and import direction")`,
    })),
);

const noBareError = {
  selector: "NewExpression[callee.name='Error']",
  message: "Throw a StackError with a code and its values (protocol/errors.ts).",
};

/** A cast gives a wire the type and not the bound (docs/spec/circuit-builder.md, "Words"). */
const BOUNDED = "TSTypeReference[typeName.name=/^(U8|U16|U32|U64|U128|Bool|Word|Key|Bits)$/]";
const noTypedWireByCast = {
  selector: `TSAsExpression > ${BOUNDED}, TSAsExpression > TSArrayType > ${BOUNDED}, TSTypeAssertion > ${BOUNDED}`,
  message:
    "A wire gets its type by a check: promiseBits, assertBits, witnessBits (circuits/builder/ranges.ts).",
};

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "artifacts/",
      "cache/",
      "types/",
      "generated/",
      "protocol/poseidon2/assembly/",
      "proving/referenceString/assembly/",
    ],
  },
  {
    files: ["**/*.ts", "**/*.js"],
    extends: [...tseslint.configs.recommended],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".json"] })],
      // Modules whose own imports are followed: ours. Some packages are too large to parse.
      "import-x/extensions": [".ts"],
      "import-x/ignore": ["/node_modules/"],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "import-x/no-self-import": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      eqeqeq: "error",
      "no-restricted-syntax": ["error", noBareError],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // The protocol is pure: no files, no process, no clocks.
    files: ["protocol/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^node:", message: "protocol/ is pure: no I/O" }] },
      ],
      "no-restricted-globals": ["error", "process", "fetch"],
    },
  },
  {
    files: ["circuits/**/*.ts"],
    ignores: ["circuits/builder/**"],
    rules: { "no-restricted-syntax": ["error", noBareError, noTypedWireByCast] },
  },
  {
    files: ["test/**/*.ts", "scripts/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off", "no-restricted-syntax": "off" },
  },
);
