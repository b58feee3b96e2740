/** A wrong environment: one line that names the variable and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The parts of a list, divided by commas or blanks. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
