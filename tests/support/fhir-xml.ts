import { SaxesParser } from 'saxes';
import type { Spot } from './fhir-definitions.js';
import { memberOf } from './fhir-definitions.js';

interface Open {
  readonly spot: Spot | undefined;
  order: number;
}

const XHTML = 'http://www.w3.org/1999/xhtml';

/** Complaints about an XML document by R4's order of elements; also unknown ones, and what is not well-formed. */
export function xmlComplaints(xml: string): string[] {
  const parser = new SaxesParser({ xmlns: true });
  const complaints: string[] = [];
  const open: Open[] = [];
  parser.on('error', ({ message }) => complaints.push(message));
  parser.on('opentag', ({ local, uri }) => {
    const parent = open.at(-1);
    if (uri === XHTML) {
      open.push({ spot: undefined, order: 0 });
      return;
    }
    // A resource stands as the whole, or alone in an element that holds resources.
    if (!parent || /^[A-Z]/.test(local)) {
      open.push({ spot: { type: local, path: local }, order: -1 });
      return;
    }
    const member = parent.spot && memberOf(parent.spot, local);
    if (!member) complaints.push(`${parent.spot?.path ?? ''} has no ${local}`);
    else if (member.order < parent.order) complaints.push(`${member.element.path} comes too late`);
    parent.order = member?.order ?? parent.order;
    open.push({ spot: member?.spot, order: -1 });
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return complaints;
}
