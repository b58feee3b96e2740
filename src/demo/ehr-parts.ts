import type { Request } from 'express';
import { DEFAULT_LANGUAGE, LANGUAGES, chooseLanguage, type Language } from '../core/model/language.js';
import { asObject, asText } from '../protocols/json-object.js';
import type { Texts } from '../texts.js';
import type { DemoAddresses } from './authorization.js';
import { HookCaller } from './hook-caller.js';
import { ChartStore } from './chart-store.js';
import { readPatient, type PatientView } from './chart-view.js';
import { DemoState } from './demo-state.js';
import type { DemoView } from './view.js';

/** Parts that the routes of the EHR share. */
export type EhrParts = ReturnType<typeof createEhrParts>;

/** Creates an error that the EHR answers with a status. */
export const refuse = (status: number): Error => Object.assign(new Error('the EHR has no such page'), { status });

/** Reads a field of a posted form; empty if it was not sent. */
export const readField = ({ body }: Request, name: string): string => asText(asObject(body)?.[name]);

/** Reads a part of a route's path. */
export function readPathPart({ params }: Request, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : '';
}

/** Creates the parts of an EHR in which nothing has been done yet. */
export function createEhrParts(texts: Texts, addresses: DemoAddresses) {
  const store = new ChartStore();
  const state = new DemoState();
  let chosen: Language | undefined;
  return {
    addresses,
    store,
    state,
    cds: new HookCaller(store, addresses),
    /** Takes the language of a posted form for all pages from now on. */
    chooseLanguage: (request: Request): void => {
      chosen = chooseLanguage(readField(request, 'language'));
    },
    /** Creates the view of a request: in the language that was chosen, else the one that the browser prefers. */
    createView: (request: Request): DemoView => {
      const preferred = request.acceptsLanguages(...LANGUAGES);
      const language =
        chosen ?? (preferred === false ? DEFAULT_LANGUAGE : (chooseLanguage(preferred) ?? DEFAULT_LANGUAGE));
      return { language, t: texts(language), addresses, store, state, now: new Date() };
    },
    /** Finds the patient of a route. @throws Error with the status 404 */
    findPatient: (id: string): PatientView => {
      const patient = readPatient(store, id, new Date());
      if (!patient) throw refuse(404);
      return patient;
    },
  };
}
