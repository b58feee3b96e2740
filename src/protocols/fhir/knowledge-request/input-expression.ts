import type { FhirRequest } from '../interaction.js';

/**
 * Where an input stands in what was posted, as the simple FHIRPath of OperationOutcome.issue.expression:
 * `resource[0].entry[2]` → `Parameters.parameter[3].resource.entry[2].resource`. Undefined for inputs of the query.
 */
export function inputExpression(position: string, { parameters, body }: FhirRequest): string | undefined {
  const [, name = '', index = '', rest = ''] = /^(\w+)\[(\d+)\](.*)$/.exec(position) ?? [];
  const below = rest.replace(/\.entry\[\d+\]/g, '$&.resource');
  if (!body) return undefined;
  if (body.resourceType !== 'Parameters') return name === 'resource' ? `${body.resourceType}${below}` : undefined;
  // Those of the query are read first.
  const inQuery = parameters.filter(([sent, value]) => sent === name && value.trim() !== '').length;
  const places = (body.parameter ?? []).flatMap((one, place) => (one.name === name ? [place] : []));
  const place = places[Number(index) - inQuery];
  if (place === undefined) return undefined;
  return `Parameters.parameter[${place}]${name === 'resource' ? '.resource' : ''}${below}`;
}
