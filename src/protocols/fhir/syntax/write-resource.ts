import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../limits.js';
import { answerTooLarge } from '../../route.js';
import type { Format } from '../rest/format.js';
import { entryToXml, toXml } from './xml.js';

/** A Bundle's entries as JSON. @throws RequestError `answer-too-large` as soon as they are */
function writeEntries({ entry = [] }: Bundle): string {
  let text = '';
  for (const one of entry) {
    text += (text === '' ? '' : ',') + JSON.stringify(one);
    if (text.length > LIMITS.maxAnswerBytes) throw answerTooLarge();
  }
  return text;
}

/** The same as JSON.stringify of a resource; a Bundle's entries, which may be many, are written one by one. */
function writeJson(resource: Resource): string {
  if (resource.resourceType !== 'Bundle' || !resource.entry?.length) return JSON.stringify(resource);
  const members = Object.entries(resource).flatMap(([name, value]) => {
    const text = name === 'entry' ? `[${writeEntries(resource)}]` : (JSON.stringify(value) as string | undefined);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
}

/** Bytes of an entry of a Bundle in the syntax of the answer. @throws RequestError `answer-too-large` */
export const measureEntry = (entry: BundleEntry, syntax: Format['syntax']): number =>
  Buffer.byteLength(syntax === 'xml' ? entryToXml(entry) : JSON.stringify(entry));

/** Writes a resource in the requested format; a large one is not indented. @throws RequestError `answer-too-large` */
export function writeResource(resource: Resource, { syntax, pretty }: Format): string {
  const plain = syntax === 'xml' ? toXml(resource) : writeJson(resource);
  // Laid out, what is nested deeply may be twenty times as long.
  if (!pretty || plain.length > LIMITS.maxPrettyBytes) return plain;
  return syntax === 'xml' ? toXml(resource, true) : JSON.stringify(resource, null, 2);
}
