/** JSON with bigints, written as decimal text with an `n` behind. For records that hold no other text of that form. */
export const toJson = (value: unknown): Buffer =>
  Buffer.from(JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? `${item}n` : item)));

export const fromJson = <T>(bytes: Uint8Array): T =>
  JSON.parse(Buffer.from(bytes).toString(), (_key, item) =>
    typeof item === "string" && /^[0-9]+n$/.test(item) ? BigInt(item.slice(0, -1)) : item,
  ) as T;
