import type pg from 'pg';
import type { Value } from '../connection.js';

/** Characters of a text that PostgreSQL cannot store: the character 0, and half of a pair of surrogates. */
const NO_TEXT = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Stands for it, as it does wherever UTF-8 cannot say something. */
const REPLACEMENT = '\ufffd';

const asText = (text: string): string => text.replace(NO_TEXT, REPLACEMENT);

/** A value as the driver takes it. */
export function toParameter(value: Value): Value {
  if (typeof value === 'string') return asText(value);
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

const INT8 = 20;

/** Counts and times are numbers here: none of them is beyond what a number can hold. */
export function createTypes({ TypeOverrides }: typeof pg): pg.CustomTypesConfig {
  const types = new TypeOverrides();
  types.setTypeParser(INT8, Number);
  return types;
}
