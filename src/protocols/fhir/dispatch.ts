import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import type { FhirAnswer, FhirRequest, OperationModule, OperationPlace, TypeModule } from './interaction.js';
import type { FhirModules } from './module-options.js';
import { READ_ARTICLES, requireRight } from '../access.js';
import type { NeededRight } from '../route.js';
import { isAskedByGet, readOperationInput, rejectDeclined } from './read-operation-input.js';
import { isWritten } from './writing/stored-resource.js';

type Method = FhirRequest['method'];
type Interaction = (request: FhirRequest) => Promise<FhirAnswer>;

/** What can be done at an address, by method; empty where nothing is. */
type Interactions = Partial<Record<Method, Interaction | undefined>>;

/** Interactions of the whole system that no module is for. */
export interface SystemInteractions {
  readonly capabilities: Interaction;
  /** Answers a Bundle of requests, each of which goes through the dispatcher again. */
  readonly batch: (request: FhirRequest, dispatcher: Dispatcher) => Promise<FhirAnswer>;
  /** The history of everything; undefined where nothing can have one. */
  readonly history: Interaction | undefined;
  /** Whether reading needs a right too. */
  readonly isClosed: boolean;
}

/** A write that an address and a method mean. */
export interface WritePlace {
  readonly type: TypeModule['type'];
  readonly id: string | undefined;
  readonly right: 'c' | 'u' | 'd';
}

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** The parts of a path below the server's base. @throws RequestError `bad-request` for escapes that say nothing */
function partsOf(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw new RequestError('bad-request');
  }
}

/** Names of the levels at which a definition lets itself be invoked. */
function isInvokedAt({ definition }: OperationModule, { type, id }: OperationPlace): boolean {
  if (type === undefined) return definition.system;
  const level = id === undefined ? definition.type : definition.instance;
  return (
    level &&
    ((definition.resource as string[] | undefined) ?? []).some((named) => named === type || named === 'Resource')
  );
}

/** What a request that means to read or write a resource must bring. @throws RequestError `bad-resource` */
export function requireBody(request: FhirRequest, type: Resource['resourceType']): FhirRequest {
  if (request.body?.resourceType === type) return request;
  const reason = request.body ? `it is a ${request.body.resourceType}, and ${type} is asked for` : 'it is empty';
  throw new RequestError('bad-resource', { reason });
}

/**
 * Finds what a FHIR address means and does it: the grammar of R4 http (3.1.0.1.2 and operations 3.2.0.2) over the modules. It
 * knows nothing of HTTP's bytes, so that the entries of a batch take the same way as requests of their own.
 */
export class Dispatcher {
  readonly #types: ReadonlyMap<string, TypeModule>;
  readonly #operations: readonly OperationModule[];
  readonly #system: SystemInteractions;

  constructor({ types, operations }: FhirModules, system: SystemInteractions) {
    this.#types = new Map(types.map((module) => [module.type, module]));
    this.#operations = operations;
    this.#system = system;
  }

  /** The methods that a path (below the server's base) answers; none where nothing is there. */
  allowed(path: string): Method[] {
    try {
      const interactions = this.#at(partsOf(path));
      return METHODS.filter((method) => interactions[method]);
    } catch {
      return [];
    }
  }

  /** The methods that a preflight names: those of an operation too that nobody knows here, whose answer says so. */
  announced(path: string): Method[] {
    const allowed = this.allowed(path);
    const isOperation = partsOf(path).at(-1)?.startsWith('$') ?? false;
    return allowed.length === 0 && isOperation ? ['GET', 'POST'] : allowed;
  }

  /** What is written at a path by a method; undefined where nothing is. */
  writeAt(path: string, method: Method): WritePlace | undefined {
    if (method === 'GET') return undefined;
    const [first = '', id, ...more] = partsOf(path);
    const module = this.#types.get(first);
    if (!module || more.length > 0 || id?.startsWith('_') || id?.startsWith('$')) return undefined;
    const { type, create, update, delete: remove } = module;
    if (method === 'POST') return id === undefined && create ? { type, id, right: 'c' } : undefined;
    if (method === 'PUT' && update) return { type, id, right: 'u' };
    return method === 'DELETE' && remove ? { type, id, right: 'd' } : undefined;
  }

  /**
   * The right that reading at a path needs where reading is closed (SMART App Launch 2: `r` is read, vread and a resource's
   * history, `s` searches and the other histories). An operation reads and searches the type that it is invoked on, the
   * system's own ones articles. Undefined for a Bundle, whose entries are looked at one by one.
   */
  readRight(path: string): NeededRight | undefined {
    const [first, second, third] = partsOf(path);
    if (first === undefined) return undefined;
    if (first === '_history') return { type: '*', rights: ['s'] };
    const module = this.#types.get(first);
    // What is not there is told to those who may read at all.
    if (!module || second?.startsWith('$')) return module ? { type: module.type, rights: ['r', 's'] } : READ_ARTICLES;
    if (second === undefined || second.startsWith('_')) return { type: module.type, rights: ['s'] };
    return { type: module.type, rights: third?.startsWith('$') ? ['r', 's'] : ['r'] };
  }

