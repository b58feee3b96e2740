import type { WrittenRows, WrittenVersion } from '../../../core/model/written-store.js';
import { absoluteUrl } from '../../feed/language-links.js';
import type { Library } from '../../../core/model/library.js';
import { withoutInternals } from './keeper-extension.js';
import { isWrittenType, type WrittenResource } from './written-type.js';

/** A version's number as clients know it: drafts are counted apart from what others see. */
export const toVersionId = ({ type, version }: Pick<WrittenVersion, 'type' | 'version'>): string =>
  isWrittenType(type) ? String(version) : `draft-${version}`;

/**
 * A stored version as it is served; undefined where it is a deletion.
 * @param isForCurators with the parts of the keeper's data that others do not see
 */
export function toResource(
  version: WrittenVersion,
  baseUrl: string,
  isForCurators = false,
): WrittenResource | undefined {
  if (version.content === undefined) return undefined;
  const stored = JSON.parse(version.content) as WrittenResource;
  const { resourceType, id, meta, ...rest } = isForCurators ? stored : withoutInternals(stored);
  const own = { versionId: toVersionId(version), lastUpdated: version.writtenAt };
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

/** Where a resource is written, and what may be known there. */
export interface WritingPlace {
  readonly library: Library;
  readonly canonicalBase: string;
  /** Address by which clients reach us, without `/fhir`. */
  readonly baseUrl: string;
  /** Whether a site's folder of handouts has a file of this name. */
  readonly hasHandout: (name: string) => boolean;
  readonly now: Date;
}

/** A resource that may be stored: with the server's additions, without the parts that only the server may set, and its rows. */
export interface Writable<R> {
  readonly id: string;
  readonly resource: R;
  readonly rows: WrittenRows;
}
