import type { Element } from '../feed/element.js';
import { findOwn } from '../../core/find-own.js';

type Json = { [member: string]: Json | Json[] | string };

const PREFIX = /^xml(ns)?:/;

function toJson({ attributes, content }: Element, repeating: ReadonlySet<string>): Json {
  const members: Json = {};
  for (const name in attributes) {
    // Namespaces are dropped: xmlns goes, xml:lang becomes lang; xsi stays as in MedlinePlus Connect.
    if (name !== 'xmlns')
      members[name.startsWith('xml') ? name.replace(PREFIX, '') : name] = findOwn(attributes, name) ?? '';
  }
  if (typeof content === 'string') {
    members._value = content;
    return members;
  }
  for (const child of content) {
    if (!repeating.has(child.name)) {
      members[child.name] = toJson(child, repeating);
      continue;
    }
    const list = (members[child.name] ??= []) as Json[];
    list.push(toJson(child, repeating));
  }
  return members;
}

/**
 * Renders a knowledge response as JSON (HL7 service-oriented guide): an element becomes an object, its text `_value`,
 * attributes plain members, a repeatable element always an array.
 * @param repeating names of repeatable elements
 */
export function renderJson(root: Element, repeating: ReadonlySet<string>): string {
  return JSON.stringify({ [root.name]: withEntryList(toJson(root, repeating), repeating) });
}

/** Clients read `feed.entry` as an array even where nothing was found. */
function withEntryList(root: Json, repeating: ReadonlySet<string>): Json {
  const feeds = root.feed;
  if (Array.isArray(feeds)) return { ...root, feed: feeds.map((feed) => withEntryList(feed, repeating)) };
  if (repeating.has('entry') && root.entry === undefined) root.entry = [];
  return root;
}

/** Wraps JSON for `<script>` clients. The callback's name was checked before. */
export function renderJsonp(json: string, callback: string): string {
  // These two may stand in JSON but ended lines in older JavaScript.
  const script = json.replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029');
  return `${callback}(${script});`;
}
