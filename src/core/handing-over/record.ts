import type { Sensitivity } from '../model/article.js';
import type { FollowUp } from './follow-up.js';
import type { Language } from '../model/language.js';
import type { RetentionPass } from './retention.js';

/** Recipients of a handout. Texts of these lists are in resources/i18n under `given`. */
export const RECIPIENTS = ['patient', 'parent', 'guardian', 'caregiver'] as const;
export type Recipient = (typeof RECIPIENTS)[number];
export const METHODS = ['printed', 'shown', 'portal'] as const;
export type Method = (typeof METHODS)[number];
/** Codes of HL7 v3 ParticipationMode. */
export const PARTICIPATION_MODES: Readonly<Record<Method, string>> = {
  printed: 'WRITTEN',
  shown: 'FACE',
  portal: 'ONLINEWRIT',
};
/** Result of the teach-back. */
export const TEACH_BACKS = ['understood', 'needs-more', 'declined', 'unable', 'not-done'] as const;
export type TeachBack = (typeof TEACH_BACKS)[number];
export const INTERPRETERS = ['none', 'interpreter', 'bilingual-staff'] as const;
export type Interpreter = (typeof INTERPRETERS)[number];

/** An article that was handed over. */
export interface GivenItem {
  readonly article: string;
  readonly title: string;
  readonly language: Language;
  readonly address: string;
  /** SHA-256 of the exact text handed over, in hexadecimal; undefined: only the link was, and the text is not held. */
  readonly textDigest: string | undefined;
  readonly sensitivity: Sensitivity | undefined;
  /** Edition date of a Vaccine Information Statement, an ISO 8601 day. */
  readonly edition: string | undefined;
  /** The statement's Global Document Type Identifier, if the library has it. */
  readonly gdti?: string | undefined;
  /** BCP 47: the patient's language, if the paper had a link to a page in it in place of a text. */
  readonly linkedIn?: string | undefined;
}

/** One handover to a patient. It is never changed. */
export interface GivenEntry {
  /** UUID; the identifier of what is written to the chart. */
  readonly id: string;
  /** ISO 8601 instant. */
  readonly at: string;
  /** User who handed it over, as the EHR refers to the user (`Practitioner/12`), else the client of the request; undefined: unknown. */
  readonly by: string | undefined;
  /** Base address of the EHR's FHIR server; undefined: no EHR launched us. */
  readonly ehr: string | undefined;
  /** Id of the patient and the encounter in that EHR; never a name or a birth date. */
  readonly patientId: string | undefined;
  readonly encounterId: string | undefined;
  /** The ward or clinic that the chart's encounter names; undefined: none, or an entry from before departments were recorded. */
  readonly department?: string | undefined;
  /** The library's release. */
  readonly release: string;
  readonly items: readonly GivenItem[];
  readonly recipient: Recipient;
  readonly interpreter: Interpreter;
  /** BCP 47: the patient's preferred language in the chart; undefined: the chart has none. */
  readonly languagePreferred: string | undefined;
  readonly languageGiven: Language;
  readonly method: Method;
  readonly teachBack: TeachBack;
  /** A note for the patient stood on the paper; its words are not held. */
  readonly hasNote: boolean;
  /** Appointments and calls on the paper, as typed; undefined: none. */
  readonly followUp?: FollowUp | undefined;
}

/** Outcomes of writing an entry to the chart. Texts are in resources/i18n under `given.delivery`. */
export type DeliveryState =
  'written' | 'waiting' | 'refused' | 'unsure' | 'nowhere' | 'held' | 'corrected' | 'not-corrected';

export interface Delivery {
  readonly state: DeliveryState;
  /** ISO 8601 instant. */
  readonly at: string;
  /** The written resource, as the EHR refers to it: `DocumentReference/12`. */
  readonly reference: string | undefined;
  /** The server's own words, if it rejected the write. */
  readonly reason: string | undefined;
}

/** An entry with what came after it. */
export interface RecordedEntry {
  readonly entry: GivenEntry;
  /** When and by whom it was found to be entered in error; undefined: it was not. */
  readonly error: { readonly at: string; readonly by: string | undefined } | undefined;
  /** The last of them. */
  readonly delivery: Delivery | undefined;
}

