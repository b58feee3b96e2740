import type { Resource } from '@medplum/fhirtypes';

/** A resource's version as an ETag (R4 http, 3.1.0.1.3): weak, since JSON and XML share it. */
export function entityTag({ meta }: Resource): string | undefined {
  return meta?.versionId === undefined ? undefined : `W/"${meta.versionId}"`;
}

/** When a resource was last changed, as HTTP writes it. */
export function lastModified({ meta }: Resource): string | undefined {
  return meta?.lastUpdated === undefined ? undefined : new Date(meta.lastUpdated).toUTCString();
}
