import { READ_AREAS, type ReadArea } from '../protocols/read-areas.js';
import { ConfigError, splitList } from './error.js';
import { readSecretFile } from './secret.js';
import type { Settings } from './settings.js';

/** Minimum length of a static token: shorter ones could be guessed. */
const MIN_TOKEN_CHARS = 16;

/** The issuer of accepted JWTs. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Address of the issuer's keys. */
  readonly jwksUrl: string;
  /** Token endpoint, published to clients; undefined: it is not published. */
  readonly tokenUrl: string | undefined;
}

/** A static token created by the site, and its client. */
export interface StaticToken {
  /** The name before the token (`ward-3:…`), else its number. */
  readonly client: string;
  readonly token: string;
  /** SMART scopes. */
  readonly scopes: readonly string[];
}

/** The settings with static tokens. A token is set by the site's administrator: it permits everything of its kind. */
const TOKEN_SCOPES = {
  WRITE_TOKENS: ['system/*.cruds'],
  READ_TOKENS: ['system/*.rs'],
  RECORD_TOKENS: ['system/Communication.rs'],
} as const;
type TokenSetting = keyof typeof TOKEN_SCOPES;

export interface AuthorizationConfig {
  readonly tokens: readonly StaticToken[];
  readonly jwt: JwtConfig | undefined;
  /** Areas that only authenticated clients may read; empty: reading needs no token. */
  readonly closed: ReadonlySet<ReadArea>;
  /** Whether clients with the right may write. */
  readonly allowsWriting: boolean;
}

/** A name and a colon, which no token contains, and the token. */
const NAMED = /^(?:([A-Za-z0-9][A-Za-z0-9._-]{0,39}):)?(.*)$/s;

function readTokens(settings: Settings, kind: TokenSetting, numbered: string): StaticToken[] {
  const { [kind]: inline = '', [`${kind}_FILE` as const]: file } = settings;
  const text = file === undefined ? inline : `${inline} ${readSecretFile(`${kind}_FILE`, file)}`;
  const tokens = splitList(text).map((part, index): StaticToken => {
    const [, client = `${numbered}-${index + 1}`, token = ''] = NAMED.exec(part) ?? [];
    return { client, token, scopes: TOKEN_SCOPES[kind] };
  });
  if (tokens.some(({ token }) => token.length < MIN_TOKEN_CHARS)) {
    throw new ConfigError(`each of ${kind} must have at least ${MIN_TOKEN_CHARS} characters`);
  }
  if (tokens.some(({ token }) => !/^[A-Za-z0-9._~+/-]+=*$/.test(token))) {
    throw new ConfigError(`${kind} must consist of letters, digits and -._~+/ (RFC 6750), each after a name: or not`);
  }
  if (file !== undefined && tokens.length === 0) throw new ConfigError(`${kind}_FILE contains no token`);
  return tokens;
}

function readJwt(settings: Settings): JwtConfig | undefined {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl, JWT_TOKEN_URL: tokenUrl } = settings;
  if ([issuer, audience, jwksUrl, tokenUrl].every((setting) => setting === undefined)) return undefined;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) {
    throw new ConfigError('JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL must be set together');
  }
  if (!URL.canParse(jwksUrl)) throw new ConfigError('JWT_JWKS_URL must be an http or https address');
  for (const [name, address] of Object.entries({ JWT_JWKS_URL: jwksUrl, JWT_TOKEN_URL: tokenUrl })) {
    // Both addresses are public.
    if (address !== undefined && /^[a-z]+:\/\/[^/?#]*@/i.test(address)) {
      throw new ConfigError(`${name} must be an address without a user or a password`);
    }
  }
  return { issuer, audience, jwksUrl, tokenUrl };
}

function closedIn({ REQUIRE_AUTHENTICATION: text }: Settings): ReadonlySet<ReadArea> {
  const names = splitList(text);
  if (names.length === 1 && names[0] === 'all') return new Set(READ_AREAS);
  const areas = names.map((name) => READ_AREAS.find((area) => area === name));
  const isKnown = (area: ReadArea | undefined): area is ReadArea => area !== undefined;
  if (areas.every(isKnown)) return new Set(areas);
  throw new ConfigError(`REQUIRE_AUTHENTICATION must be all, or among ${READ_AREAS.join(', ')}`);
}

/** Rejects one token for two clients: it would not identify either. */
function checkDistinct(tokens: readonly StaticToken[]): void {
  if (new Set(tokens.map(({ token }) => token)).size < tokens.length) {
    throw new ConfigError('READ_TOKENS, WRITE_TOKENS and RECORD_TOKENS must not contain a token twice');
  }
}

/**
 * Clients that may write, and those that may read protected areas; undefined if no client may write and reading needs no token.
 * @throws ConfigError
 */
export function readAuthorization(settings: Settings): AuthorizationConfig | undefined {
  const writers = readTokens(settings, 'WRITE_TOKENS', 'token');
  const readers = readTokens(settings, 'READ_TOKENS', 'read-token');
  const recordReaders = readTokens(settings, 'RECORD_TOKENS', 'record-token');
  const tokens = [...writers, ...readers, ...recordReaders];
  checkDistinct(tokens);
  const jwt = readJwt(settings);
  const closed = closedIn(settings);
  if (recordReaders.length > 0 && settings.HANDED_OVER_OWNER === undefined) {
    throw new ConfigError('RECORD_TOKENS has no effect without HANDED_OVER_OWNER');
  }
  const peopleSignIn = settings.SIGN_IN_FILE !== undefined;
  if (closed.size > 0 && writers.length + readers.length === 0 && !jwt && !peopleSignIn) {
    throw new ConfigError('REQUIRE_AUTHENTICATION must go with READ_TOKENS, WRITE_TOKENS, JWT_ISSUER or SIGN_IN_FILE');
  }
  if (closed.size === 0 && readers.length > 0) {
    throw new ConfigError('READ_TOKENS has no effect without REQUIRE_AUTHENTICATION');
  }
  if (tokens.length === 0 && !jwt && closed.size === 0) return undefined;
  const wantsWriting = writers.length > 0 || (jwt !== undefined && closed.size === 0);
  if (settings.LIBRARY_READ_ONLY && wantsWriting) {
    throw new ConfigError('LIBRARY_READ_ONLY must be false where WRITE_TOKENS or JWT_ISSUER lets clients write');
  }
  const allowsWriting = !settings.LIBRARY_READ_ONLY && (writers.length > 0 || jwt !== undefined);
  return { tokens, jwt, closed, allowsWriting };
}
