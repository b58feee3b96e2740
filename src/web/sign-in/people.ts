import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { SignInConfig } from '../../config/sign-in.js';
import { findOwn } from '../../core/find-own.js';
import { LIMITS } from '../../limits.js';
import { findRoles, listScopesOf, type Role } from '../../protocols/roles.js';
import type { Access } from '../../protocols/identity.js';
import { Sealer } from '../../upstream/sealer.js';
import { cleanName, readGroups, type SignedIn } from '../../upstream/sign-in/provider-client.js';
import { SignInFailure } from '../../upstream/failures.js';
import type { CookieRequest } from '../cookies.js';
import { sessionCookie } from './cookies.js';

/** A person's session, as their browser's cookie holds it, sealed. */
interface Session {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** When the person signed in, milliseconds since 1970. */
  readonly began: number;
  /** As a JWT's claims may be anything. */
  readonly [claim: string]: unknown;
}

/** How the log and the audit trail name a person: no token has a colon in its name. */
export const nameClient = (name: string): string => `user:${name}`;

const toAccess = (name: string, roles: readonly Role[], renewal?: string): Access => ({
  identity: { client: nameClient(name), scopes: listScopesOf(roles), roles },
  ...(renewal === undefined ? {} : { renewal }),
});

const readHeader = (headers: IncomingHttpHeaders, name: string): string => {
  const value = findOwn(headers, name) ?? '';
  return (Array.isArray(value) ? value.join(',') : value).trim();
};

/** The people who have signed in at the site's provider, or at a proxy before us. */
export class People {
  readonly #config: SignInConfig;
  readonly #clock: () => Date;
  readonly #sealer: Sealer<Session>;
  /** Ids of sessions that were ended here before their time. */
  readonly #ended = new LRUCache<string, true>({ max: LIMITS.launchSessions });

  /** @param secret seals sessions, shared by all instances; undefined: a session is this process's */
  constructor(config: SignInConfig, secret: string | undefined, clock: () => Date) {
    this.#config = config;
    this.#clock = clock;
    this.#sealer = new Sealer('session', secret);
  }

  /** Opens a session. @returns the cookie's value @throws SignInFailure `no-role` */
  open({ name, groups }: SignedIn, now: Date): Promise<string> {
    const roles = findRoles(groups, this.#config.roles);
    if (roles.length === 0) throw new SignInFailure('no-role');
    return this.#sealer.seal({ id: randomUUID(), name, roles, began: now.getTime() }, now);
  }

  async #read(request: CookieRequest, now: Date) {
    const value = sessionCookie.read(request);
    const session = value === '' ? undefined : await this.#sealer.open(value, LIMITS.launchIdleMs, now);
    const isOver = session && (session.began + LIMITS.launchSessionMs <= now.getTime() || this.#ended.has(session.id));
    return isOver ? undefined : session;
  }

  /** Ends the session of a request. @returns who it was; undefined if there was none */
  async end(request: CookieRequest, now: Date): Promise<{ readonly name: string } | undefined> {
    const session = await this.#read(request, now);
    if (session) this.#ended.set(session.id, true);
    return session;
  }

  /** Finds the person of a request; undefined if there is none. Headers count from the proxy's own address alone. */
  readonly find = async ({ headers, socket }: IncomingMessage, baseUrl: string): Promise<Access | undefined> => {
    const { proxy, roles } = this.#config;
    if (proxy?.isFrom(socket.remoteAddress ?? '') === true) {
      const name = readHeader(headers, proxy.userHeader);
      const groups = readGroups(readHeader(headers, proxy.groupsHeader).split(','));
      if (name !== '') return toAccess(cleanName(name), findRoles(groups, roles));
    }
    const now = this.#clock();
    const request = { headers, baseUrl };
    const found = await this.#read(request, now);
    if (!found) return undefined;
    const { iat, ...session } = found;
    const isFresh = iat * 1000 + LIMITS.sessionRenewMs > now.getTime();
    const renewal = isFresh ? undefined : sessionCookie.write(await this.#sealer.seal(session, now), request);
    return toAccess(session.name, session.roles, renewal);
  };
}
