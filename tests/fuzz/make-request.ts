import type { Resource } from '@medplum/fhirtypes';
import { toXml } from '../../src/protocols/fhir/xml.js';
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
  if (method === 'POST') return 8;
  return parameters.length > 8 ? 8 : 4;
}

/** Makes request after request of what a server tells of itself: each follows from the seed and its number. */
export class RequestMaker {
  readonly #options: RequestMakerOptions;
  readonly #resources: ResourceMaker;
  readonly #targets: readonly Target[];

  constructor(options: RequestMakerOptions) {
    this.#options = options;
    this.#resources = new ResourceMaker(options.surface);
    this.#targets = options.surface.targets.flatMap((target) => Array<Target>(weightOf(target)).fill(target));
  }

  make(number: number): FuzzRequest {
    const { seed, tokens } = this.#options;
    const random = new Random(seed, number);
    const target = random.pick(this.#targets);
    const method = random.chance(0.03)
      ? random.pick(METHODS)
      : target.method === 'GET' && random.chance(0.05)
        ? 'HEAD'
        : target.method;
    const path = this.#path(random, target);
    if (random.chance(0.01)) {
      return { number, method, path, headers: [], body: undefined, bytes: rawRequest(random, path) };
    }
    const [type, body] = this.#body(random, target) ?? [undefined, undefined];
    const takesBody =
      method === 'POST' || method === 'PUT' || method === 'PATCH' || (method === 'DELETE' && random.chance(0.1));
    const sent = takesBody ? body : undefined;
    const headers = makeHeaders(random, { contentType: sent && type, tokens, isFhir: path.startsWith('/fhir') });
    return { number, method, path, headers, body: sent, bytes: undefined };
  }

  #pairs(random: Random, known: readonly KnownParameter[]): string {
    const pairs: string[] = [];
    const add = (parameter: KnownParameter): void => {
      const modifier = parameter.modifiers.length > 0 && random.chance(0.2) ? random.pick(parameter.modifiers) : '';
      const suffix = parameter.isNumbered && random.chance(0.3) ? String(random.below(12)) : '';
      const value = (): string => encode(textFor(random, parameter, this.#options.surface));
      const values = random.times(random.chance(0.1) ? random.length(60) : 1, value).join(',');
      pairs.push(`${encode(parameter.name)}${modifier}${suffix}=${values}`);
    };
    for (let count = random.below(6); count > 0 && known.length > 0; count -= 1) {
      const one = random.pick(known);
      for (let times = random.chance(0.04) ? random.length(250) : 1; times > 0; times -= 1) add(one);
    }
    // What belongs together is seldom met by chance.
    for (const one of known) if (/\.v\.cs?$|^(?:system|code|url)$/.test(one.name) && random.chance(0.5)) add(one);
    if (known.some(({ name }) => name === '_sort') && random.chance(0.7)) pairs.push(`_count=${random.below(4)}`);
    if (random.chance(0.05)) pairs.push(`${random.pick(HOSTILE)}=${random.pick(HOSTILE)}`);
    if (random.chance(0.03)) pairs.push(`${encode(boundaryText(random))}=1`);
    return pairs.join('&').replaceAll(' ', '%20');
  }

  #path(random: Random, { path, parameters, examples }: Target): string {
    if (examples.length > 0 && random.chance(0.12))
      return this.#shaken(random, random.pick(examples).address.replaceAll(' ', '%20'));
    const { ids, codes } = this.#options.surface;
    const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      if (random.chance(0.05)) return random.pick(HOSTILE).replaceAll(' ', '%20') || 'x';
      if (random.chance(0.04)) return encode(boundaryText(random)).replaceAll('/', '%2F') || 'x';
      const type = typeOf(path) ?? '';
      if (name === 'id')
        return encode(random.pick(ids[type] ?? (type ? ['server', 'publishers'] : (ids.DocumentReference ?? ['x']))));
      if (name === 'system') return random.pick(['icd-10-cm', 'snomed-ct', 'rxnorm', 'loinc', 'x']);
      if (name === 'code') return encode(random.pick(codes).code);
      return random.pick(['1', 'none', 'page.css']);
    });
    const query = this.#pairs(
      random,
      parameters.filter((one) => !path.includes(`{${one.name}}`)),
    );
    const whole = query === '' ? filled : `${filled}?${query}`;
    return random.chance(0.04) ? this.#shaken(random, whole) : whole;
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

  #body(random: Random, target: Target): [type: string, bytes: Buffer] | undefined {
    const [type, bytes] = target.fields
      ? this.#form(random, target)
      : target.takesResource || random.chance(0.5)
        ? this.#resource(random, target)
        : [FORM, Buffer.from('a=b')];
    return [type, (random.chance(0.04) ? mutateBytes(random, bytes) : bytes).subarray(0, MOST_BYTES)];
  }

  #form(random: Random, { fields = [], path }: Target): [string, Buffer] {
    if (random.chance(0.003)) return [FORM, Buffer.from(`list=${'x'.repeat(70_000)}`)];
    const chart =
      path === '/packet' && random.chance(0.4)
        ? `list=${encode(JSON.stringify(this.#mutated(random, this.#bundle(random, 'collection'))))}&`
        : '';
    return [FORM, Buffer.from(`${chart}${this.#pairs(random, fields)}`, 'latin1')];
  }

  #resource(random: Random, target: Target): [string, Buffer] {
    const made = this.#mutated(random, this.#resourceFor(random, target));
    if (random.chance(0.25)) {
      try {
        return [FHIR_XML, Buffer.from(toXml(made as unknown as Resource))];
      } catch {
        // What cannot be written as XML goes as JSON.
      }
    }
    return [FHIR_JSON, Buffer.from(JSON.stringify(made))];
  }

  #mutated(random: Random, resource: Json): Json {
    if (random.chance(0.2)) mutateTree(random, resource);
    return resource;
  }

  #resourceFor(random: Random, { path, operation }: Target): Json {
    if (operation) {
      const inputs = operation.parameter ?? [];
      return random.chance(0.04) ? this.#resources.resource(random) : this.#resources.parameters(random, inputs);
    }
    if (path === '/fhir')
      return this.#bundle(random, random.pick(['batch', 'batch', 'transaction', 'transaction', 'searchset']));
    return this.#resources.resource(random, random.chance(0.97) ? typeOf(path) : undefined);
  }

  #bundle(random: Random, type: string): Json {
    const isLong = random.chance(0.01);
    const entry = random.times(isLong ? 501 : random.length(12), () => {
      if (isLong) return { request: { method: 'GET', url: 'CodeSystem/none' } };
      if (type === 'collection' || type === 'searchset') return { resource: this.#resources.resource(random) };
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
}
