import type { GivenEntry } from '../../core/handing-over/record.js';
import { LIMITS } from '../../limits.js';
import { asObject, asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import { orElse, type EhrClient } from '../ehr-client.js';
import { isGranted } from '../smart/scopes.js';
import { identifierToken, type WrittenResource } from './build-resource.js';
import { readAbilities, type Abilities, type TypeAbility } from './negotiate.js';

/** What is needed to write to one chart. */
export interface WritePlace {
  /** Base address of the FHIR server, without a slash at its end. */
  readonly base: string;
  readonly token: string;
  readonly scopes: readonly string[];
}

/** What became of a write: `waiting` may succeed when it is tried again. */
export type WriteOutcome =
  | { readonly state: 'written'; readonly reference: string | undefined }
  | { readonly state: 'refused' | 'waiting'; readonly reason: string }
  /** An earlier write may have succeeded, and the server offers no way to check. */
  | { readonly state: 'unsure' };

/** Characters of a server's own words that are shown and recorded. */
const MOST_WORDS = 500;

const parse = (bytes: Buffer): JsonObject => {
  try {
    return asObject(JSON.parse(bytes.toString('utf8'))) ?? {};
  } catch {
    return {};
  }
};

/** The server's own words (OperationOutcome), or its status. */
function describeRejection(status: number, body: JsonObject): string {
  const words = asObjects(body.issue).map(
    ({ diagnostics, details }) => asText(diagnostics) || asText(asObject(details)?.text),
  );
  const text = words.filter((one) => one !== '').join(' ');
  return `${status}${text === '' ? '' : `: ${text}`}`.slice(0, MOST_WORDS);
}

const REFERENCE = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/** What was created, as the EHR refers to it. */
function findReference(type: string, location: string | null, { id }: JsonObject): string | undefined {
  const [, found] = REFERENCE.exec(location ?? '') ?? [];
  return found ?? (asText(id) === '' ? undefined : `${type}/${asText(id)}`);
}

/** Whether a retry may help: the server is away, busy or failed, or the token has expired. */
const isTransient = (status: number): boolean =>
  (status >= 500 && status !== 501) || status === 401 || status === 408 || status === 429;

const buildCondition = (entry: GivenEntry): string => `identifier=${encodeURIComponent(identifierToken(entry))}`;

/** Writes to charts: nothing twice, by an identifier of ours. */
export class EhrWriter {
  readonly #client: EhrClient;
  readonly #abilities = new Map<string, { readonly abilities: Abilities; readonly until: number }>();

  constructor(client: EhrClient) {
    this.#client = client;
  }

  /** The server's capabilities (`/metadata`), cached. @throws EhrFailure */
  async abilities({ base, token }: WritePlace, now: Date): Promise<Abilities> {
    const known = this.#abilities.get(base);
    if (known && known.until > now.getTime()) return known.abilities;
    const signal = AbortSignal.timeout(LIMITS.launchWriteMs);
    const bytes = await this.#client.read(`${base}/metadata`, { token, signal });
    const abilities = readAbilities(parse(bytes));
    this.#abilities.set(base, { abilities, until: now.getTime() + LIMITS.smartConfigurationMs });
    return abilities;
  }

  /**
   * Creates a resource. Where the server honours `If-None-Exist`, it is created once whatever happens; else it is searched for first.
   * @param mayBeThere a write before this one ended without an answer
   */
  create(
    place: WritePlace,
    resource: WrittenResource,
    entry: GivenEntry,
    mayBeThere: boolean,
    now: Date,
  ): Promise<WriteOutcome> {
    const type = resource.resourceType;
    const write = async (): Promise<WriteOutcome> => {
      const ability = (await this.abilities(place, now)).get(type);
      if (ability?.conditionalCreate) {
        return await this.#post(place, resource, { 'If-None-Exist': buildCondition(entry) });
      }
      const found = await this.#search(place, type, entry, ability);
      if (typeof found === 'string') return { state: 'written', reference: found };
      if (found === undefined && mayBeThere) return { state: 'unsure' };
      return await this.#post(place, resource, {});
    };
    return orElse(write, ({ kind }): WriteOutcome => ({ state: 'waiting', reason: kind }));
  }

  /**
   * Finds what was written of an entry.
   * @returns its reference; null: nothing is there; undefined: unknown, since the server cannot be searched by identifier, or failed
   */
  find(
    place: WritePlace,
    type: WrittenResource['resourceType'],
    entry: GivenEntry,
    now: Date,
  ): Promise<string | null | undefined> {
    const search = async () => this.#search(place, type, entry, (await this.abilities(place, now)).get(type));
    return orElse(search, () => undefined);
  }

  /**
   * Marks what was written as entered in error, where the server offers `update`.
   * @returns whether it is marked now
   */
  correct(place: WritePlace, reference: string, now: Date): Promise<boolean> {
    const [type = ''] = reference.split('/');
    const signal = AbortSignal.timeout(LIMITS.launchWriteMs);
    const { token, base, scopes } = place;
    const mark = async (): Promise<boolean> => {
      const ability = (await this.abilities(place, now)).get(type);
      const isAllowed = isGranted(scopes, type, 'u') && isGranted(scopes, type, 'r');
      if (!ability?.update || !ability.read || !isAllowed) return false;
      const resource = parse(await this.#client.read(`${base}/${reference}`, { token, signal }));
      if (resource.resourceType !== type) return false;
      const version = asText(asObject(resource.meta)?.versionId);
      const headers = version === '' ? {} : { 'If-Match': `W/"${version}"` };
      const body = JSON.stringify({ ...resource, status: 'entered-in-error' });
      const { status } = await this.#client.send(`${base}/${reference}`, {
        method: 'PUT',
        token,
        signal,
        headers,
        body,
      });
      return status === 200 || status === 201;
    };
    return orElse(mark, () => false);
  }

  /** Searches by our identifier. @returns as `find` @throws EhrFailure */
  async #search(
    { base, token, scopes }: WritePlace,
    type: string,
    entry: GivenEntry,
    ability: TypeAbility | undefined,
  ): Promise<string | null | undefined> {
    if (!ability?.searchByIdentifier || !isGranted(scopes, type, 's')) return undefined;
    const signal = AbortSignal.timeout(LIMITS.launchWriteMs);
    const { patientId = '' } = entry;
    const address = `${base}/${type}?patient=${encodeURIComponent(patientId)}&${buildCondition(entry)}`;
    const bundle = parse(await this.#client.read(address, { token, signal }));
    const [found] = asObjects(bundle.entry)
      .map(({ resource }) => asObject(resource))
      .filter((one) => one?.resourceType === type);
    return found ? findReference(type, null, found) : null;
  }

  async #post(
    { base, token }: WritePlace,
    resource: WrittenResource,
    headers: Readonly<Record<string, string>>,
  ): Promise<WriteOutcome> {
    const type = resource.resourceType;
    const signal = AbortSignal.timeout(LIMITS.launchWriteMs);
    const body = JSON.stringify(resource);
    const answer = await this.#client.send(`${base}/${type}`, { method: 'POST', token, signal, headers, body });
    const sent = parse(answer.body);
    const { status } = answer;
    if (status === 200 || status === 201)
      return { state: 'written', reference: findReference(type, answer.location, sent) };
    return { state: isTransient(status) ? 'waiting' : 'refused', reason: describeRejection(status, sent) };
  }
}
