/** pg-boss names jobs by UUID: the first 16 bytes of the job's id, in the form of a version 8 UUID (RFC 9562, 5.8). */
export function queueIdOf(id: string): string {
  const hex = `${id.slice(0, 12)}8${id.slice(13, 16)}8${id.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
