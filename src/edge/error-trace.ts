/** An error's name and where it was thrown, without its message: that may quote the request. */
export function traceOf(error: unknown): { error: string; trace: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, trace: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return { error: error.name, trace: frames.map((line) => line.trim()) };
}
