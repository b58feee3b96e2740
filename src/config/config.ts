import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostname } from 'node:os';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import proxyAddress from 'proxy-addr';
import type { ChartThresholds } from '../core/charts/chart-settings.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { CODE_SYSTEMS, isCodeSystemId } from '../core/codes/code-systems.js';
import type { PolicyPlace } from '../build/policy-file.js';
import type { PostgresPlace } from '../store/postgres/postgres-database.js';
import type { Writer } from '../store/writer.js';
import type { Logo } from '../read-logo.js';
import type { AuthorizationConfig, AuthorizationSettings } from './authorization.js';
import { readAuthorization } from './authorization.js';
import type { CdsHooksConfig, CdsHooksSettings } from './cds-hooks.js';
import { readCdsHooks } from './cds-hooks.js';
import type { ChartEnvironment, HandedOverConfig, HandedOverSettings } from './site-settings.js';
import {
  readChartThresholds,
  readLanguageNotice,
  readSiteLogo,
  readTimeZone,
  readHandedOver,
} from './site-settings.js';
import type { Ehr, EhrSettings } from './ehrs.js';
import { readEhrs } from './ehrs.js';
import { ConfigError, splitList } from './error.js';
import { readHostNames } from './host-names.js';
import type { Proxies, ProxySettings } from './proxies.js';
import { PROXY_NAMES, readProxies } from './proxies.js';
import { readSecret } from './secret.js';
import type { TerminologyServerConfig, TerminologySettings } from './terminology-server.js';
import { readTerminologyServer } from './terminology-server.js';

export { ConfigError };

/** The project's folder, two levels above `src/config` and `dist/config`. */
const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Address by which clients reach us, without a trailing slash; undefined: derived from host and port. */
  readonly publicUrl: string | undefined;
  /** Names by which clients may address the server, in lower case, without ports; undefined: any. */
  readonly hostNames: ReadonlySet<string> | undefined;
  readonly canonicalBase: string;
  /** The PostgreSQL database of the library; undefined: it is the file at `libraryPath`. */
  readonly database: PostgresPlace | undefined;
  readonly libraryPath: string;
  readonly libraryReadOnly: boolean;
  readonly localLibrary: string | undefined;
  /** The site's policy on articles; undefined: none. */
  readonly sitePolicy: PolicyPlace | undefined;
  readonly omitCodeSystems: readonly CodeSystemId[];
  readonly connectorName: string;
  readonly connectorUrl: string | undefined;
  /** The hospital's name, in the header of pages and of the patient handout. */
  readonly siteName: string | undefined;
  readonly siteLogo: Logo | undefined;
  /** The site's notice of language assistance, at the end of each patient handout. */
  readonly languageNotice: string | undefined;
  /** Whether feedback in a reader's own words is stored. */
  readonly feedbackText: boolean;
  readonly maxArticles: number;
  readonly chartThresholds: ChartThresholds;
  readonly cacheMaxBytes: number;
  /** The FHIR server queried for codes that the library does not know; undefined: none. */
  readonly terminologyServer: TerminologyServerConfig | undefined;
  readonly cdsHooks: CdsHooksConfig;
  /** The record of what was handed over; undefined: nothing is recorded. */
  readonly recordKeeping: HandedOverConfig | undefined;
  /** EHRs that may launch us; empty: none. */
  readonly ehrs: readonly Ehr[];
  /** The proxies that calls to servers outside go through; undefined: none. */
  readonly proxies: Proxies | undefined;
  readonly rateLimitPerMinute: number;
  /** Addresses and networks of the trusted proxies, whose X-Forwarded-For is used. */
  readonly trustedProxies: readonly string[];
  /** Who may write over FHIR, and who may read; undefined: no client may write, and reading needs no token. */
  readonly authorization: AuthorizationConfig | undefined;
  /** File of the audit trail, or `-` for standard output; undefined: none is written. */
  readonly auditLog: string | undefined;
  readonly frameAncestors: string;
  /** Address of MedlinePlus's topic files. */
  readonly medlinePlusXmlUrl: string;
  /** Time after SIGTERM during which requests are still accepted, until a load balancer has noticed. */
  readonly shutdownDelayMs: number;
  /** IANA time zone of the site's calendar days. */
  readonly timeZone: string;
  readonly logLevel: string;
  readonly resourcesDir: string;
  readonly mappingsDir: string;
  readonly version: string;
  /** This process, as a writer of the library. */
  readonly writer: Writer;
}