/** Which entries are listed; what is left out limits nothing. */
export interface EntryFilter {
  /** With the EHR: ids are each server's own. Several addresses are one server, which is reached by each of them. */
  readonly patient?: { readonly ehr: string | readonly string[]; readonly id: string } | undefined;
  readonly article?: string | undefined;
  /** ISO 8601 instants: from this one on, and before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Languages of a handout against the patient's: every article as a text in it, as a link at least, or one of them in another language alone. */
export type LanguageOutcome = 'text' | 'link' | 'other';

/** Number of handovers that are alike in all of these. */
export interface LanguageCount {
  /** Empty: not recorded. */
  readonly department: string;
  /** The patient's preferred language (BCP 47); empty: the chart had none. */
  readonly language: string;
  readonly outcome: LanguageOutcome;
  readonly interpreter: Interpreter;
  readonly teachBack: TeachBack;
  readonly handovers: number;
}

/** Number of times that patients received an article in a department. */
export interface UseCount {
  /** Empty: not recorded. */
  readonly department: string;
  readonly article: string;
  readonly title: string;
  readonly language: Language;
  readonly given: number;
}

/** An article that was handed over in another language than the preferred one. */
export interface WantedPage {
  readonly article: string;
  readonly title: string;
  /** The preferred language (BCP 47). */
  readonly language: string;
  readonly handovers: number;
}

/** Instants (ISO 8601): from the first on, and before the second. */
export interface RecordPeriod {
  readonly from: string;
  readonly to: string;
}

/** An entry, or all of a patient's: for a legal hold or an erasure. */
export type RecordSubject = { readonly entry: string } | { readonly ehr: string; readonly patientId: string };

/** Trace of an erasure on request. It names no patient. */
export interface Erasure {
  /** ISO 8601 instant. */
  readonly at: string;
  /** The person who erased it. */
  readonly by: string;
  readonly subject: 'entry' | 'patient';
  /** Ids of the erased entries: what was written to a chart bears them. */
  readonly entries: readonly string[];
}

/**
 * Record of the articles that were handed over to patients of an EHR. Append-only: an error is an entry of its own, and only retention and
 * erasure on request delete entries. Calls reject with RequestError `library-unavailable` where the database cannot answer now,
 * `storage-full` where it has no room.
 */
export interface HandedOverRecord {
  /**
   * Adds an entry with the texts that it names by their digests. It is on the disk once this resolves.
   * @returns false if an entry of this id was there before: then nothing is changed
   */
  add(entry: GivenEntry, texts: ReadonlyMap<string, string>): Promise<boolean>;
  /** Notes that an entry was made in error. @returns false where it is not there, or was noted before */
  markError(id: string, by: string | undefined, now: Date): Promise<boolean>;
  /** Notes what became of writing an entry to the chart. */
  noteDelivery(id: string, delivery: Delivery): Promise<void>;
  find(id: string): Promise<RecordedEntry | undefined>;
  /** Lists entries, the newest first. @param before sequence number of the page before; undefined: from the newest on */
  list(
    filter: EntryFilter,
    most: number,
    before?: number,
  ): Promise<readonly (RecordedEntry & { readonly sequence: number })[]>;
  /** Counts handovers by department, languages, interpreter and teach-back, without those in error. */
  countLanguages(period: RecordPeriod): Promise<readonly LanguageCount[]>;
  /** Counts articles given by department and language, without those in error. */
  countArticles(period: RecordPeriod): Promise<readonly UseCount[]>;
  /** Lists articles handed over in another language than the preferred one, the most frequent first. @param least smallest count listed */
  listWanted(period: RecordPeriod, least: number): Promise<readonly WantedPage[]>;
  /** Counts entries from an instant on that wait to be written to a chart: the last write may succeed later, or none was tried. */
  countWaiting(from: string): Promise<number>;
  /** The text of a digest; undefined where it is not held. */
  findText(digest: string): Promise<string | undefined>;
  /** Puts a legal hold on something, or releases it: what is held outlives its retention. */
  hold(subject: RecordSubject, isHeld: boolean, by: string, now: Date): Promise<void>;
  /** The time by the database's clock. */
  now(): Promise<Date>;
  /**
   * Does a pass of retention: marks entries that have outlived it, and deletes those that have been marked for a week of the record's
   * running time, unless they are more than a tenth of the record. An entry on hold, or written after one that is retained, is not marked.
   * @param days how long an entry is retained
   * @param ranMs milliseconds since the last pass of this process, by its monotonic clock; 0 for its first
   */
  enforceRetention(days: number, ranMs: number): Promise<RetentionPass>;
  /** Deletes entries from before an instant that are not on hold, with their texts, marked or not. @returns how many */
  purge(before: string): Promise<number>;
  /** Erases an entry or all of a patient's, with the traces of earlier holds. @returns undefined where a hold is in force: nothing is erased */
  erase(subject: RecordSubject, by: string): Promise<Erasure | undefined>;
  /** All erasures, the oldest first. */
  listErasures(): Promise<readonly Erasure[]>;
  close(): Promise<void>;
}
