const texts = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The cause of a failure, for the log: a code of the protocol or the network, or our own words; never a description of another server. */
export function findDetail(cause: unknown): string | undefined {
  const { error, code, cause: deeper, message } = texts(cause);
  const words = [error, texts(deeper).code, code].find((one) => typeof one === 'string' && /^\w{1,60}$/.test(one));
  if (typeof words === 'string') return words;
  return cause instanceof Error && cause.name === 'Error' && typeof message === 'string' ? message : undefined;
}