interface Settings
  extends
    AuthorizationSettings,
    CdsHooksSettings,
    ChartEnvironment,
    EhrSettings,
    HandedOverSettings,
    ProxySettings,
    TerminologySettings {
  HOST: string;
  PORT: number;
  PUBLIC_URL?: string;
  ALLOWED_HOSTS?: string;
  CANONICAL_BASE: string;
  DATABASE_URL?: string;
  DATABASE_MAX_CONNECTIONS: number;
  LIBRARY_PATH: string;
  LIBRARY_READ_ONLY: boolean;
  LOCAL_LIBRARY?: string;
  SITE_POLICY?: string;
  OMIT_CODE_SYSTEMS?: string;
  CONNECTOR_NAME: string;
  CONNECTOR_URL?: string;
  SITE_NAME?: string;
  SITE_LOGO?: string;
  LANGUAGE_NOTICE?: string;
  FEEDBACK_TEXT: boolean;
  MAX_ARTICLES: number;
  CACHE_MAX_BYTES: number;
  MEDLINEPLUS_XML_URL: string;
  RATE_LIMIT_PER_MINUTE: number;
  TRUST_PROXY?: string;
  AUDIT_LOG?: string;
  FRAME_ANCESTORS: string;
  SHUTDOWN_DELAY_MS: number;
  TIME_ZONE: string;
  LOG_LEVEL: string;
}

interface ConfigSchema {
  readonly properties: Readonly<Record<string, SettingSchema>>;
}

interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Description of a value that has a pattern. */
  readonly description?: string;
}

/** Secrets with one value, each of which may be in a file (`<name>_FILE`); lists of tokens have files of their own. */
const SECRETS = ['DATABASE_URL', 'TERMINOLOGY_TOKEN'];

/**
 * A number is written in plain digits, not as `0x10` or `1e3`; a value of another type remains a string and fails the
 * schema.
 */
function readValue(text: string, type: string | undefined): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function describeFault(error: ErrorObject | undefined, { properties }: ConfigSchema): ConfigError {
  const name = error?.instancePath.slice(1) ?? '';
  const { enum: allowed, description } = properties[name] ?? {};
  if (allowed) return new ConfigError(`${name} must be one of ${allowed.join(', ')}`);
  if (description) return new ConfigError(`${name} must be ${description}`);
  return new ConfigError(`${name} ${error?.message ?? 'is wrong'}`);
}

let compiled: { readonly schema: ConfigSchema; readonly validate: ValidateFunction } | undefined;

/** The schema of the settings, read and compiled once: commands and tests load several configurations. */
function settingsSchema(): NonNullable<typeof compiled> {
  if (compiled) return compiled;
  const schema = JSON.parse(readFileSync(`${PROJECT}/resources/schemas/config.json`, 'utf8')) as ConfigSchema;
  compiled = { schema, validate: new Ajv({ useDefaults: true, strict: false, validateSchema: false }).compile(schema) };
  return compiled;
}

function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const { schema, validate } = settingsSchema();
  const settings: Record<string, unknown> = {};
  for (const [name, { type }] of Object.entries(schema.properties)) {
    const text = env[name] ?? (PROXY_NAMES.has(name) ? env[name.toLowerCase()] : undefined);
    // An empty variable counts as unset: compose files set them so.
    if (text === undefined || text === '') continue;
    if (text.trim() === '') throw new ConfigError(`${name} must not be blank`);
    settings[name] = readValue(text, type);
  }
  if (!validate(settings)) throw describeFault(validate.errors?.[0], schema);
  for (const name of SECRETS) readSecret(settings, name, schema.properties[name] ?? {});
  return settings as unknown as Settings;
}

function resolveLocalFolder(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const folder = resolve(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new ConfigError(`LOCAL_LIBRARY must be an existing folder: ${folder}`);
  }
  return folder;
}

