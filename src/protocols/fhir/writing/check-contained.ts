import type { Resource } from '@medplum/fhirtypes';
import type { JsonObject } from '../../json-object.js';
import type { FaultList } from './faults.js';
import type { WrittenResource } from './written-type.js';

/** Types that may be contained in a written resource: makers of the page, and the ends of a map. Nothing of a patient's is among them. */
const CONTAINABLE: Readonly<Record<WrittenResource['resourceType'], readonly string[]>> = {
  DocumentReference: ['Organization', 'Practitioner', 'PractitionerRole', 'Device'],
  ConceptMap: ['CodeSystem', 'ValueSet'],
};

/** A reference, by address, by criteria or by type, to a patient, a patient's people or their visits. */
const OF_PATIENT = /(?:^|\/)(Patient|RelatedPerson|Person|Encounter|EpisodeOfCare)(?:[/?]|$)/;

/** Where a value stands: its name, or its number in a list, and what it stands in. */
interface Place {
  readonly name: string;
  readonly within?: Place;
}

/** A place as FHIRPath writes it. */
function formatPlace({ name, within }: Place): string {
  if (!within) return name;
  return formatPlace(within) + (/^\d+$/.test(name) ? `[${name}]` : `.${name}`);
}

/** Visits the texts within a value that are members of objects; a map has ten thousands: their places are written out when needed. */
function visitTexts(value: object, within: Place, visit: (text: string, place: Place) => void): void {
  const isList = Array.isArray(value);
  for (const name of Object.keys(value)) {
    const member = (value as JsonObject)[name];
    if (typeof member === 'object' && member !== null) visitTexts(member, { name, within }, visit);
    else if (typeof member === 'string' && !isList) visit(member, { name, within });
  }
}

/**
 * Rejects what of a written resource could be about a patient, whom no page is about: contained resources of other types than
 * those that make one, and references to patients. What is contained follows R4 besides (references, 2.3.0.2; dom-2 to dom-5).
 */
export function checkContained(resource: WrittenResource, faults: FaultList): void {
  const { resourceType } = resource;
  const { contained = [] } = resource as { contained?: Resource[] };
  const local = new Set<string>();
  // A canonical address may name what is contained, too.
  visitTexts(resource, { name: resourceType }, (text, place) => {
    if (text.startsWith('#')) local.add(text.slice(1));
    else if ((place.name === 'reference' || place.name === 'type') && OF_PATIENT.test(text))
      faults.add(
        formatPlace(place),
        'must not refer to a patient or a visit: an article is about none',
        'business-rule',
      );
  });
  const types = CONTAINABLE[resourceType];
  for (const [index, one] of contained.entries()) {
    const at = `${resourceType}.contained[${index}]`;
    const { id, meta } = one;
    if (!types.includes(one.resourceType))
      faults.add(at, `is a ${one.resourceType}; contained are ${types.join(', ')} alone`, 'business-rule');
    if (id === undefined) faults.add(`${at}.id`, 'is required: what is contained is referred to by it', 'required');
    else if (!local.has(id)) faults.add(at, 'is referred to by nothing (R4, dom-3)', 'invariant');
    if (Object.hasOwn(one, 'contained')) faults.add(`${at}.contained`, 'must not be there (R4, dom-2)', 'invariant');
    if (meta?.versionId ?? meta?.lastUpdated) faults.add(`${at}.meta`, 'must tell no version (R4, dom-4)', 'invariant');
    if (meta?.security) faults.add(`${at}.meta.security`, 'must not be there (R4, dom-5)', 'invariant');
  }
}
