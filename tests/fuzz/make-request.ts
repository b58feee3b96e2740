import type { Resource } from '@medplum/fhirtypes';
import { toXml } from '../../src/protocols/fhir/syntax/xml.js';
import type { Json } from './make-resource.js';
import { ResourceMaker } from './make-resource.js';
import { mutateBytes, mutateTree } from './mutate.js';
import { Random } from './random.js';
import { rawRequest } from './raw-request.js';
import type { KnownParameter, Surface, Target } from './surface.js';
import { HOSTILE, boundaryText, encode, textFor } from './values.js';
import { makeHeaders } from './make-headers.js';

/** A request; one that `bytes` holds is written to a connection of its own as it stands. */
export interface FuzzRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn; a name may stand twice. */
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
  readonly bytes: Buffer | undefined;
}

export interface RequestMakerOptions {
  readonly seed: number;
  readonly surface: Surface;
  /** Tokens that the server knows; none: nobody is asked for one. */
  readonly tokens: readonly string[];
}

/** Bytes of a body, unless it is meant to be too long: what is sent costs whoever sends it as well. */
const MOST_BYTES = 300_000;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];
const FHIR_JSON = 'application/fhir+json';
const FHIR_XML = 'application/fhir+xml';
const FORM = 'application/x-www-form-urlencoded';

/** The type of resource that an address is about. */
const typeOf = (path: string): string | undefined => /^\/fhir\/([A-Z]\w+)/.exec(path)?.[1];

/** How often an address is asked: those that compute more often than those that show what lies there. */
function weightOf({ path, method, parameters, takesResource }: Target): number {
  if (
    /_history|metadata|openapi|metrics|\/api$|assets|\/\w+(?:Definition|Statement|Parameter|Capabilities|System)\b(?!.*\$)/.test(
      path,
    )
  )
    return 1;
  // Each write that succeeds makes a release, of which the next answers are gathered anew.
  if (takesResource && /\/fhir\/[A-Z]\w+(?:\/\{id\})?$/.test(path)) return 3;
  if (/^\/(?:search|find|suggest|packet|sheet|service|infobutton)$/.test(path)) return 12;
  if (method === 'POST') return 8;
  return parameters.length > 8 ? 8 : 4;
}

/** Makes request after request of what a server tells of itself: each follows from the seed and its number. */
export class RequestMaker {
  readonly #options: RequestMakerOptions;
  readonly #resources: ResourceMaker;
  readonly #targets: readonly Target[];
  /** Subject of the request at hand. */
  #about: Surface;

  constructor(options: RequestMakerOptions) {
    this.#options = options;
    this.#about = options.surface;
    this.#resources = new ResourceMaker(options.surface);
    this.#targets = options.surface.targets.flatMap((target) => Array<Target>(weightOf(target)).fill(target));
  }

  make(number: number): FuzzRequest {
    const { seed, tokens } = this.#options;
    const random = new Random(seed, number);
    const target = random.pick(this.#targets);
    this.#narrow(random, target);
    const method = this.#method(random, target);
    const example = target.examples.length > 0 && random.chance(0.15) ? random.pick(target.examples) : undefined;
    const address = example?.address.replaceAll(' ', '%20') ?? this.#path(random, target);
    const path = random.wild(0.1) ? this.#shaken(random, address) : address;
    if (random.chance(0.01)) {
      return { number, method, path, headers: [], body: undefined, bytes: rawRequest(random, path) };
    }
    const takesBody = /^P(?:OST|UT|ATCH)$/.test(method) || (method === 'DELETE' && random.chance(0.1));
    const made = takesBody ? this.#body(random, target, path) : undefined;
    const body = takesBody && example?.body !== undefined ? Buffer.from(example.body) : made?.[1];
    // Some forms are taken from our own pages alone, which an example's headers say.
    const ofExamples = random.chance(0.8) ? Object.entries(target.examples[0]?.headers ?? {}) : [];
    const further = ofExamples.filter(([name]) => name !== 'Content-Type').flat();
    const headers = makeHeaders(random, { contentType: made?.[0], tokens, isFhir: path.startsWith('/fhir') });
    return { number, method, path, headers: [...headers, ...further], body, bytes: undefined };
  }

  #method(random: Random, { method }: Target): string {
    if (random.wild(0.06)) return random.pick(METHODS);
    return method === 'GET' && random.chance(0.05) ? 'HEAD' : method;
  }

