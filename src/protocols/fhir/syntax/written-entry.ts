import type { BundleEntry, BundleEntryResponse, Resource } from '@medplum/fhirtypes';

/**
 * An entry that was written before its Bundle: it holds bytes, outside the heap, in place of a resource that is ten times as large in
 * memory. Reading one of its elements parses the JSON again: only what is small is laid out, which needs that.
 */
export class WrittenEntry implements BundleEntry {
  readonly #json: Buffer;
  readonly #xml: Buffer | undefined;

  constructor(json: Buffer, xml: Buffer | undefined) {
    this.#json = json;
    this.#xml = xml;
  }

  static findJson(entry: object): Buffer | undefined {
    return #json in entry ? entry.#json : undefined;
  }

  static findXml(entry: object): Buffer | undefined {
    return #xml in entry ? entry.#xml : undefined;
  }

  #read(): BundleEntry {
    return JSON.parse(this.#json.toString()) as BundleEntry;
  }

  get resource(): Resource {
    return this.#read().resource as Resource;
  }

  get response(): BundleEntryResponse {
    return this.#read().response as BundleEntryResponse;
  }

  toJSON(): BundleEntry {
    return this.#read();
  }
}
