import type { GivenEntry } from '../../core/handing-over/record.js';
import { LIMITS } from '../../limits.js';
import { asObject, asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import { orElse, type EhrClient } from '../ehr-client.js';
import { isGranted } from '../smart/scopes.js';
import { identifierToken, type ChartResource } from './build-resource.js';
import { readAbilities, type Abilities, type TypeAbility } from './abilities.js';

/** Parts that are needed to write to one chart. */
export interface WritePlace {
  /** Base address of the FHIR server, without a slash at its end. */
  readonly base: string;
  readonly token: string | undefined;
  readonly scopes: readonly string[];
}

/** Result of a write: `waiting` may succeed when it is tried again. */
export type WriteOutcome =
  | { readonly state: 'written'; readonly reference: string | undefined }
  | { readonly state: 'refused' | 'waiting'; readonly reason: string; readonly retryAfterMs?: number | undefined }
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

const REFERENCE = /(?<![A-Za-z])([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/** Returns the reference to the created resource, as the EHR has it. */
function findReference(type: string, location: string | null, { id }: JsonObject): string | undefined {
  const [, found] = REFERENCE.exec(location ?? '') ?? [];
  return found ?? (asText(id) === '' ? undefined : `${type}/${asText(id)}`);
}

/** Whether a retry may help: the server is away, busy or failed, or the token has expired. */
const isTransient = (status: number): boolean =>
  (status >= 500 && status !== 501) || status === 401 || status === 408 || status === 429;

/** Reads how long a server wishes to be left alone (RFC 9110, 10.2.3), in seconds alone: a date depends on its clock. */
function readRetryAfter(header: string | null): number | undefined {
  const [seconds] = /^\d{1,6}$/.exec(header?.trim() ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds) * 1000, LIMITS.writeBackLongestPauseMs);
}

const buildCondition = (entry: GivenEntry): string => `identifier=${encodeURIComponent(identifierToken(entry))}`;

type WrittenType = ChartResource['resourceType'];

const reading = ({ token }: Pick<WritePlace, 'token'>, timeoutMs: number = LIMITS.launchWriteMs) => ({
  token,
  signal: AbortSignal.timeout(timeoutMs),
});

/** Reads the abilities of a server. It throws EhrFailure. */
export type ReadAbilities = (
  place: Pick<WritePlace, 'base' | 'token'>,
  now: Date,
  timeoutMs?: number,
) => Promise<Abilities>;

/** Creates what reads a server's capabilities (`/metadata`), cached. It throws EhrFailure. */
function createNegotiation(client: EhrClient): ReadAbilities {
  const cached = new Map<string, { readonly abilities: Abilities; readonly until: number }>();
  return async (place, now, timeoutMs) => {
    const { base } = place;
    const known = cached.get(base);
    if (known && known.until > now.getTime()) return known.abilities;
    const abilities = readAbilities(parse(await client.read(`${base}/metadata`, reading(place, timeoutMs))));
    cached.set(base, { abilities, until: now.getTime() + LIMITS.smartConfigurationMs });
    return abilities;
  };
}

/** Searches by our identifier. @returns as `find` @throws EhrFailure */
async function search(
  client: EhrClient,
  place: WritePlace,
  type: string,
  entry: GivenEntry,
  ability: TypeAbility | undefined,
): Promise<string | null | undefined> {
  if (!ability?.searchByIdentifier || !isGranted(place.scopes, type, 's')) return undefined;
  const { patientId = '' } = entry;
  const address = `${place.base}/${type}?patient=${encodeURIComponent(patientId)}&${buildCondition(entry)}`;
  const bundle = parse(await client.read(address, reading(place)));
  const [found] = asObjects(bundle.entry)
    .map(({ resource }) => asObject(resource))
    .filter((one) => one?.resourceType === type);
  return found ? findReference(type, null, found) : null;
}

/** Writes to charts: nothing twice, by an identifier of ours. */
export type EhrWriter = ReturnType<typeof createEhrWriter>;

/** Creates what writes to charts. */
export function createEhrWriter(client: EhrClient) {
  const abilities = createNegotiation(client);

  const post = async (
    place: WritePlace,
    resource: ChartResource,
    headers: Readonly<Record<string, string>>,
  ): Promise<WriteOutcome> => {
    const type = resource.resourceType;
    const body = JSON.stringify(resource);
    const sent = { ...reading(place), method: 'POST', headers, body } as const;
    const { status, location, retryAfter, body: bytes } = await client.send(`${place.base}/${type}`, sent);
    const answer = parse(bytes);
    if (status === 200 || status === 201) return { state: 'written', reference: findReference(type, location, answer) };
    const reason = describeRejection(status, answer);
    return isTransient(status)
      ? { state: 'waiting', reason, retryAfterMs: readRetryAfter(retryAfter) }
      : { state: 'refused', reason };
  };

  return {
    abilities,

    /**
     * Creates a resource. Where the server honours `If-None-Exist`, it is never created twice; else it is searched for first.
     * @param mayBeThere a write before this one ended without an answer
     */
    create: (
      place: WritePlace,
      resource: ChartResource,
      entry: GivenEntry,
      mayBeThere: boolean,
      now: Date,
    ): Promise<WriteOutcome> => {
      const type = resource.resourceType;
      const write = async (): Promise<WriteOutcome> => {
        const ability = (await abilities(place, now)).get(type);
        if (ability?.conditionalCreate) return post(place, resource, { 'If-None-Exist': buildCondition(entry) });
        const found = await search(client, place, type, entry, ability);
        if (typeof found === 'string') return { state: 'written', reference: found };
        if (found === undefined && mayBeThere) return { state: 'unsure' };
        return post(place, resource, {});
      };
      return orElse(write, ({ kind }): WriteOutcome => ({ state: 'waiting', reason: kind }));
    },

    /**
     * Finds what was written of an entry.
     * @returns its reference; null: nothing is there; undefined: unknown, since the server cannot be searched by identifier, or failed
     */
    find: (place: WritePlace, type: WrittenType, entry: GivenEntry, now: Date): Promise<string | null | undefined> =>
      orElse(
        async () => search(client, place, type, entry, (await abilities(place, now)).get(type)),
        () => undefined,
      ),

    /**
     * Marks what was written as entered in error, where the server offers `update`.
     * @returns whether it is marked now
     */
    correct: (place: WritePlace, reference: string, now: Date): Promise<boolean> => {
      const [type = ''] = reference.split('/');
      const address = `${place.base}/${reference}`;
      const read = reading(place);
      const mark = async (): Promise<boolean> => {
        const ability = (await abilities(place, now)).get(type);
        const isAllowed = isGranted(place.scopes, type, 'u') && isGranted(place.scopes, type, 'r');
        if (!ability?.update || !ability.read || !isAllowed) return false;
        const resource = parse(await client.read(address, read));
        if (resource.resourceType !== type) return false;
        const version = asText(asObject(resource.meta)?.versionId);
        const headers = version === '' ? {} : { 'If-Match': `W/"${version}"` };
        const body = JSON.stringify({ ...resource, status: 'entered-in-error' });
        const { status } = await client.send(address, { ...read, method: 'PUT', headers, body });
        return status === 200 || status === 201;
      };
      return orElse(mark, () => false);
    },
  };
}
