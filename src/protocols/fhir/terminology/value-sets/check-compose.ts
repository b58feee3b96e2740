import type { ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';

/** What R4 wants of each include (invariants vsd-1 to vsd-3): undefined for what can be evaluated. */
function faultOfInclude({ system, valueSet, concept, filter }: ValueSetComposeInclude): string | undefined {
  if (!system && !valueSet?.length) return 'names neither a system nor a value set';
  if (!system && (concept ?? filter)) return 'has concepts or filters without a system';
  return concept && filter ? 'has both concepts and filters' : undefined;
}

/** Refuses a value set that R4 gives no meaning. @throws RequestError `bad-value-set` */
export function checkCompose({ url, compose }: ValueSet): void {
  const refuse = (reason: string, expression: string): RequestError =>
    new RequestError('bad-value-set', { reason: `The value set '${url ?? ''}' ${reason}`, expression });
  // Whoever sends a value set may have left anything out.
  const { include = [] }: Partial<NonNullable<ValueSet['compose']>> = compose ?? {};
  if (!compose || include.length === 0) throw refuse('includes nothing', 'ValueSet.compose');
  for (const kind of ['include', 'exclude'] as const) {
    for (const [index, one] of (compose[kind] ?? []).entries()) {
      const fault = faultOfInclude(one);
      if (fault !== undefined) throw refuse(fault, `ValueSet.compose.${kind}[${index}]`);
    }
  }
}
