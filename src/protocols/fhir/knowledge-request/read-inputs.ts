import { KIND_OF_SUBJECT, type ChartQuestion } from '../../../core/charts/chart-question.js';
import type { ChartSetting } from '../../../core/charts/chart-settings.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { RequestError } from '../../../core/errors.js';
import { buildCodingsKey, type RequestCoding } from '../../../core/answer/knowledge-request.js';
import { LIMITS } from '../../../limits.js';
import type { OperationInput } from '../rest/interaction.js';
import { findValue } from '../syntax/primitives.js';
import { isResourceType } from '../syntax/structure.js';
import { CHART_RULES } from './chart-rules.js';
import { readScene, type PlacedResource, type SceneOptions } from './chart-scene.js';
import { readConcept, toRequestCoding, addDrugName, type SentConcept } from './concept.js';
import { asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import { readChartResource } from './read-chart.js';
import type { Reading } from './reading.js';
import { badResource, missingParameter } from '../rest/bad-request.js';
import { isForeign, normalizeBase, parseReference } from '../../literal-reference.js';

const withoutVersion = (reference: string): string => reference.split('/_history/', 1)[0] ?? '';

/**
 * Finds the Medications of a request by the references of its drugs (R4 bundle, 3.7.4.1). An absolute reference to another server is never
 * the Medication of this one that has the same id: it may be another drug.
 * @param server base address of the server whose chart it is; undefined: unknown
 * @returns a function of a reference and the `fullUrl` of the resource that has it
 */
export function createMedicationFinder(
  resources: readonly PlacedResource[],
  server: string | undefined,
): (reference: string, fullUrl: string) => JsonObject | undefined {
  const known = server === undefined ? undefined : normalizeBase(server);
  /** By address, by `Medication/12` for those whose server is unknown, and by `any/12`. */
  const byName = new Map<string, JsonObject>();
  const anyName = (id: string): string => `any/${id}`;
  for (const { resource, fullUrl } of resources) {
    if (asText(resource.resourceType) !== 'Medication') continue;
    const id = asText(resource.id);
    const base = parseReference(fullUrl)?.base ?? known;
    if (fullUrl !== '') byName.set(fullUrl, resource);
    if (id === '') continue;
    byName.set(base === undefined ? `Medication/${id}` : `${base}/Medication/${id}`, resource);
    byName.set(anyName(id), resource);
  }
  return (reference, fullUrl) => {
    const exact = byName.get(withoutVersion(reference));
    const read = parseReference(reference);
    if (read?.type !== 'Medication') return exact;
    const own = parseReference(fullUrl)?.base ?? known;
    const base = read.base ?? own;
    if (base === undefined) return exact ?? byName.get(anyName(read.id));
    const ofServer = byName.get(`${base}/Medication/${read.id}`);
    return ofServer ?? (isForeign(read, own) ? undefined : byName.get(`Medication/${read.id}`));
  };
}

/** One thing that a request asks with: where it stands, its type, the coding it asks with. Never whose it is. */
export interface ChartInput {
  /** `resource[0].entry[3]`, `coding[1]`: numbers from 0 within the parameter's name. */
  readonly position: string;
  /** Resource type or `Coding`, `CodeableConcept`. */
  readonly type: string;
  readonly coding: RequestCoding | undefined;
  readonly reading: Reading;
}

export interface ChartInputs {
  readonly inputs: readonly ChartInput[];
  readonly questions: readonly ChartQuestion[];
  /** The Patients and RelatedPersons that came along. */
  readonly people: readonly JsonObject[];
  readonly setting: ChartSetting;
  /** Names and references of the places of the encounter. */
  readonly places: readonly string[];
}

export interface InputOptions extends Omit<SceneOptions, 'isAsked'> {
  readonly includeInactive: boolean;
  /** Whether facts in doubt are queried as well, for a clinician who decides. */
  readonly asksDoubtful: boolean;
  /** True for a chart, even of one fact alone. */
  readonly isChart?: boolean;
}

/** A Bundle of search results is in a batch's response, which may itself be sent in a Bundle: no deeper nesting is needed. */
const MOST_BUNDLES = 3;

interface Placed extends PlacedResource {
  readonly position: string;
}

/** All resources of the request, those of Bundles one by one. */
function collectResources(placed: Placed, depth: number, into: Placed[]): void {
  const most = LIMITS.maxChartResources;
  if (asText(placed.resource.resourceType) !== 'Bundle') {
    into.push(placed);
    if (into.length > most) throw new RequestError('too-many-resources', { most });
    return;
  }
  if (depth === MOST_BUNDLES) throw badResource('its Bundles are nested too deeply');
  const { entry } = placed.resource;
  for (const [index, one] of (Array.isArray(entry) ? (entry as unknown[]) : []).entries()) {
    const found = asObject(one);
    const resource = asObject(found?.resource);
    const position = `${placed.position}.entry[${index}]`;
    if (resource) collectResources({ position, resource, fullUrl: asText(found?.fullUrl) }, depth + 1, into);
  }
}

/** A concept that was sent by itself. */
function readAlone(concept: SentConcept | undefined): Reading {
  const coding = concept?.codings.find(({ system }) => system) ?? concept?.codings[0];
  const codings = concept && concept.codings.length === 0 ? addDrugName(concept) : (concept?.codings ?? []);
  const [first] = codings;
  if (!first) return { state: 'skip', coding, reason: 'no-code', status: '', questions: [] };
  const { system } = coding ?? first;
  const kind = system ? KIND_OF_SUBJECT[codeSystem(system).kind] : 'problem';
  return { state: 'take', coding, questions: [{ kind, codings, notedAt: undefined, isAsked: true }] };
}

function readCodings(input: OperationInput): ChartInput[] {
  function placed(name: string, type: string, read: (value: unknown) => SentConcept | undefined): ChartInput[] {
    const inputs: ChartInput[] = [];
    for (const [index, parameter] of (input.get(name) ?? []).entries()) {
      const reading = readAlone(read(findValue(parameter)?.[1]));
      inputs.push({ position: `${name}[${index}]`, type, coding: reading.coding, reading });
    }
    return inputs;
  }
  const ofCoding = (value: unknown): SentConcept | undefined => {
    const coding = toRequestCoding(asObject(value) ?? {});
    if (coding.code.trim() === '') return readConcept({ text: coding.display });
    return { codings: [coding], text: '' };
  };
  return [
    ...readCodes(input),
    ...placed('coding', 'Coding', ofCoding),
    ...placed('codeableConcept', 'CodeableConcept', readConcept),
  ];
}

/**
 * Codes with their systems, in primitives: `code` and `system` belong together by their order, one system stands for all
 * codes, and `system|code` brings its own.
 * @throws RequestError `missing-parameter` where a code has no system
 */
function readCodes(input: OperationInput): ChartInput[] {
  const systems = (input.get('system') ?? []).map(({ valueUri }) => valueUri ?? '');
  return (input.get('code') ?? []).map(({ valueCode = '' }, index): ChartInput => {
    const bar = valueCode.indexOf('|');
    const own = bar > 0 ? valueCode.slice(0, bar) : undefined;
    const system = own ?? (systems.length === 1 ? systems[0] : systems[index]);
    if (!system) throw missingParameter('system');
    const coding = toRequestCoding({ system, code: own === undefined ? valueCode : valueCode.slice(bar + 1) });
    return { position: `code[${index}]`, type: 'Coding', coding, reading: readAlone({ codings: [coding], text: '' }) };
  });
}

/** Collects the questions of all inputs. @throws RequestError `too-many-criteria` past so many different ones */
function collectQuestions(inputs: readonly ChartInput[], asksDoubtful: boolean): ChartQuestion[] {
  const most = LIMITS.maxChartQuestions;
  const questions: ChartQuestion[] = [];
  const different = new Set<string>();
  for (const [input, { reading }] of inputs.entries()) {
    for (const question of reading.state === 'take' || asksDoubtful ? reading.questions : []) {
      questions.push({ ...question, input });
      different.add(buildCodingsKey(question.codings));
      if (different.size > most) throw new RequestError('too-many-criteria', { most });
    }
  }
  return questions;
}

/** Types that tell who the reader is. */
const PEOPLE: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson']);

/** Whether a resource of this type is read. FHIR's other types ask for no knowledge, and are ignored without a warning. */
const isRead = (type: string): boolean => type === 'ImmunizationRecommendation' || Object.hasOwn(CHART_RULES, type);

/** All resources of the request. @throws RequestError `bad-resource`, `too-many-resources` */
function placeAll(input: OperationInput): Placed[] {
  const resources: Placed[] = [];
  for (const [index, { resource }] of (input.get('resource') ?? []).entries()) {
    const found = asObjects(resource)[0] ?? {};
    collectResources({ position: `resource[${index}]`, resource: found, fullUrl: '' }, 0, resources);
  }
  return resources;
}

/** Reads the facts of a chart, each in the light of the whole chart. */
function readFacts(
  resources: readonly Placed[],
  options: InputOptions,
): Pick<ChartInputs, 'inputs' | 'setting' | 'places'> {
  const { includeInactive, now, isChart = false, server } = options;
  const read = resources.map(({ resource }) => (isRead(asText(resource.resourceType)) ? 1 : 0));
  // A resource that is sent alone is a question, not a chart.
  const isAsked = !isChart && read.reduce<number>((sum, one) => sum + one, 0) === 1;
  const scene = readScene(resources, { ...options, isAsked });
  const findMedication = createMedicationFinder(resources, server);
  const inputs: ChartInput[] = [];
  for (const { position, resource, fullUrl } of resources) {
    const type = asText(resource.resourceType);
    if (!isRead(type) && isResourceType(type)) continue;
    const found = readChartResource(resource, {
      includeInactive,
      now,
      scene,
      findMedication: (reference) => findMedication(reference, fullUrl),
    });
    inputs.push({ position, type, coding: found.coding, reading: found });
  }
  return { inputs, setting: scene.setting, places: scene.places };
}

/**
 * Everything that a request asks with: codes, codings, concepts, and the resources of a chart, each with its reading.
 * @throws RequestError `missing-parameter` where there is nothing at all, `too-many-resources`, `too-many-criteria`,
 * `bad-resource`
 */
export function readInputs(input: OperationInput, options: InputOptions): ChartInputs {
  const resources = placeAll(input);
  const named = ['code', 'coding', 'codeableConcept'].reduce((sum, name) => sum + (input.get(name)?.length ?? 0), 0);
  const most = LIMITS.maxChartResources;
  if (named > most) throw new RequestError('too-many-criteria', { most });
  const codings = readCodings(input);
  if (codings.length === 0 && !input.has('resource')) {
    throw missingParameter('resource, coding, codeableConcept, or code with system');
  }
  const facts = readFacts(resources, options);
  const inputs = [...codings, ...facts.inputs];
  const questions = collectQuestions(inputs, options.asksDoubtful);
  const people = resources.flatMap(({ resource }) => (PEOPLE.has(asText(resource.resourceType)) ? [resource] : []));
  return { inputs, questions, people, setting: facts.setting, places: facts.places };
}
