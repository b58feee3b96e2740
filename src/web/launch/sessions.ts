import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import type { Ehr } from '../../config/ehrs.js';
import { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import type { Granted, PendingLaunch } from '../../upstream/smart/smart-client.js';

/** Who works the screen: a clinician, the patient, or somebody who acts for the patient. */
export type LaunchRole = 'clinician' | 'patient' | 'proxy';

/** Whose chart it is, as it stands beside what is handed over. */
export interface ChartPerson {
  readonly name: string;
  /** ISO 8601, as precise as the chart has it; empty where it has none. */
  readonly birthDate: string;
}

/** One launch. It is held in memory alone, with its token, and ends with the process at the latest. */
export interface LaunchSession {
  readonly id: string;
  readonly ehr: Ehr;
  readonly role: LaunchRole;
  readonly granted: Granted;
  /** When the token ends, milliseconds since 1970. */
  readonly tokenUntil: number;
  /** Undefined until the chart was read. */
  person: ChartPerson | undefined;
  /** The language that the chart says is preferred (BCP 47); undefined: it says none, or was not read. */
  languagePreferred: string | undefined;
  /** The problems of the chart that articles explain, by the articles' ids; empty until the list was shown. */
  reasons: ReadonlyMap<string, readonly RequestCoding[]>;
}

export interface SessionLimits {
  readonly pendingLaunches: number;
  readonly pendingLaunchMs: number;
  readonly launchSessions: number;
  readonly launchIdleMs: number;
  readonly launchSessionMs: number;
}

interface Held {
  /** SHA-256 of the cookie's value: what is in memory opens nothing. */
  readonly digest: Buffer;
  readonly until: number;
}
interface HeldPending extends Held {
  readonly pending: PendingLaunch;
}
interface HeldSession extends Held {
  readonly session: LaunchSession;
  idleUntil: number;
}

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const isFor = ({ digest }: Held, secret: string): boolean => timingSafeEqual(digest, digestOf(secret));
const newSecret = (): string => randomBytes(32).toString('base64url');

/** A token without a stated end is taken to be valid for an hour. */
const USUAL_TOKEN_SECONDS = 3600;

/** @throws LaunchFailure `no-user` where nothing says who works the screen */
function findRole({ user, patientId }: Granted, { assumesClinician }: Ehr): LaunchRole {
  if (user === undefined) {
    if (assumesClinician) return 'clinician';
    throw new LaunchFailure('no-user');
  }
  if (user === `Patient/${patientId}`) return 'patient';
  // A person who is a patient elsewhere, or a relative, is no clinician here.
  return /^(?:Patient|RelatedPerson|Person)\//.test(user) ? 'proxy' : 'clinician';
}

/**
 * Launches that wait for the EHR, and sessions. Each belongs to one launch and is named in its address; its cookie is sent to that
 * address alone. So two patients in two tabs never mix.
 */
export class LaunchSessions {
  readonly #limits: SessionLimits;
  readonly #pending = new Map<string, HeldPending>();
  readonly #sessions = new Map<string, HeldSession>();

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Holds a launch until the EHR sends the user back. @returns the value of its cookie */
  wait(pending: PendingLaunch, now: Date): string {
    const secret = newSecret();
    const { pendingLaunches, pendingLaunchMs } = this.#limits;
    for (const [state, { until }] of this.#pending) {
      // The oldest come first.
      if (until > now.getTime() && this.#pending.size < pendingLaunches) break;
      this.#pending.delete(state);
    }
    this.#pending.set(pending.state, { pending, digest: digestOf(secret), until: now.getTime() + pendingLaunchMs });
    return secret;
  }

  /** Takes a waiting launch, once. @throws LaunchFailure `wrong-state` for one of another browser, and one that is not there (any longer) */
  take(state: string, secret: string, now: Date): PendingLaunch {
    const held = this.#pending.get(state);
    if (!held || held.until <= now.getTime() || !isFor(held, secret)) throw new LaunchFailure('wrong-state');
    this.#pending.delete(state);
    return held.pending;
  }

  /** Opens a session. @throws LaunchFailure `no-user`, `too-many-sessions` */
  open(granted: Granted, ehr: Ehr, now: Date): { session: LaunchSession; secret: string } {
    const { launchSessions, launchSessionMs, launchIdleMs } = this.#limits;
    const at = now.getTime();
    const role = findRole(granted, ehr);
    if (this.#sessions.size >= launchSessions) this.#sweep(at);
    if (this.#sessions.size >= launchSessions) throw new LaunchFailure('too-many-sessions');
    const { expiresInSeconds = USUAL_TOKEN_SECONDS } = granted;
    const session: LaunchSession = {
      id: randomBytes(16).toString('base64url'),
      ehr,
      role,
      granted,
      tokenUntil: at + expiresInSeconds * 1000,
      person: undefined,
      languagePreferred: undefined,
      reasons: new Map(),
    };
    const secret = newSecret();
    this.#sessions.set(session.id, {
      session,
      digest: digestOf(secret),
      until: at + launchSessionMs,
      idleUntil: at + launchIdleMs,
    });
    return { session, secret };
  }

  /** Finds a session by its address and its cookie, and keeps it from idling. @throws LaunchFailure `session-ended` */
  find(id: string, secret: string, now: Date): LaunchSession {
    const at = now.getTime();
    const held = this.#sessions.get(id);
    if (!held || !isFor(held, secret)) throw new LaunchFailure('session-ended');
    if (Math.min(held.until, held.idleUntil) <= at) {
      this.#sessions.delete(id);
      throw new LaunchFailure('session-ended');
    }
    held.idleUntil = at + this.#limits.launchIdleMs;
    return held.session;
  }

  /** Ends a session; its token is gone with it. */
  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** Forgets what has ended by time. */
  sweep(now: Date): void {
    this.#sweep(now.getTime());
  }

  #sweep(at: number): void {
    for (const [id, { until, idleUntil }] of this.#sessions) {
      if (Math.min(until, idleUntil) <= at) this.#sessions.delete(id);
    }
  }
}
