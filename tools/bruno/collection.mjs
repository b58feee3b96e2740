// The files of docs/bruno, a collection for Bruno (https://www.usebruno.com), from resources/openapi.json and requests.yaml.
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

const JSON_TYPES = ['application/json', 'application/fhir+json'];
const FORM = 'application/x-www-form-urlencoded';
const FIRST_URL = 'http://127.0.0.1:3000';

const fileName = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const indent = (text) => text.replace(/^(?=.)/gm, '  ');
/** A block of Bru: its name and its lines. */
const block = (name, lines) => `${name} {\n${indent(lines.join('\n'))}\n}\n`;
/** A block of names and values; none if it is empty. */
const dictionary = (name, values) => {
  const lines = Object.entries(values).map(([key, value]) => `${key}: ${value}`);
  return lines.length === 0 ? [] : [block(name, lines)];
};

function findOperation({ paths }, operationId) {
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === operationId) return { path, method, operation };
  throw new Error(`resources/openapi.json has no operation ${operationId}`);
}

/** The examples of an operation's parameters in one place, each as a list of texts, by name. */
const examplesIn = (operation, place) =>
  Object.fromEntries(
    (operation.parameters ?? []).flatMap((one) =>
      one.in === place && one.example !== undefined ? [[one.name, [one.example].flat().map(String)]] : [],
    ),
  );

function listParameters(operation, { set = {}, leaveOut = [] }) {
  const values = { ...examplesIn(operation, 'query') };
  for (const [name, value] of Object.entries(set)) values[name] = [value].flat();
  for (const name of leaveOut) delete values[name];
  return Object.entries(values).flatMap(([name, list]) => list.map((value) => [name, encodeURIComponent(value)]));
}

/** The media type and the blocks of an operation's example body. */
function describeBody({ requestBody }) {
  const content = requestBody?.content ?? {};
  const json = JSON_TYPES.find((type) => content[type]?.example !== undefined);
  if (json)
    return { kind: 'json', type: json, blocks: [block('body:json', [JSON.stringify(content[json].example, null, 2)])] };
  const form = content[FORM]?.example;
  if (form) return { kind: 'formUrlEncoded', type: FORM, blocks: dictionary('body:form-urlencoded', form) };
  return { kind: 'none', blocks: [] };
}

function writeRequest(api, request, sequence) {
  const { name, headers = {}, status = 200, expect = {} } = request;
  const { path, method, operation } = findOperation(api, request.operation);
  const inPath = examplesIn(operation, 'path');
  const address = path.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(inPath[key][0]));
  const parameters = listParameters(operation, request);
  const query = parameters.map((pair) => pair.join('=')).join('&');
  const body = method === 'get' ? { kind: 'none', blocks: [] } : describeBody(operation);
  const url = `{{baseUrl}}${address}${query === '' ? '' : `?${query}`}`;
  const sent = { ...headers, ...(body.type ? { 'Content-Type': body.type } : {}) };
  return [
    ...dictionary('meta', { name, type: 'http', seq: sequence }),
    ...dictionary(method, { url, body: body.kind, auth: 'none' }),
    ...(parameters.length > 0
      ? [
          block(
            'params:query',
            parameters.map((pair) => pair.join(': ')),
          ),
        ]
      : []),
    ...dictionary('headers', sent),
    ...body.blocks,
    ...dictionary('assert', { 'res.status': `eq ${status}`, ...expect }),
    block('docs', [operation.summary]),
  ].join('\n');
}

/** Builds the collection: the text of each file, by its path below docs/bruno. */
export function buildCollection() {
  const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const api = JSON.parse(read('../../resources/openapi.json'));
  const folders = yaml.load(read('requests.yaml'));
  const description = { version: '1', name: 'Education Connect', type: 'collection' };
  const files = {
    'bruno.json': `${JSON.stringify(description, null, 2)}\n`,
    'environments/local.bru': block('vars', [`baseUrl: ${FIRST_URL}`]),
  };
  folders.forEach(({ folder, name, requests }, index) => {
    files[`${folder}/folder.bru`] = dictionary('meta', { name, seq: index + 1 }).join('');
    requests.forEach((request, place) => {
      files[`${folder}/${fileName(request.name)}.bru`] = writeRequest(api, request, place + 1);
    });
  });
  return files;
}
