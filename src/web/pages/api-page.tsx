import type { ComponentChildren } from 'preact';
import type { ApiDocument, ApiOperation, ApiParameter } from '../../protocols/openapi/document.js';
import type { OpenApiOptions } from '../../protocols/openapi/router.js';
import type { ExampleCall } from '../../protocols/route-document.js';
import { createErrorRenderer } from './error-page.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { LinkItem } from '../parts/link-item.js';

/** A word for a shell, quoted where it must be. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A call as a shell makes it. `-g`: no bracket of an address means anything to curl. */
function formatCurl(method: string, baseUrl: string, { address, headers = {}, body }: ExampleCall): string {
  return [
    'curl -g',
    ...(method === 'get' || body !== undefined ? [] : [`-X ${method.toUpperCase()}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quote(body)}`]),
    quote(baseUrl + address),
  ].join(' \\\n  ');
}

/** Calls by the operation's id. */
type Examples = ReadonlyMap<string, readonly ExampleCall[]>;

/** The parts of a parameter's JSON Schema that the page shows. */
interface DescribedSchema {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly items?: { readonly type?: string };
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a schema allows, in a few words. */
function describeType({ schema }: ApiParameter): string {
  const { type = '', enum: values, items, minimum, maximum } = schema as DescribedSchema;
  if (values) return values.join(' · ');
  const range = [minimum === undefined ? '' : `from ${minimum}`, maximum === undefined ? '' : `to ${maximum}`];
  const name = type === 'array' ? `${items?.type ?? ''}, repeats` : type;
  return [name, ...range].filter((part) => part !== '').join(' ');
}

/** @param rows the first cell of a row is its head */
function Table({ caption, heads, rows }: { caption: string; heads: readonly string[]; rows: ComponentChildren[][] }) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([head, ...cells]) => (
          <tr>
            <th scope="row">{head}</th>
            {cells.map((cell) => (
              <td>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Parameters({ parameters = [] }: Pick<ApiOperation, 'parameters'>) {
  if (parameters.length === 0) return null;
  const rows = parameters.map((parameter) => [
    <>
      <code>{parameter.name}</code>
      {parameter.required ? ' (required)' : ''}
      {parameter.in === 'header' ? ' (header)' : ''}
    </>,
    describeType(parameter),
    parameter.description,
  ]);
  return <Table caption="Parameters" heads={['Name', 'Value', 'Meaning']} rows={rows} />;
}

function Responses({ responses }: Pick<ApiOperation, 'responses'>) {
  const rows = Object.entries(responses).map(([status, { description, content = {} }]) => [
    status,
    description,
    Object.keys(content).join(', '),
  ]);
  return <Table caption="Answers" heads={['Status', 'Meaning', 'Media types']} rows={rows} />;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: ApiOperation;
}

function Operation({ call, baseUrl, examples }: { call: Call; baseUrl: string; examples: Examples }) {
  const { method, path, operation } = call;
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return (
    <details id={operationId}>
      <summary>
        <b>{method.toUpperCase()}</b> <code>{path}</code> {summary}
      </summary>
      {description ? <p>{description}</p> : null}
      {requestBody ? <p>Body: {Object.keys(requestBody.content).join(', ')}</p> : null}
      <Parameters {...(parameters ? { parameters } : {})} />
      <Responses responses={responses} />
      {(examples.get(operationId) ?? []).map((example) => (
        <figure>
          <figcaption>
            {example.summary}: {example.status}, {example.contentType}
          </figcaption>
          <pre tabIndex={0}>{formatCurl(method, baseUrl, example)}</pre>
          {method === 'get' ? <a href={baseUrl + example.address}>Open</a> : null}
        </figure>
      ))}
    </details>
  );
}

const toAnchor = (tag: string): string => tag.toLowerCase().replace(/\W+/g, '-');

function Interface({ document, examples, page }: { document: ApiDocument; examples: Examples; page: PageContext }) {
  const { info, servers, tags, paths } = document;
  const baseUrl = servers[0]?.url ?? '';
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return (
    <div class="api" lang="en">
      <h1>Interface, version {info.version}</h1>
      <p>{info.description}</p>
      <p>
        <a href={`${page.basePath}/openapi.json`}>OpenAPI 3.1</a>
      </p>
      <nav aria-label="Protocols">
        <ul>
          {tags.map(({ name }) => (
            <LinkItem href={`#${toAnchor(name)}`}>{name}</LinkItem>
          ))}
        </ul>
      </nav>
      {tags.map(({ name }) => (
        <section aria-labelledby={toAnchor(name)}>
          <h2 id={toAnchor(name)}>{name}</h2>
          {all
            .filter(({ operation }) => operation.tags.includes(name))
            .map((one) => (
              <Operation call={one} baseUrl={baseUrl} examples={examples} />
            ))}
        </section>
      ))}
    </div>
  );
}

/** Shows the server's interface: the document is in English, the page around it in either language. */
export function apiPage(options: PageOptions): OpenApiOptions['page'] {
  return {
    render: (document, examples, visit) => {
      const page = createPageContext(options, visit, { path: '/api' });
      const main = <Interface document={document} examples={examples} page={page} />;
      return pageResponse(page, { title: 'Interface', main, searched: '' }, { facts: { outcome: 'ok' } });
    },
    renderError: createErrorRenderer(options),
    cacheable: cacheableWith(),
  };
}
