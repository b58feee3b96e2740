import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostname } from 'node:os';
import { Ajv, type ErrorObject } from 'ajv';
import proxyAddress from 'proxy-addr';
import { CODE_SYSTEMS, isCodeSystemId, type CodeSystemId } from '../core/codes/code-systems.js';
import type { PolicyPlace } from '../build/policy-file.js';
import type { Writer } from '../store/connection.js';
import { readAuthorization } from './authorization.js';
import { readCdsHooks } from './cds-hooks.js';
import {
  readChartThresholds,
  readLanguageNotice,
  readSiteLogo,
  readTimeZone,
  readHandedOver,
} from './site-settings.js';
import { readDepartments } from './departments.js';
import { readEhrs } from './ehrs.js';
import { ConfigError, splitList } from './error.js';
import { readHostNames } from './host-names.js';
import { readSecret } from './secret.js';
import type { Settings } from './settings.js';
import { readSignIn } from './sign-in.js';
import { readTerminologyServer, PROXY_NAMES, readProxies } from './terminology-server.js';

export { ConfigError };

/** The project's folder, two levels above `src/config` and `dist/config`. */
const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface ConfigSchema {
  readonly properties: Readonly<Record<string, SettingSchema>>;
}

interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Description of a value that has a pattern. */
  readonly description?: string;
  readonly default?: string | number | boolean;
}

/** Secrets with one value, each of which may be in a file (`<name>_FILE`); lists of tokens have files of their own. */
const SECRETS = ['DATABASE_URL', 'TERMINOLOGY_TOKEN', 'LAUNCH_KEY'];

/**
 * A number is written in plain digits, not as `0x10` or `1e3`; a value of another type remains a string and fails the
 * schema.
 */
function readValue(text: string, type: string | undefined): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function describeFault(name: string, schema: SettingSchema, error: ErrorObject | undefined): ConfigError {
  if (schema.enum) return new ConfigError(`${name} must be one of ${schema.enum.join(', ')}`);
  if (schema.description) return new ConfigError(`${name} must be ${schema.description}`);
  return new ConfigError(`${name} ${error?.message ?? 'is wrong'}`);
}

let read: ConfigSchema | undefined;

/** The schema of the settings, read once: commands and tests load several configurations. */
function settingsSchema(): ConfigSchema {
  read ??= JSON.parse(readFileSync(`${PROJECT}/resources/schemas/config.json`, 'utf8')) as ConfigSchema;
  return read;
}

const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });

/** The value of a variable that is set. Each is compiled by itself: a process has few of them, and compiling all is a tenth of its start. */
function readSetting(name: string, schema: SettingSchema, text: string): unknown {
  if (text.trim() === '') throw new ConfigError(`${name} must not be blank`);
  const value = readValue(text, schema.type);
  const validate = ajv.compile(schema);
  if (!validate(value)) throw describeFault(name, schema, validate.errors?.[0]);
  return value;
}

function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const { properties } = settingsSchema();
  const settings: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const text = env[name] ?? (PROXY_NAMES.has(name) ? env[name.toLowerCase()] : undefined);
    // An empty variable counts as unset: compose files set them so.
    const value = text === undefined || text === '' ? schema.default : readSetting(name, schema, text);
    if (value !== undefined) settings[name] = value;
  }
  for (const name of SECRETS) readSecret(settings, name, properties[name] ?? {});
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

function codeSystems(text: string | undefined): readonly CodeSystemId[] {
  return splitList(text).map((name) => {
    if (isCodeSystemId(name)) return name;
    throw new ConfigError(`OMIT_CODE_SYSTEMS must be among ${CODE_SYSTEMS.map(({ id }) => id).join(', ')}`);
  });
}

