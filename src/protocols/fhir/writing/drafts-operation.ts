import type { BundleEntry } from '@medplum/fhirtypes';
import type { WrittenStore } from '../../../core/model/written-store.js';
import { LIMITS } from '../../../limits.js';
import { NO_STORE, answerTooLarge } from '../../route.js';
import type { OperationModule } from '../rest/interaction.js';
import type { ModuleOptions } from '../rest/module-options.js';
import { readOperation } from '../rest/shipped.js';
import { toFhirUrl } from '../search/resource-module.js';
import { draftType } from './plan-managed.js';
import { toResource } from './stored-resource.js';

/** `$drafts`: the drafts of a type, for clients that may write it. */
export const createDraftsOperation = (options: ModuleOptions, store: WrittenStore): OperationModule => ({
  definition: readOperation('drafts', options),
  right: 'u',
  run: async (input, request, { type = 'DocumentReference' }) => {
    const id = input.get('id')?.[0]?.valueId;
    const drafts = id === undefined ? await store.list(draftType(type)) : await store.findLatest(draftType(type), [id]);
    const chars = drafts.reduce((sum, { content = '' }) => sum + content.length, 0);
    if (chars > LIMITS.maxAnswerBytes / 2) throw answerTooLarge();
    const entry = drafts.flatMap((version): BundleEntry[] => {
      const resource = toResource(version, request.baseUrl, true);
      const fullUrl = `${toFhirUrl(request)}/${type}/${version.id}`;
      return resource ? [{ fullUrl, resource, search: { mode: 'match' } }] : [];
    });
    const link = [
      { relation: 'self', url: `${toFhirUrl(request)}/${type}/$drafts${id === undefined ? '' : `?id=${id}`}` },
    ];
    const bundle = { resourceType: 'Bundle', type: 'searchset', total: entry.length, link, entry } as const;
    const resources = entry.map(({ resource }) => `${type}/${resource?.id ?? ''}`);
    const facts = { outcome: entry.length > 0 ? 'answered' : 'empty', audit: { resources } };
    const { entry: _entry, ...empty } = bundle;
    return { status: 200, resource: entry.length > 0 ? bundle : empty, headers: { 'Cache-Control': NO_STORE }, facts };
  },
});
