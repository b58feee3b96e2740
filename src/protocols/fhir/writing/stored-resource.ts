import type { ConceptMap, DocumentReference } from '@medplum/fhirtypes';
import type { WrittenVersion } from '../../../core/model/written-store.js';
import { absoluteUrl } from '../../article-url.js';

/** Types that a site writes. */
export type WrittenResource = DocumentReference | ConceptMap;
export const isWritten = (type: string): type is WrittenResource['resourceType'] =>
  type === 'DocumentReference' || type === 'ConceptMap';

/** A stored version as it is served; undefined where it is a deletion. */
export function toResource(version: WrittenVersion, baseUrl: string): WrittenResource | undefined {
  if (version.content === undefined) return undefined;
  const { resourceType, id, meta, ...rest } = JSON.parse(version.content) as WrittenResource;
  const own = { versionId: String(version.version), lastUpdated: version.writtenAt };
  const resource = { resourceType, id, meta: { ...own, ...meta }, ...rest } as WrittenResource;
  if (resource.resourceType !== 'DocumentReference') return resource;
  const { masterIdentifier, content } = resource;
  return {
    ...resource,
    ...(masterIdentifier?.value
      ? { masterIdentifier: { ...masterIdentifier, value: absoluteUrl(masterIdentifier.value, baseUrl) } }
      : {}),
    content: content.map((one) => {
      const { url } = one.attachment;
      return url === undefined ? one : { ...one, attachment: { ...one.attachment, url: absoluteUrl(url, baseUrl) } };
    }),
  };
}
