/** node shrinkSeed.ts <seed> <flavours> [file]: makes the failing case of a seed small, and prints it with what it executes. */
import { writeFileSync } from "node:fs";
import { OPCODES } from "../../../../protocol/evm/opcodes.ts";
import { caseToText } from "./fuzzCase.ts";
import { caseOfSeed, type Flavour } from "./generateCase.ts";
import { proveCase } from "./proveCase.ts";
import { shrink } from "./shrink.ts";

const [seed = "1", flavours = "random", file] = process.argv.slice(2);
const found = caseOfSeed(Number(seed), flavours.split(",") as Flavour[]);
const { failure } = await proveCase(found);
if (failure === undefined) throw new RangeError(`seed ${seed} does not fail`);
const small = await shrink(found, failure.signature);
const { traces, failure: last } = await proveCase(small);
console.log(caseToText(small), last?.details);
for (const { steps } of traces)
  for (const { frame, pc, opcode, gas, operands, halt } of steps)
    console.log(frame, pc, OPCODES[opcode]?.name ?? opcode, gas, operands.map((word) => word.toString(16)).join(" "), halt ?? ""); // prettier-ignore
if (file !== undefined) writeFileSync(file, caseToText(small));
