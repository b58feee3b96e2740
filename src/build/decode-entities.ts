import { decodeHTMLStrict } from 'entities';

/** Decodes the character references of an HTML text; one that HTML does not know stays as written. Soft hyphens are no part of a text. */
export const decodeEntities = (html: string): string => decodeHTMLStrict(html).replaceAll('\u00ad', '');
