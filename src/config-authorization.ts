import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, listOf } from './config-error.js';

/** Characters of a static token: fewer could be guessed. */
const MIN_TOKEN_CHARS = 16;

/** The settings of it, as resources/schemas/config.json has them. */
export interface AuthorizationSettings {
  WRITE_TOKENS?: string;
  WRITE_TOKENS_FILE?: string;
  JWT_ISSUER?: string;
  JWT_AUDIENCE?: string;
  JWT_JWKS_URL?: string;
  JWT_TOKEN_URL?: string;
}

/** Whose JWTs are taken. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are. */
  readonly jwksUrl: string;
  /** Where clients get tokens, to tell them; undefined: they are told elsewhere. */
  readonly tokenUrl: string | undefined;
}

export interface AuthorizationConfig {
  /** Static bearer tokens; each may write everything. */
  readonly tokens: readonly string[];
  readonly jwt: JwtConfig | undefined;
}

function tokensIn(settings: AuthorizationSettings): string[] {
  const { WRITE_TOKENS: inline, WRITE_TOKENS_FILE: file } = settings;
  let text = inline ?? '';
  if (file !== undefined) {
    try {
      text = `${text} ${readFileSync(resolve(file), 'utf8')}`;
    } catch {
      throw new ConfigError(`WRITE_TOKENS_FILE must be a file that can be read: ${resolve(file)}`);
    }
  }
  const tokens = listOf(text);
  if (tokens.some((token) => token.length < MIN_TOKEN_CHARS)) {
    throw new ConfigError(`each of WRITE_TOKENS must have at least ${MIN_TOKEN_CHARS} characters`);
  }
  if (tokens.some((token) => !/^[A-Za-z0-9._~+/-]+=*$/.test(token))) {
    throw new ConfigError('WRITE_TOKENS must be made of letters, digits and -._~+/ (RFC 6750)');
  }
  if (file !== undefined && tokens.length === 0) throw new ConfigError('WRITE_TOKENS_FILE holds no token');
  return tokens;
}

function jwtIn(settings: AuthorizationSettings): JwtConfig | undefined {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl, JWT_TOKEN_URL: tokenUrl } = settings;
  if ([issuer, audience, jwksUrl, tokenUrl].every((setting) => setting === undefined)) return undefined;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) {
    throw new ConfigError('JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL must be set together');
  }
  if (!URL.canParse(jwksUrl)) throw new ConfigError('JWT_JWKS_URL must be an http or https address');
  return { issuer, audience, jwksUrl, tokenUrl };
}

/**
 * Who may write; undefined where nobody may.
 * @throws ConfigError
 */
export function authorizationIn(
  settings: AuthorizationSettings & { readonly LIBRARY_READ_ONLY: boolean },
): AuthorizationConfig | undefined {
  const authorization = { tokens: tokensIn(settings), jwt: jwtIn(settings) };
  if (authorization.tokens.length === 0 && !authorization.jwt) return undefined;
  if (settings.LIBRARY_READ_ONLY) {
    throw new ConfigError('LIBRARY_READ_ONLY must be false where WRITE_TOKENS or JWT_ISSUER lets clients write');
  }
  return authorization;
}
