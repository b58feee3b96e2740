import type { FhirRequest } from '../rest/interaction.js';

/** The places of the parameters that were posted, by their names. */
function findPlaces(posted: readonly { readonly name?: string }[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { name = '' }] of posted.entries()) {
    const known = places.get(name);
    if (known) known.push(place);
    else places.set(name, [place]);
  }
  return places;
}

/**
 * Returns the place of an input in the posted body, as the simple FHIRPath of OperationOutcome.issue.expression:
 * `resource[0].entry[2]` → `Parameters.parameter[3].resource.entry[2].resource`. Undefined for inputs of the query.
 */
export function createInputExpressions({ parameters, body }: FhirRequest): (position: string) => string | undefined {
  const places = body?.resourceType === 'Parameters' ? findPlaces(body.parameter ?? []) : undefined;
  return (position) => {
    const [, name = '', index = '', rest = ''] = /^(\w+)\[(\d+)\](.*)$/.exec(position) ?? [];
    const below = rest.replace(/\.entry\[\d+\]/g, '$&.resource');
    if (!body) return undefined;
    if (!places) return name === 'resource' ? `${body.resourceType}${below}` : undefined;
    // Those of the query are read first.
    const inQuery = parameters.filter(([sent, value]) => sent === name && value.trim() !== '').length;
    const place = places.get(name)?.[Number(index) - inQuery];
    if (place === undefined) return undefined;
    return `Parameters.parameter[${place}]${name === 'resource' ? '.resource' : ''}${below}`;
  };
}
