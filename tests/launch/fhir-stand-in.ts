import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Resource = Readonly<Record<string, unknown>>;

/** Abilities of a FHIR server with a type. */
export interface TypeAbility {
  readonly type: string;
  readonly interactions: readonly string[];
  readonly conditionalCreate?: boolean;
}

/** A FHIR server over a list of resources: reads, searches by patient and category, creates and updates. */
export class FhirStandIn {
  readonly resources: Resource[];
  /** `GET /Patient/1`, below the base. */
  readonly asked: string[] = [];
  abilities: readonly TypeAbility[] = [];
  fhirVersion = '4.0.1';
  /** Answers in the server's place from now on, where it returns true. */
  answerBy: ((request: IncomingMessage, response: ServerResponse, place: string) => boolean) | undefined;

  constructor(resources: readonly Resource[]) {
    this.resources = [...resources];
  }

  /** @param place the address below the base, with its query */
  async handle(request: IncomingMessage, response: ServerResponse, place: string): Promise<void> {
    this.asked.push(`${request.method ?? ''} ${place}`);
    const body = await readAll(request);
    if (this.answerBy?.(request, response, place)) return;
    const { pathname, searchParams } = new URL(place, 'http://fhir.example');
    const [type = '', id] = pathname.slice(1).split('/');
    if (type === 'metadata') send(response, 200, this.#capability());
    else if (request.method === 'POST') this.#create(request, response, JSON.parse(body) as Resource);
    else if (request.method === 'PUT') this.#update(response, type, id ?? '', JSON.parse(body) as Resource);
    else if (id !== undefined) this.#read(response, type, id);
    else this.#search(response, type, searchParams);
  }

  #capability(): Resource {
    return {
      resourceType: 'CapabilityStatement',
      fhirVersion: this.fhirVersion,
      rest: [
        {
          mode: 'server',
          resource: this.abilities.map(({ type, interactions, conditionalCreate = false }) => ({
            type,
            interaction: interactions.map((code) => ({ code })),
            conditionalCreate,
            searchParam: interactions.includes('search-type') ? [{ name: 'identifier', type: 'token' }] : [],
          })),
        },
      ],
    };
  }

  #find(type: string, id: string): Resource | undefined {
    return this.resources.find((one) => one['resourceType'] === type && one['id'] === id);
  }

  #read(response: ServerResponse, type: string, id: string): void {
    const found = this.#find(type, id);
    send(response, found ? 200 : 404, found ?? outcome('not-found'));
  }

  #search(response: ServerResponse, type: string, query: URLSearchParams): void {
    // A token's code, without its system.
    const category = query.get('category')?.split('|').at(-1) ?? null;
    const identifier = query.get('identifier');
    const patient = query.get('patient');
    const matches = this.resources.filter(
      (one) =>
        one['resourceType'] === type &&
        (patient === null || JSON.stringify(one['subject'] ?? one['patient'] ?? '').includes(`Patient/${patient}"`)) &&
        (category === null || JSON.stringify(one['category'] ?? '').includes(`"${category}"`)) &&
        (identifier === null || hasIdentifier(one, identifier)),
    );
    send(response, 200, {
      resourceType: 'Bundle',
      type: 'searchset',
      total: matches.length,
      entry: matches.map((resource) => ({ resource, search: { mode: 'match' } })),
    });
  }

  #create(request: IncomingMessage, response: ServerResponse, sent: Resource): void {
    const condition = request.headers['if-none-exist'];
    const identifier = typeof condition === 'string' ? new URLSearchParams(condition).get('identifier') : null;
    const ability = this.abilities.find(({ type }) => type === sent['resourceType']);
    const there =
      identifier !== null && ability?.conditionalCreate
        ? this.resources.find((one) => hasIdentifier(one, identifier))
        : undefined;
    if (there) {
      send(response, 200, there, { Location: `${String(there['resourceType'])}/${String(there['id'])}` });
      return;
    }
    const created = { ...sent, id: randomUUID(), meta: { ...(sent['meta'] as object), versionId: '1' } };
    this.resources.push(created);
    send(response, 201, created, { Location: `${String(sent['resourceType'])}/${created.id}/_history/1` });
  }

  #update(response: ServerResponse, type: string, id: string, sent: Resource): void {
    const found = this.#find(type, id);
    if (!found) {
      send(response, 404, outcome('not-found'));
      return;
    }
    this.resources[this.resources.indexOf(found)] = sent;
    send(response, 200, sent);
  }
}

function hasIdentifier(one: Resource, token: string): boolean {
  const value = token.split('|').at(-1) ?? '';
  return JSON.stringify(one['identifier'] ?? '').includes(`"${value}"`);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export const outcome = (code: string, diagnostics?: string): Resource => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, ...(diagnostics === undefined ? {} : { diagnostics }) }],
});

export function send(
  response: ServerResponse,
  status: number,
  resource: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json', ...headers }).end(JSON.stringify(resource));
}
