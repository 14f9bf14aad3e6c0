import { Gas } from "../gas.ts";
import type { Execute } from "../operation.ts";

export const logOf =
  (topicCount: number): Execute =>
  (frame, { world, recorder }) => {
    const offset = frame.stack.pop();
    const length = frame.stack.pop();
    if (frame.message.isStatic) return frame.fail("STATIC_VIOLATION");
    const range = frame.openRange(offset, length, Gas.LOG_BYTE * length);
    if (range === undefined) return;
    const topics = Array.from({ length: topicCount }, () => frame.stack.pop());
    const data = frame.memory.read(range);
    world.logs.push({ address: frame.message.address, topics, data, step: recorder?.steps.length ?? -1 });
  };
