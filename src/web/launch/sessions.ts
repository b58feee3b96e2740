import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RequestCoding, RequestContext } from '../../core/answer/knowledge-request.js';
import type { Language } from '../../core/model/language.js';
import type { Ehr } from '../../config/ehrs.js';
import type { ChartPerson, ChartReading } from './chart-read.js';
import type { LaunchRecord } from './delivery/session-record.js';
import { LaunchFailure } from '../../upstream/failures.js';
import type { Granted } from '../../upstream/smart/granted.js';
import { LIMITS } from '../../limits.js';

/** Assumed lifetime of a token without `expires_in`. */
const USUAL_TOKEN_SECONDS = 3600;

/** The user: a clinician, the patient, or a person who acts for the patient. */
export type LaunchRole = 'clinician' | 'patient' | 'proxy';

/** Articles of a list: their ids, and those that were ticked. */
export interface ListedArticles {
  /** ISO 8601 instant of reading the chart. */
  readonly at: string;
  readonly ids: readonly string[];
  readonly ticked: ReadonlySet<string>;
  /** The patient's language, as far as we have it. */
  readonly language: Language;
  readonly reader: RequestContext;
}

/** When a token ends. @returns milliseconds since 1970 */
export const findTokenEnd = ({ expiresInSeconds = USUAL_TOKEN_SECONDS }: Granted, now: Date): number =>
  now.getTime() + expiresInSeconds * 1000;

/** One launch, with its token. It exists only in memory. */
export interface LaunchSession {
  readonly id: string;
  readonly ehr: Ehr;
  readonly role: LaunchRole;
  /** Another one after the token was renewed. */
  granted: Granted;
  /** When the token ends, milliseconds since 1970. */
  tokenUntil: number;
  /** The renewal of the token that is under way. */
  renewing: Promise<void> | undefined;
  /** Articles of the last list, shown after the token has ended; undefined: none was shown. */
  listed: ListedArticles | undefined;
  /** Entries of this session, where the site has no record and the chart alone holds them. */
  record: LaunchRecord | undefined;
  /** The chart while it is being read; undefined: no request waits for it. */
  reading: ChartReading | undefined;
  /** Undefined until the patient was read. */
  person: ChartPerson | undefined;
  /** The patient's preferred language in the chart (BCP 47); undefined: none, or the chart was not read. */
  languagePreferred: string | undefined;
  /** The ward or clinic of the encounter; undefined: the chart names none, or was not read. */
  department: string | undefined;
  /** The problems of the chart that articles explain, by the articles' ids; empty until the list was shown. */
  reasons: ReadonlyMap<string, readonly RequestCoding[]>;
}

interface Held {
  /** SHA-256 of the cookie's value, so that memory holds no secret. */
  readonly digest: Buffer;
  readonly until: number;
}

const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const isOpenedBy = ({ digest }: Held, secret: string): boolean => timingSafeEqual(digest, hashSecret(secret));
const createSecret = (): string => randomBytes(32).toString('base64url');

/** @throws LaunchFailure `no-user` if the EHR does not identify the user */
function findRole({ user, patientId }: Granted, { assumesClinician }: Ehr): LaunchRole {
  if (user === undefined) {
    if (assumesClinician) return 'clinician';
    throw new LaunchFailure('no-user');
  }
  if (user === `Patient/${patientId}`) return 'patient';
  // Another patient or a relative is no clinician, nor is a patient of another server.
  return /(?:^|\/)(?:Patient|RelatedPerson|Person)\/[^/]*$/.test(user) ? 'proxy' : 'clinician';
}

/**
 * Sessions of launches. A session belongs to one launch and is named in its address; its cookie is sent to that address only.
 * So two patients in two tabs never mix.
 */
export class LaunchSessions {
  readonly #sessions = new Map<string, Held & { readonly session: LaunchSession; idleUntil: number }>();

  /** Opens a session. @throws LaunchFailure `no-user`, `too-many-sessions` */
  open(granted: Granted, ehr: Ehr, now: Date): { session: LaunchSession; secret: string } {
    const { launchSessions, launchSessionMs, launchIdleMs } = LIMITS;
    const at = now.getTime();
    const role = findRole(granted, ehr);
    if (this.#sessions.size >= launchSessions) this.#sweep(at);
    if (this.#sessions.size >= launchSessions) throw new LaunchFailure('too-many-sessions');
    const session: LaunchSession = {
      id: randomBytes(16).toString('base64url'),
      ehr,
      role,
      granted,
      tokenUntil: findTokenEnd(granted, now),
      renewing: undefined,
      listed: undefined,
      record: undefined,
      reading: undefined,
      person: undefined,
      languagePreferred: undefined,
      department: undefined,
      reasons: new Map(),
    };
    const secret = createSecret();
    this.#sessions.set(session.id, {
      session,
      digest: hashSecret(secret),
      until: at + launchSessionMs,
      idleUntil: at + launchIdleMs,
    });
    return { session, secret };
  }

  /** Finds a session by address and cookie, and restarts its idle time. @throws LaunchFailure `session-ended` */
  find(id: string, secret: string, now: Date): LaunchSession {
    const at = now.getTime();
    const held = this.#sessions.get(id);
    if (!held || !isOpenedBy(held, secret)) throw new LaunchFailure('session-ended');
    if (Math.min(held.until, held.idleUntil) <= at) {
      this.#sessions.delete(id);
      throw new LaunchFailure('session-ended');
    }
    held.idleUntil = at + LIMITS.launchIdleMs;
    return held.session;
  }

  /** Ends a session and discards its token. */
  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** Removes expired sessions. */
  #sweep(at: number): void {
    for (const [id, { until, idleUntil }] of this.#sessions) {
      if (Math.min(until, idleUntil) <= at) this.#sessions.delete(id);
    }
  }
}