  /** Most requests are about one code and about addresses of the type that they ask: what belongs together is seldom met by chance. */
  #narrow(random: Random, { path }: Target): void {
    const { surface } = this.#options;
    const own = surface.urlsOf[typeOf(path) ?? ''];
    this.#about = {
      ...surface,
      ...(random.chance(0.8) ? { codes: [random.pick(surface.codes)] } : {}),
      ...(own && random.chance(0.85) ? { urls: own } : {}),
    };
    this.#resources.narrow(this.#about);
  }

  #pairs(random: Random, known: readonly KnownParameter[]): string {
    const pairs: string[] = [];
    const add = (parameter: KnownParameter): void => {
      const modifier = parameter.modifiers.length > 0 && random.chance(0.2) ? random.pick(parameter.modifiers) : '';
      const suffix = parameter.isNumbered && random.chance(0.3) ? String(random.below(12)) : '';
      const value = (): string => encode(textFor(random, parameter, this.#about));
      const values = random.times(random.wild(0.2) ? random.length(60) : 1, value).join(',');
      pairs.push(`${encode(parameter.name)}${modifier}${suffix}=${values}`);
    };
    for (let count = random.below(random.isWild ? 6 : 4); count > 0 && known.length > 0; count -= 1) {
      const one = random.pick(known);
      for (let times = random.wild(0.08) ? random.length(250) : 1; times > 0; times -= 1) add(one);
    }
    // The subject of an address is first in its description; values that belong together seldom meet by chance.
    const [main] = known;
    if (main && !random.wild(0.5)) add(main);
    for (const one of known) if (/\.v\.cs?$|^(?:system|code|url)$/.test(one.name) && random.chance(0.8)) add(one);
    if (known.some(({ name }) => name === '_sort') && random.chance(0.7)) pairs.push(`_count=${random.below(4)}`);
    if (random.wild(0.1)) pairs.push(`${random.pick(HOSTILE)}=${random.pick(HOSTILE)}`);
    if (random.wild(0.06)) pairs.push(`${encode(boundaryText(random))}=1`);
    return pairs.join('&').replaceAll(' ', '%20');
  }

  #path(random: Random, { path, method, parameters }: Target): string {
    const { ids, codes } = this.#about;
    const type = typeOf(path);
    const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      if (random.wild(0.1)) return random.pick(HOSTILE).replaceAll(' ', '%20') || 'x';
      if (random.wild(0.1)) return encode(boundaryText(random)).replaceAll('/', '%2F') || 'x';
      // A site's writes have ids of their own, which are met again.
      if (
        name === 'id' &&
        (type === 'DocumentReference' || type === 'ConceptMap') &&
        random.chance(method === 'GET' ? 0.2 : 0.8)
      )
        return `local-f${random.below(12)}${type === 'ConceptMap' ? '' : '-en'}`;
      if (path.startsWith('/cds-services'))
        return random.pick(['order-sign', 'order-sign', 'encounter-discharge', 'none']);
      if (name === 'id') {
        const known = ids[type ?? 'DocumentReference'] ?? [];
        return encode(random.pick(known.length > 0 ? known : ['server', 'publishers', 'x']));
      }
      if (name === 'system') return random.pick(['icd-10-cm', 'snomed-ct', 'rxnorm', 'loinc', 'x']);
      if (name === 'code') return encode(random.pick(codes).code);
      return random.pick(['1', 'none', 'page.css']);
    });
    const query = this.#pairs(
      random,
      parameters.filter((one) => !path.includes(`{${one.name}}`)),
    );
    return query === '' ? filled : `${filled}?${query}`;
  }

  /** An address with something wrong in it. */
  #shaken(random: Random, address: string): string {
    const at = 1 + random.below(address.length);
    const put = random.pick([
      '%',
      '%zz',
      '%E0%A4%A',
      '//',
      '/..',
      ';',
      '&',
      '=',
      '?',
      '%00',
      '%2F',
      '+',
      '',
      '',
      '%ED%A0%80',
    ]);
    return `${address.slice(0, at)}${put}${address.slice(at)}`.slice(0, random.chance(0.2) ? at + 1 : undefined);
  }

  #body(random: Random, target: Target, path: string): [type: string, bytes: Buffer] {
    const [type, bytes] = target.fields
      ? this.#form(random, target)
      : target.takesJson && random.chance(0.9)
        ? this.#json(random, target)
        : target.takesResource || random.chance(0.5)
          ? this.#resource(random, target, path)
          : [FORM, Buffer.from('a=b')];
    return [type, (random.wild(0.08) ? mutateBytes(random, bytes) : bytes).subarray(0, MOST_BYTES)];
  }

  #form(random: Random, { fields = [], path }: Target): [string, Buffer] {
    if (random.chance(0.003)) return [FORM, Buffer.from(`list=${'x'.repeat(70_000)}`)];
    const chart =
      path === '/packet' && random.chance(0.4)
        ? `list=${encode(JSON.stringify(this.#mutated(random, this.#bundle(random, 'collection'))))}&`
        : '';
    return [FORM, Buffer.from(`${chart}${this.#pairs(random, fields)}`, 'latin1')];
  }

  #resource(random: Random, target: Target, path: string): [string, Buffer] {
    const made = this.#mutated(random, this.#resourceFor(random, target));
    const id = /^\/fhir\/[A-Z]\w+\/([\w.-]+)$/.exec(path)?.[1];
    if (target.method === 'PUT' && id !== undefined && !random.wild(0.2)) made['id'] = id;
    if (random.chance(0.25)) {
      try {
        return [FHIR_XML, Buffer.from(toXml(made as unknown as Resource))];
      } catch {
        // A body that cannot be written as XML is sent as JSON.
      }
    }
    return [FHIR_JSON, Buffer.from(JSON.stringify(made))];
  }

  /** An example's body with resources put into it, and other values. */
  #json(random: Random, { examples }: Target): [string, Buffer] {
    const bodies = examples.flatMap(({ body }) => body ?? []);
    const made = JSON.parse(bodies.length > 0 ? random.pick(bodies) : '{}') as Json;
    const prefetch = made['prefetch'] as Json | undefined;
    if (prefetch && random.chance(0.7)) prefetch['medications'] = this.#bundle(random, 'searchset');
    return ['application/json', Buffer.from(JSON.stringify(this.#mutated(random, made)))];
  }

  #mutated(random: Random, resource: Json): Json {
    if (random.wild(0.5)) mutateTree(random, resource);
    return resource;
  }

  #resourceFor(random: Random, { path, operation, examples }: Target): Json {
    if (operation) {
      const inputs = operation.parameter ?? [];
      if (random.wild(0.08)) return this.#resources.resource(random);
      const body = random.chance(0.7) ? examples.find((one) => one.body !== undefined)?.body : undefined;
      return this.#resources.parameters(random, inputs, body === undefined ? undefined : (JSON.parse(body) as Json));
    }
    if (path === '/fhir')
      return this.#bundle(random, random.pick(['batch', 'batch', 'batch', 'transaction', 'searchset']));
    return this.#resources.resource(random, random.wild(0.06) ? undefined : typeOf(path));
  }

  #bundle(random: Random, type: string): Json {
    const isLong = random.chance(0.01);
    const entry = random.times(isLong ? 501 : random.length(12), () => {
      if (isLong) return { request: { method: 'GET', url: 'CodeSystem/none' } };
      if (type === 'collection' || type === 'searchset') return { resource: this.#resources.resource(random) };
      if (random.chance(0.3)) return this.#write(random);
      const target = random.pick(this.#targets.filter(({ path }) => /^\/fhir\/[$\w]/.test(path)));
      const takesBody = target.method === 'POST' || target.method === 'PUT';
      const url = this.#path(random, target).replace(/^\/fhir\//, '');
      const ifNoneExist = random.chance(0.1)
        ? { ifNoneExist: random.pick(['_id=x', 'identifier=a|b', boundaryText(random)]) }
        : {};
      return {
        ...(random.chance(0.5)
          ? { fullUrl: random.pick(['urn:uuid:c757873d-ec9a-4326-a141-556f43239520', 'x', url]) }
          : {}),
        ...(takesBody
          ? { resource: this.#resourceFor(random, target.path === '/fhir' ? (this.#targets[0] as Target) : target) }
          : {}),
        request: { method: target.method, url, ...ifNoneExist },
      };
    });
    return { resourceType: 'Bundle', type, entry };
  }

  /** An entry that writes what a site may write. */
  #write(random: Random): Json {
    const type = random.pick(['DocumentReference', 'ConceptMap']);
    const id = `local-f${random.below(12)}${type === 'ConceptMap' ? '' : '-en'}`;
    const method = random.pick(['POST', 'PUT', 'PUT', 'DELETE']);
    const resource = { ...this.#resources.written(random, type), ...(method === 'PUT' ? { id } : {}) };
    return {
      ...(method === 'DELETE'
        ? {}
        : {
            resource,
            fullUrl: `urn:uuid:c757873d-ec9a-4326-a141-55${random.below(1e10).toString().padStart(10, '0')}`,
          }),
      request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    };
  }
}
