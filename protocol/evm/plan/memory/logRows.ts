/** The rows of LOG0 to LOG4: opcode, then the tags of the rows with topics. */
import { OPCODE } from "../../opcodes.ts";
import { Tag } from "../../tags.ts";

export const LOG_ROWS: readonly (readonly [op: number, ...topics: number[]])[] = [
  [OPCODE.LOG0!],
  [OPCODE.LOG1!, Tag.LOG1_TOPIC],
  [OPCODE.LOG2!, Tag.LOG2_TOPICS],
  [OPCODE.LOG3!, Tag.LOG3_TOPICS, Tag.LOG3_TOPIC],
  [OPCODE.LOG4!, Tag.LOG4_TOPICS, Tag.LOG4_LAST_TOPICS],
];
