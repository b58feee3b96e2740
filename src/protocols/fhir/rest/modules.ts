import { createDefinitionModules } from '../conformance/definitions.js';
import { createDocumentModule } from '../documents/documents.js';
import { createCommunicationModule } from '../handing-over/communication-module.js';
import type { TypeModule } from './interaction.js';
import { DocumentReader } from '../documents/read.js';
import type { FhirModules, ModuleOptions } from './module-options.js';
import { createKnowledgeRequest } from '../knowledge-request/operation.js';
import { createTerminologyModules } from '../terminology/modules.js';
import { isWrittenType } from '../writing/written-type.js';
import { createDraftsOperation } from '../writing/drafts-operation.js';
import { Writing } from '../writing/writing.js';
import { createOperationRows, createTypeRows } from './type-rows.js';

/** The one list of the modules that are served. */
export function createFhirModules(options: ModuleOptions): FhirModules {
  const { library, canonicalBase, written, authorization, handedOver, hasHandout = () => false } = options;
  const { texts, checkHandout = () => Promise.resolve(undefined) } = options;
  const terminology = createTerminologyModules(options);
  // One reader for all: it keeps the documents that it has made.
  const reader = new DocumentReader(options);
  const readable = [
    createDocumentModule(options, reader),
    ...createDefinitionModules(options, () => modules),
    ...terminology.types,
    ...(handedOver && authorization
      ? [createCommunicationModule(handedOver, () => library.status().release, canonicalBase)]
      : []),
  ];
  const writings = new Map<string, Writing>();
  const types = readable.map((module): TypeModule => {
    const { type, lookup, interactions } = module;
    if (!written || !isWrittenType(type)) return module;
    const writing = new Writing({
      type,
      lookup,
      store: written,
      library,
      canonicalBase,
      hasHandout,
      checkHandout,
      t: texts('en'),
    });
    writings.set(type, writing);
    if (!authorization?.allowsWriting) return module;
    return { ...module, interactions: { ...interactions, ...writing.interactions } };
  });
  const drafts = written && authorization?.allowsWriting ? [createDraftsOperation(options, written)] : [];
  const operations = [createKnowledgeRequest(options, reader), ...terminology.operations, ...drafts];
  const rows = [
    ...operations.flatMap((operation) => createOperationRows(operation, types)),
    ...types.flatMap(createTypeRows),
  ];
  const modules: FhirModules = { types, operations, rows, writings };
  return modules;
}
