import type { Route } from './route.js';
import { findOwn } from '../core/find-own.js';

/** Areas of the server that may be closed to readers without a token, by their names in `REQUIRE_AUTHENTICATION`. */
export const READ_AREAS = [
  'fhir',
  'infobutton',
  'cds-hooks',
  'search',
  'page',
  'handouts',
  'updates',
  'metrics',
] as const;

export type ReadArea = (typeof READ_AREAS)[number];

/** By protocol. One that is missing here answers with nothing but facts about the program, or that nothing is there. */
const BY_PROTOCOL: Readonly<Record<string, ReadArea>> = {
  fhir: 'fhir',
  'medlineplus-connect': 'infobutton',
  infobutton: 'infobutton',
  'cds-hooks': 'cds-hooks',
  search: 'search',
  page: 'page',
  application: 'page',
  handouts: 'handouts',
  updates: 'updates',
  operations: 'metrics',
};

/** The area that a route belongs to; undefined where anyone may read it, even if every area is closed. */
export const findArea = ({ protocol, isOpen = false }: Pick<Route, 'protocol' | 'isOpen'>): ReadArea | undefined =>
  isOpen ? undefined : findOwn(BY_PROTOCOL, protocol);

/** Areas that people open in a browser, which can send a password and no bearer token. */
export const isForBrowsers = (area: ReadArea | undefined): boolean => area === 'page' || area === 'handouts';
