/** A wrong environment variable: one line that names it and its accepted values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The items of a list separated by commas or spaces. */
export const splitList = (text: string | undefined): string[] =>
  (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
