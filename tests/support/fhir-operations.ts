import { readFileSync, readdirSync } from 'node:fs';
import type { OperationDefinition, OperationDefinitionParameter, ParametersParameter } from '@medplum/fhirtypes';

const FOLDER = new URL('../../resources/fhir/', import.meta.url);
const ALLOWED_TYPE = 'http://hl7.org/fhir/StructureDefinition/operationdefinition-allowed-type';

const definitions = readdirSync(FOLDER)
  .filter((file) => file.startsWith('OperationDefinition-'))
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as OperationDefinition);

const propertyOf = (type: string): string => `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;

/** The properties by which a parameter may carry its value. */
function propertiesOf({ type = '', extension = [] }: OperationDefinitionParameter): string[] {
  const allowed = extension.flatMap(({ url, valueUri }) => (url === ALLOWED_TYPE && valueUri ? [valueUri] : []));
  const types = allowed.length > 0 ? allowed : [type];
  return types.flatMap((one) => [propertyOf(one), 'resource']);
}

function complaintsOf(
  sent: readonly ParametersParameter[],
  defined: readonly OperationDefinitionParameter[],
  at: string,
): string[] {
  const counts = defined.flatMap(({ name, min, max }) => {
    const count = sent.filter((one) => one.name === name).length;
    return count < min || (max !== '*' && count > Number(max)) ? [`${at}${name}: ${count} of ${min}..${max}`] : [];
  });
  const each = sent.flatMap((one) => {
    const known = defined.find(({ name }) => name === one.name);
    if (!known) return [`${at}${one.name} is not defined`];
    if (known.part) return complaintsOf(one.part ?? [], known.part, `${at}${known.name}.`);
    const [property = 'nothing'] = Object.keys(one).filter((key) => key !== 'name');
    const isAny = known.type === 'Element' || known.type === undefined;
    return isAny || propertiesOf(known).includes(property) ? [] : [`${at}${known.name} is ${property}`];
  });
  return [...counts, ...each];
}

/** Complaints of an operation's own definition about the Parameters of its answer: names, types, how many. */
export function outputComplaints(
  address: { readonly type: string | undefined; readonly code: string },
  parameters: readonly ParametersParameter[],
): string[] {
  const { type, code } = address;
  const found = definitions.find(
    (one) => one.code === code && (type === undefined || (one.resource as string[] | undefined)?.includes(type)),
  );
  const outputs = (found?.parameter ?? []).filter(({ use }) => use === 'out');
  return found ? complaintsOf(parameters, outputs, '') : [`no definition of ${code}`];
}
