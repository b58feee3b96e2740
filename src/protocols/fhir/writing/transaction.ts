import { RequestError } from '../../../core/errors.js';
import type { ApplyChanges, WrittenChange } from '../../../core/model/written-store.js';
import { runForEntry, nameEntry } from '../rest/entry-place.js';
import type { FhirAnswer } from '../rest/interaction.js';
import type { Plan, Write, Writing } from './writing.js';
import { badResource } from '../rest/bad-request.js';
import { flatMap } from '../../../core/flat-map.js';

/** A write of a transaction, with its place among the entries and the name by which others refer to it. */
export interface TransactionWrite extends Write {
  readonly index: number;
  /** `urn:uuid:…`; undefined where the entry has none. */
  readonly fullUrl: string | undefined;
}

/** The order in which a transaction is done (R4 http, 3.1.0.11.2). */
const ORDER: Readonly<Record<Write['method'], number>> = { DELETE: 0, POST: 1, PUT: 2 };

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A resource with other texts in it. @param replace by the text, and the name of the element that it stands in */
function mapTexts<T>(resource: T, replace: (text: string, name: string) => string): T {
  const map = (value: Json, name = ''): Json => {
    if (typeof value === 'string') return replace(value, name);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return (value as readonly Json[]).map((one) => map(one));
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member, key)]));
  };
  return map(resource as Json) as T;
}

/** Plans some writes, in their order; errors name the entry. */
async function planAll(writes: readonly TransactionWrite[], newArticles: ReadonlySet<string>, writing: Writing) {
  const plans = new Map<TransactionWrite, Plan>();
  for (const write of writes) {
    plans.set(write, await runForEntry(write, () => writing.plan(write, newArticles)));
  }
  return plans;
}

/** No resource may be written twice in a transaction. @throws RequestError `bad-resource` */
function checkTwice(plans: ReadonlyMap<TransactionWrite, Plan>): void {
  const seen = new Set<string>();
  for (const [write, plan] of plans) {
    if ('existing' in plan) continue;
    const key = `${plan.change.type}/${plan.change.id}`;
    if (seen.has(key)) throw nameEntry(badResource(`${key} is written twice`), write);
    seen.add(key);
  }
}

const findId = (plan: Plan): string => ('existing' in plan ? (plan.existing.resource?.id ?? '') : plan.change.id);

/**
 * Makes all writes of a transaction or none (R4 http, 3.1.0.11.2): names of the Bundle become addresses, documents come before
 * the maps that lead to them.
 * @returns the answer of each, by its place among the entries
 */
export async function writeAll(
  writes: readonly TransactionWrite[],
  writing: Writing,
  now: Date,
): Promise<ReadonlyMap<number, FhirAnswer>> {
  return writing.exclusively(async (apply) => {
    const sorted = [...writes].sort((a, b) => ORDER[a.method] - ORDER[b.method]);
    const documents = sorted.filter(({ type }) => type === 'DocumentReference');
    const first = await planAll(documents, new Set(), writing);
    const addresses = new Map<string, string>();
    for (const [{ fullUrl, type }, plan] of first) {
      if (fullUrl?.startsWith('urn:')) addresses.set(fullUrl, `${type}/${findId(plan)}`);
    }
    const maps = sorted.filter(({ type }) => type !== 'DocumentReference');
    const named = maps.map((write) => renameTargets(write, addresses, first));
    // Maps may lead to the articles that the documents bring.
    const texts = flatMap([...first.values()], (plan) => ('change' in plan ? plan.change.rows.texts : []));
    const second = await planAll(named, new Set(texts.map(({ article }) => article)), writing);
    const plans = new Map(
      [...first, ...second].map(([write, plan]) => [write, replacePlanNames(plan, addresses)] as const),
    );
    checkTwice(plans);
    const ordered = [...plans].sort(([a], [b]) => ORDER[a.method] - ORDER[b.method]);
    const changes = flatMap(ordered, ([write, plan]) => ('change' in plan ? [{ write, plan }] : []));
    const versions = await applyAll(changes, apply, now);
    const answers = new Map<number, FhirAnswer>();
    for (const [write, plan] of plans) if ('existing' in plan) answers.set(write.index, plan.existing);
    for (const [at, { write, plan }] of changes.entries()) {
      answers.set(write.index, writing.answer(write, plan.isNew, versions[at]));
    }
    return answers;
  });
}

interface PlannedChange {
  readonly write: TransactionWrite;
  readonly plan: Extract<Plan, { readonly change: WrittenChange }>;
}

/** Makes changes; the store's errors are reported for their entries. */
async function applyAll(changes: readonly PlannedChange[], apply: ApplyChanges, now: Date) {
  try {
    return await apply(
      changes.map(({ plan }) => plan.change),
      now,
    );
  } catch (error) {
    const at = error instanceof RequestError ? changes[Number(error.values.change)] : undefined;
    throw at ? nameEntry(error, at.write) : error;
  }
}

/** A map whose targets may be articles by the names that the Bundle has for them. */
function renameTargets(
  write: TransactionWrite,
  addresses: ReadonlyMap<string, string>,
  documents: ReadonlyMap<TransactionWrite, Plan>,
): TransactionWrite {
  const articles = new Map<string, string>();
  for (const [{ fullUrl }, plan] of documents) {
    if (!fullUrl?.startsWith('urn:') || !('change' in plan)) continue;
    const [article] = plan.change.rows.articles;
    if (article) articles.set(fullUrl, article.id);
  }
  // A target's code is an article's id, anything else that names the document is a reference to it.
  const body = mapTexts(write.request.body, (text, name) => {
    const code = name === 'code' ? articles.get(text) : undefined;
    return code ?? addresses.get(text) ?? text;
  });
  return { ...write, request: { ...write.request, body } };
}

function replacePlanNames(plan: Plan, addresses: ReadonlyMap<string, string>): Plan {
  if ('existing' in plan || plan.change.content === undefined || addresses.size === 0) return plan;
  const replaced = mapTexts(JSON.parse(plan.change.content) as Json, (text) => addresses.get(text) ?? text);
  const content = JSON.stringify(replaced);
  return { ...plan, change: { ...plan.change, content } };
}