  /** The right that a method needs at a path; undefined: none but to say who one is. */
  neededRight(path: string, method: Method): NeededRight | undefined {
    const write = this.writeAt(path, method);
    return write ? { type: write.type, rights: [write.right] } : this.readRight(path);
  }

  /**
   * Lets those write who may, and those read where reading is closed.
   * @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable`
   */
  admit(path: string, { method, access, headers }: Pick<FhirRequest, 'method' | 'access' | 'headers'>): void {
    const write = this.writeAt(path, method);
    if (write) requireRight(access, { type: write.type, rights: [write.right] });
    if (!this.#system.isClosed) return;
    // What is written on a condition is searched for.
    const isConditional = headers['if-none-exist'] !== undefined || (write?.id === undefined && method !== 'POST');
    if (write && isConditional) requireRight(access, { type: write.type, rights: ['s'] });
    const [first, ...more] = partsOf(path);
    const isOpen = first === 'metadata' && more.length === 0;
    const read = write || isOpen ? undefined : this.readRight(path);
    if (read) requireRight(access, read);
  }

  /**
   * Answers a request to a path below the server's base.
   * @throws RequestError `unknown-resource-type`, `unknown-operation`, `resource-not-found`, `not-found`, `method-not-allowed`,
   * `writing-off`, and what the interaction itself refuses
   */
  async dispatch(path: string, request: FhirRequest): Promise<FhirAnswer> {
    const interaction = this.#at(partsOf(path))[request.method];
    this.admit(path, request);
    if (interaction) return interaction(request);
    const allowed = this.allowed(path);
    // An address of FHIR's grammar at which this server can do nothing.
    if (allowed.length === 0) throw new RequestError('not-found');
    const methods = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const code = this.#isWriteOff(path, request.method) ? 'writing-off' : 'method-not-allowed';
    throw new RequestError(code, { allowed: [...methods, 'OPTIONS'].join(', ') });
  }

  /** Whether a request would write, were writing switched on. */
  #isWriteOff(path: string, method: Method): boolean {
    const [first = '', id, ...more] = partsOf(path);
    if (!isWritten(first) || this.#types.get(first)?.create || more.length > 0) return false;
    return method === 'POST' ? id === undefined : method !== 'GET';
  }

  #at(parts: readonly string[]): Interactions {
    const [first, second, third, fourth, ...more] = parts;
    if (more.length > 0) throw new RequestError('not-found');
    if (first === undefined) return { POST: (request) => this.#system.batch(request, this) };
    if (first === '_history' && second === undefined) return { GET: this.#system.history };
    if (first === 'metadata' && second === undefined) return { GET: this.#system.capabilities };
    if (first.startsWith('$') && second === undefined) {
      return this.#operation(first, { type: undefined, id: undefined });
    }
    const module = this.#types.get(first);
    if (!module) {
      const isType = /^[A-Z][A-Za-z]{1,63}$/.test(first);
      throw isType ? new RequestError('unknown-resource-type', { type: first }) : new RequestError('not-found');
    }
    if (second === undefined) return ofType(module);
    if (second === '_search' && third === undefined) return { GET: module.search, POST: module.search };
    if (second === '_history' && third === undefined) return { GET: module.historyType };
    if (second.startsWith('$') && third === undefined) {
      return this.#operation(second, { type: module.type, id: undefined });
    }
    if (second.startsWith('_') || second.startsWith('$')) throw new RequestError('not-found');
    if (!ID.test(second)) throw new RequestError('resource-not-found', { type: module.type });
    if (third === undefined) return ofInstance(module, second);
    if (third === '_history') return ofHistory(module, second, fourth);
    if (fourth === undefined && third.startsWith('$')) return this.#operation(third, { type: module.type, id: second });
    throw new RequestError('not-found');
  }

  #operation(name: string, place: OperationPlace): Interactions {
    const operation = this.#operations.find((one) => `$${one.definition.code}` === name && isInvokedAt(one, place));
    // The name is not told back: it may be anything.
    if (!operation) throw new RequestError('unknown-operation');
    const run: Interaction = async (request) => {
      rejectDeclined(operation.declined ?? [], request);
      return operation.run(readOperationInput(operation.definition, request), request, place);
    };
    return { GET: isAskedByGet(operation.definition) ? run : undefined, POST: run };
  }
}

function ofType({ type, search, create, update, delete: remove }: TypeModule): Interactions {
  return {
    GET: search,
    POST: create && (async (request) => create(requireBody(request, type))),
    PUT: update && (async (request) => update(undefined, requireBody(request, type))),
    DELETE: remove && (async (request) => remove(undefined, request)),
  };
}

function ofInstance({ type, read, update, delete: remove }: TypeModule, id: string): Interactions {
  return {
    GET: read && (async (request) => read(id, request)),
    PUT: update && (async (request) => update(id, requireBody(request, type))),
    DELETE: remove && (async (request) => remove(id, request)),
  };
}

function ofHistory({ history, vread }: TypeModule, id: string, versionId: string | undefined): Interactions {
  if (versionId === undefined) return { GET: history && (async (request) => history(id, request)) };
  return { GET: vread && (async (request) => vread(id, versionId, request)) };
}