/** The configured file, else the one that a site's folder may have. */
function resolvePolicyPlace(path: string | undefined, localLibrary: string | undefined): PolicyPlace | undefined {
  if (path === undefined) {
    return localLibrary === undefined ? undefined : { path: join(localLibrary, 'policy.csv'), isOptional: true };
  }
  const file = resolve(path);
  if (existsSync(file) && statSync(file).isFile()) return { path: file, isOptional: false };
  throw new ConfigError(`SITE_POLICY must be an existing file: ${file}`);
}

function codeSystems(text: string | undefined): CodeSystemId[] {
  return splitList(text).map((name) => {
    if (isCodeSystemId(name)) return name;
    throw new ConfigError(`OMIT_CODE_SYSTEMS must be among ${CODE_SYSTEMS.map(({ id }) => id).join(', ')}`);
  });
}

function proxies(list: string | undefined): string[] {
  const addresses = splitList(list);
  try {
    proxyAddress.compile(addresses);
  } catch {
    throw new ConfigError('TRUST_PROXY must be IP addresses or networks (10.0.0.0/8, loopback), separated by commas');
  }
  return addresses;
}

const WRITER: Writer = { name: `${hostname()}:${process.pid}`, clock: () => new Date() };

/**
 * Reads the configuration from the environment.
 * @throws ConfigError with one clear line if a variable is wrong
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const settings = readSettings(env);
  const local = resolveLocalFolder(settings.LOCAL_LIBRARY);
  const { version } = JSON.parse(readFileSync(`${PROJECT}/package.json`, 'utf8')) as { version: string };
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, ''),
    hostNames: readHostNames(settings.PUBLIC_URL, settings.ALLOWED_HOSTS, settings.HOST),
    canonicalBase: settings.CANONICAL_BASE,
    database:
      settings.DATABASE_URL === undefined
        ? undefined
        : { url: settings.DATABASE_URL, maxConnections: settings.DATABASE_MAX_CONNECTIONS },
    libraryPath: resolve(settings.LIBRARY_PATH),
    libraryReadOnly: settings.LIBRARY_READ_ONLY,
    localLibrary: local,
    sitePolicy: resolvePolicyPlace(settings.SITE_POLICY, local),
    omitCodeSystems: codeSystems(settings.OMIT_CODE_SYSTEMS),
    connectorName: settings.CONNECTOR_NAME,
    connectorUrl: settings.CONNECTOR_URL,
    siteName: settings.SITE_NAME,
    siteLogo: settings.SITE_LOGO === undefined ? undefined : readSiteLogo(settings.SITE_LOGO),
    languageNotice: settings.LANGUAGE_NOTICE === undefined ? undefined : readLanguageNotice(settings.LANGUAGE_NOTICE),
    feedbackText: settings.FEEDBACK_TEXT,
    maxArticles: settings.MAX_ARTICLES,
    chartThresholds: readChartThresholds(settings),
    cacheMaxBytes: settings.CACHE_MAX_BYTES,
    terminologyServer: readTerminologyServer(settings),
    cdsHooks: readCdsHooks(settings),
    recordKeeping: readHandedOver(settings),
    ehrs: readEhrs(settings, `${PROJECT}/resources`),
    proxies: readProxies(settings),
    medlinePlusXmlUrl: settings.MEDLINEPLUS_XML_URL,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    trustedProxies: proxies(settings.TRUST_PROXY),
    authorization: readAuthorization(settings),
    auditLog:
      settings.AUDIT_LOG === undefined || settings.AUDIT_LOG === '-' ? settings.AUDIT_LOG : resolve(settings.AUDIT_LOG),
    frameAncestors: settings.FRAME_ANCESTORS,
    shutdownDelayMs: settings.SHUTDOWN_DELAY_MS,
    timeZone: readTimeZone(settings.TIME_ZONE),
    logLevel: settings.LOG_LEVEL,
    resourcesDir: `${PROJECT}/resources`,
    mappingsDir: `${PROJECT}/mappings`,
    version,
    writer: WRITER,
  });
}
