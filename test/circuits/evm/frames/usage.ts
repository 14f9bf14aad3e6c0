/** Wires of the chips of frames that only one constraint mentions, besides their range. */
import type { UsageException } from "../../../../circuits/builder/usageLint.ts";

const OWN = /^(frame|exception|settle|code)(\[\])?\./.source;
const of = (names: string): RegExp => new RegExp(`${OWN}([a-zA-Z0-9]+(\\[\\])?\\.)*(${names})(\\[\\])*$`);

export const FRAMES_USED_ONCE: readonly UsageException[] = [
  { name: of("place"), because: "where a key stands in a table: that it stands somewhere is the claim" },
  {
    name: of("gap|room|remainder|excess|distance|margin|spare|bytes|more|least|most|enough"),
    because: "a difference that one line defines and whose range is the claim: it is not negative, or small",
  },
  { name: of("isPoor\\.(low|high)|(given|cap)\\.rest"), because: "as above" },
  { name: of("address\\.rest"), because: "the bits above 160 of a word that is read as an address" },
  {
    name: of("permutation\\[\\]"),
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  { name: of("memoryEnd|done\\.after|next"), because: "what would come after the last entry" },
  {
    name: of("output\\.start"),
    because: "a column of a transaction's own frame, whose output nobody copies",
  },
  { name: of("due"), because: "of the last row: its range is the claim" },
  { name: of("doomed\\.time"), because: "finds what is planned for the access that newAccount.ts claims" },
  {
    name: /^(frame\[\]\.start|exception\[\]\.misfit)\.[ab]\[\]$/,
    because: "fields of a row's key alone: the row that asks has them",
  },
  {
    name: of("range\\.offset|second\\.(offset|length)"),
    because: "of a range that only its end matters of",
  },
];
