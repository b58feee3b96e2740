const DATE = String.raw`\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?`;
const DAY = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?`;
const ZONE = String.raw`(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))`;

/** How R4's primitives are written that JSON writes as text (datatypes, 2.24.0.1). */
export const TEXT_FORMS: Readonly<Record<string, RegExp>> = {
  string: /^[^]+$/,
  markdown: /^[^]+$/,
  code: /^\S+( \S+)*$/,
  id: /^[A-Za-z0-9.-]{1,64}$/,
  uri: /^\S+$/,
  url: /^\S+$/,
  canonical: /^\S+$/,
  oid: /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: new RegExp(`^${DATE}$`),
  dateTime: new RegExp(`^(${DATE}|${DAY}T${TIME}${ZONE})$`),
  instant: new RegExp(`^${DAY}T${TIME}${ZONE}$`),
  time: new RegExp(`^${TIME}$`),
  base64Binary: /^[A-Za-z0-9+/=\s]+$/,
};

/** Those that JSON writes as numbers. */
export const NUMBER_FORMS: Readonly<Record<string, RegExp>> = {
  integer: /^-?(?:0|[1-9]\d{0,9})$/,
  unsignedInt: /^(?:0|[1-9]\d{0,9})$/,
  positiveInt: /^[1-9]\d{0,9}$/,
  decimal: /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?$/,
};

export const isTextType = (type: string): boolean => Object.hasOwn(TEXT_FORMS, type);

export const isNumberType = (type: string): boolean => Object.hasOwn(NUMBER_FORMS, type);

export const isPrimitiveType = (type: string): boolean => type === 'boolean' || isTextType(type) || isNumberType(type);

/** A name with a capital, as types of data begin in the names of choices: `string` → `String`. */
export const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A name without a capital: `String` → `string`. */
export const uncapitalize = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The name and the value of a choice `value[x]`; undefined where there is none. */
export const findValue = (element: object): [name: `value${string}`, value: unknown] | undefined =>
  Object.entries(element).find((entry): entry is [`value${string}`, unknown] => /^value[A-Z]/.test(entry[0]));
