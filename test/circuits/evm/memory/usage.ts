/** Wires of the chips of memory that only one constraint mentions, besides their range. */
import type { UsageException } from "../../../../circuits/builder/usageLint.ts";

const USE = /^((memoryOp|copy|keccakOp|log|return)\[\]|messages\.message(Row)?\[\]|copies\.copyRow\[\])\./
  .source;

export const MEMORY_USED_ONCE: readonly UsageException[] = [
  {
    name: new RegExp(`${USE}([a-zA-Z]+\\.)*place$`),
    because: "where a key stands in a table: that it stands somewhere is the claim",
  },
  {
    name: /^(memoryOp|keccakOp)\[\]\.(sp|pc|gas)$/,
    because: "fields of a row's key alone: the row that asks has them",
  },
  {
    name: /^(memoryOp|copy|keccakOp|log)\[\]\.size\.(gap|room|(old|now)\.remainder)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative, or small",
  },
  {
    name: /^(memoryOp\[\]\.calldata|copy\[\]\.(source|end)|copies\.copyRow\[\]\.left)\.distance$/,
    because: "as above",
  },
  { name: /^(copy\[\]\.(returned\.left|bytes\.enough)|memory\.access\[\]\.later)$/, because: "as above" },
  {
    name: /^((copy|keccakOp|log)\[\]\.touched|copy\[\]\.copied|keccakOp\[\]\.words)\.spare$/,
    because: "as above",
  },
  { name: /^copy\[\]\.address\.(lo|hi)$/, because: "of EXTCODECOPY: the account's chip reads it" },
  {
    name: /^(log\[\]\.hash|messages\.(message\[\]\.begun|messageRow\[\]\.hash))\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  { name: /^(join|merge)\[\]\.active$/, because: "part of its key: a fact that is not active is not there" },
  {
    name: /^(join\[\]\.result\.(out|hi\.up)|merge\[\]\.result\.(upper|lower\.up))$/,
    because: "one side of a division with remainder, with its range",
  },
];
