import { badValue } from '../rest/bad-request.js';

/** A parameter of a search as it narrows: its name with its modifier, and the values of which one must hold. */
export interface Filter {
  /** As it was sent, its modifier with it. */
  readonly sent: string;
  readonly modifier: string | undefined;
  /** The values between commas, escapes still in them, empty ones left out. */
  readonly alternatives: readonly string[];
}

/** Divides a value at each mark that no backslash escapes; escapes stay as they are (R4 search, 3.1.1.4.0.4). */
export function divide(value: string, mark: ',' | '|'): string[] {
  if (!value.includes('\\')) return value.split(mark);
  const parts: string[] = [];
  let part = '';
  for (const piece of value.match(/\\?[^]/g) ?? []) {
    if (piece === mark) {
      parts.push(part);
      part = '';
    } else part += piece;
  }
  return [...parts, part];
}

/** A value without its escapes: `\,` → `,`. */
export const unescapeValue = (value: string): string => value.replace(/\\([\\,|$])/g, '$1');

/** Reads the value of `:missing`. @throws RequestError `bad-parameter-value` */
export function readMissing({ sent, alternatives }: Filter): boolean {
  const [value, ...more] = alternatives;
  if (more.length > 0 || (value !== 'true' && value !== 'false')) throw badValue(sent, 'expected true or false');
  return value === 'true';
}