function proxies(list: string | undefined): readonly string[] {
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
export function loadConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const local = resolveLocalFolder(settings.LOCAL_LIBRARY);
  const { version } = JSON.parse(readFileSync(`${PROJECT}/package.json`, 'utf8')) as { version: string };
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    /** Address by which clients reach us, without a trailing slash; undefined: derived from host and port. */
    publicUrl: settings.PUBLIC_URL?.replace(/(?<!\/)\/+$/, ''),
    /** Names by which clients may address the server, in lower case, without ports; undefined: any. */
    hostNames: readHostNames(settings.PUBLIC_URL, settings.ALLOWED_HOSTS, settings.HOST),
    canonicalBase: settings.CANONICAL_BASE,
    /** The PostgreSQL database of the library; undefined: it is the file at `libraryPath`. */
    database:
      settings.DATABASE_URL === undefined
        ? undefined
        : { url: settings.DATABASE_URL, maxConnections: settings.DATABASE_MAX_CONNECTIONS },
    libraryPath: resolve(settings.LIBRARY_PATH),
    libraryReadOnly: settings.LIBRARY_READ_ONLY,
    localLibrary: local,
    /** The site's policy on articles; undefined: none. */
    sitePolicy: resolvePolicyPlace(settings.SITE_POLICY, local),
    omitCodeSystems: codeSystems(settings.OMIT_CODE_SYSTEMS),
    connectorName: settings.CONNECTOR_NAME,
    connectorUrl: settings.CONNECTOR_URL,
    /** The hospital's name, in the header of pages and of the patient handout. */
    siteName: settings.SITE_NAME,
    siteLogo: settings.SITE_LOGO === undefined ? undefined : readSiteLogo(settings.SITE_LOGO),
    /** The site's notice of language assistance, at the end of each patient handout. */
    languageNotice: settings.LANGUAGE_NOTICE === undefined ? undefined : readLanguageNotice(settings.LANGUAGE_NOTICE),
    /** Departments with settings of their own; empty: none. */
    departments: readDepartments(settings.DEPARTMENTS_FILE, `${PROJECT}/resources`),
    /** Whether feedback in a reader's own words is stored. */
    interpreterHelp: settings.INTERPRETER_HELP,
    feedbackText: settings.FEEDBACK_TEXT,
    maxArticles: settings.MAX_ARTICLES,
    chartThresholds: readChartThresholds(settings),
    cacheMaxBytes: settings.CACHE_MAX_BYTES,
    /** The FHIR server queried for codes that the library does not know; undefined: none. */
    terminologyServer: readTerminologyServer(settings),
    cdsHooks: readCdsHooks(settings),
    /** The record of what was handed over; undefined: nothing is recorded. */
    recordKeeping: readHandedOver(settings),
    /** EHRs that may launch us; empty: none. */
    ehrs: readEhrs(settings, `${PROJECT}/resources`),
    /** How people sign in to the pages for staff; undefined: there is no sign-in. */
    signIn: readSignIn(settings, `${PROJECT}/resources`),
    /** Whether people sign in, for workers too. */
    signsIn: settings.SIGN_IN_FILE !== undefined,
    /** Secret that seals launches under way, shared by all instances; undefined: each process makes its own. */
    launchKey: settings.LAUNCH_KEY,
    /** The proxies that calls to servers outside go through; undefined: none. */
    proxies: readProxies(settings),
    /** Address of MedlinePlus's topic files. */
    medlinePlusXmlUrl: settings.MEDLINEPLUS_XML_URL,
    /** Processes that do long work, beside the one that does everything else. */
    workers: settings.WORKERS,
    /** Whether publishers are queried every day for newer editions of the official sources. */
    updateCheckDaily: settings.UPDATE_CHECK_DAILY,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    /** Addresses and networks of the trusted proxies, whose X-Forwarded-For is used. */
    trustedProxies: proxies(settings.TRUST_PROXY),
    /** Clients that may write over FHIR, and those that may read; undefined: no client may write, and reading needs no token. */
    authorization: readAuthorization(settings),
    /** File of the audit trail, or `-` for standard output; undefined: none is written. */
    auditLog:
      settings.AUDIT_LOG === undefined || settings.AUDIT_LOG === '-' ? settings.AUDIT_LOG : resolve(settings.AUDIT_LOG),
    frameAncestors: settings.FRAME_ANCESTORS,
    /** Time after SIGTERM during which requests are still accepted, until a load balancer has noticed. */
    shutdownDelayMs: settings.SHUTDOWN_DELAY_MS,
    /** IANA time zone of the site's calendar days. */
    timeZone: readTimeZone(settings.TIME_ZONE),
    logLevel: settings.LOG_LEVEL,
    resourcesDir: join(PROJECT, 'resources'),
    mappingsDir: join(PROJECT, 'mappings'),
    version,
    /** This process, as a writer of the library. */
    writer: WRITER,
  });
}

/** The configuration: see `loadConfig`. */
export type Config = ReturnType<typeof loadConfig>;
