import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { loadConfig } from '../../src/config/config.js';
import type { Reply } from '../http/ask.js';
import type { ApiDocument } from '../support/openapi/document.js';
import { complaintByDocument } from '../support/documented-answers.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { judge, judgeBytes } from './judge.js';
import type { FuzzRequest } from './make-request.js';
import { RequestMaker } from './make-request.js';
import { Random } from './random.js';
import { ServerProcess } from './server-process.js';
import { readSurface } from './surface.js';
import { writeCurl } from './write-curl.js';

export interface FuzzOptions {
  readonly seed: number;
  /** How many; each server is asked some thousand of them. */
  readonly requests: number;
  /** A folder of the run's own. */
  readonly folder: string;
  /** The one request that is wanted, by its number; undefined: all. */
  readonly only?: number | undefined;
  /** A server that runs already, over whatever database, and its tokens; undefined: servers are started, with settings by the seed. */
  readonly at?: { readonly url: string; readonly tokens: readonly string[] } | undefined;
  /** Hears of each fault as it is found. */
  readonly onFault?: (fault: string) => void;
}

export interface FuzzReport {
  /** Faults, each with the request's number, its seed, and a line that repeats it. */
  readonly faults: readonly string[];
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** For each server, MB held after a tenth of its requests, after half and at the end. */
  readonly held: readonly (readonly number[])[];
}

const CONNECTIONS = 12;
/** Requests of one server, each second of which is written to. */
const REQUESTS_A_SERVER = 2000;
/** Nothing that is asked here takes as long; a server that never answers is what this finds. */
const SILENCE_MS = 60_000;
/** MB by which what a server holds may grow in the second half of its requests: by then its caches are full; what is written is held. */
const MOST_GROWTH_MB = 30;
const WRITE_TOKEN = 'fuzz-write-token-0123456789';
const READ_TOKEN = 'fuzz-read-token-0123456789';

/** The settings of a server, and the tokens that it knows, by the seed. */
function settingsOf(seed: number, index: number, place: string): { env: Record<string, string>; tokens: string[] } {
  const random = new Random(seed, -1 - index);
  const closed = random.pick(['', '', 'all', 'fhir']);
  const readers = closed === '' ? [] : [READ_TOKEN];
  const writers = index % 2 === 0 ? [WRITE_TOKEN] : [];
  const env = {
    LIBRARY_PATH: join(place, 'library.db'),
    TRUST_PROXY: 'loopback',
    CACHE_MAX_BYTES: random.pick(['0', '1000000', '33554432']),
    MAX_ARTICLES: random.pick(['1', '3', '6']),
    FEEDBACK_TEXT: random.pick(['true', 'false']),
    AUDIT_LOG: random.pick(['', join(place, 'audit.log')]),
    LOG_LEVEL: random.pick(['info', 'error']),
    REQUIRE_AUTHENTICATION: closed,
    READ_TOKENS: readers.join(),
    WRITE_TOKENS: writers.join(),
  };
  return { env, tokens: [...writers, ...readers] };
}

/** Sends bytes and gives what comes back until the connection ends. */
function exchangeBytes(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('no answer and no end')));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.destroy());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === undefined) reject(error);
    });
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
    socket.end(bytes);
  });
}

/** Server that is fuzzed. */
type Fuzzed = Pick<ServerProcess, 'url' | 'isAlive' | 'takeFaults' | 'measure' | 'stop'>;

/** A server that somebody else started: of its memory and its log nothing is known. */
const startedElsewhere = (url: string): Fuzzed => ({
  url,
  isAlive: true,
  takeFaults: () => [],
  measure: () => Promise.resolve(0),
  stop: () => Promise.resolve(0),
});

/** One server, and all that is asked of it. */
class Round {
  readonly #server: Fuzzed;
  readonly #pool: Pool;
  readonly #maker: RequestMaker;
  readonly #options: FuzzOptions;
  readonly #api: ApiDocument;
  readonly faults: string[] = [];
  readonly statuses: Record<string, number> = {};

  constructor(server: Fuzzed, pool: Pool, maker: RequestMaker, api: ApiDocument, options: FuzzOptions) {
    this.#server = server;
    this.#pool = pool;
    this.#maker = maker;
    this.#api = api;
    this.#options = options;
  }

  report(fault: string): void {
    this.faults.push(fault);
    this.#options.onFault?.(fault);
  }

  /** Sends the requests of these numbers, several at a time. */
  async send(first: number, end: number): Promise<void> {
    let next = first;
    const worker = async (): Promise<void> => {
      while (next < end && this.#server.isAlive) await this.#sendOne(this.#maker.make(next++));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    if (!this.#server.isAlive) this.report(`the server ended before request ${next} of seed ${this.#options.seed}`);
    for (const line of this.#server.takeFaults()) this.report(`before request ${next} the log says: ${line}`);
  }

  /** MB that the server holds; where that is too much, once what it may still be at has had time to end. @param before the last measurement */
  async #measure(before = Infinity): Promise<number> {
    const measure = async (): Promise<number> => Math.round((await this.#server.measure()) / 1e6);
    let measured = await measure();
    for (let tries = 1; tries < 5 && measured - before > MOST_GROWTH_MB; tries += 1) {
      await setTimeout(1000);
      measured = await measure();
    }
    return measured;
  }

  /** Sends all requests of a server. @returns MB that it holds after a tenth of them, after half, and at the end */
  async sendAll(first: number, end: number): Promise<number[]> {
    const held: number[] = [];
    let from = first;
    for (const part of [0.1, 0.5, 1]) {
      const until = first + Math.ceil((end - first) * part);
      await this.send(from, until);
      from = until;
      if (this.#server.isAlive) held.push(await this.#measure(held.at(-1)));
    }
    const growth = (held.at(-1) ?? 0) - (held.at(-2) ?? 0);
    if (growth > MOST_GROWTH_MB) this.report(`the server holds ${growth} MB more at the end: ${held.join(', ')}`);
    return held;
  }

  async #sendOne(request: FuzzRequest): Promise<void> {
    let complaint: string | undefined;
    try {
      complaint = request.bytes
        ? judgeBytes(await exchangeBytes(this.#server.url, request.bytes))
        : this.#judge(request, await this.#ask(request));
    } catch (error) {
      complaint = (error as Error).message;
    }
    if (complaint === undefined) return;
    const { seed, folder } = this.#options;
    const again = `npm run fuzz -- --seed ${seed} --requests ${this.#options.requests} --only ${request.number}`;
    this.report(
      `${complaint}\n  ${again}\n  ${writeCurl(request, this.#server.url, join(folder, `body-${request.number}`))}`,
    );
  }

  /** Fault of an answer, by itself or by the server's own description of it. */
  #judge(request: FuzzRequest, reply: Reply): string | undefined {
    const complaint = judge(request, reply);
    if (complaint !== undefined) return complaint;
    const { method, path } = request;
    const undocumented = complaintByDocument(this.#api, { method, path, ...reply });
    return undocumented === undefined ? undefined : `the OpenAPI document lacks ${undocumented}`;
  }

  async #ask({ method, path, headers, body }: FuzzRequest): Promise<Reply> {
    const {
      statusCode: status,
      headers: received,
      body: stream,
    } = await this.#pool.request({
      method: method as 'GET',
      path,
      headers: [...headers],
      body: body ?? null,
    });
    const bytes = Buffer.from(await stream.arrayBuffer());
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    return { status, headers: received, body: bytes, text: bytes.toString('utf8') };
  }
}

async function runRound(options: FuzzOptions, index: number): Promise<FuzzReport> {
  const { seed, requests, folder, only, at } = options;
  const first = index * REQUESTS_A_SERVER;
  const end = Math.min(first + REQUESTS_A_SERVER, requests);
  const place = join(folder, `server-${index}`);
  mkdirSync(place, { recursive: true });
  const { env, tokens } = { ...settingsOf(seed, index, place), ...at };
  if (!at) await putShippedLibrary(loadConfig(env));
  const server = at ? startedElsewhere(at.url) : await ServerProcess.start(env);
  const pool = new Pool(server.url, { connections: CONNECTIONS, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  try {
    const headers = tokens[0] === undefined ? {} : { Authorization: `Bearer ${tokens[0]}` };
    const fetchJson = async (path: string): Promise<unknown> =>
      (await pool.request({ method: 'GET', path, headers })).body.json();
    const surface = await readSurface(fetchJson);
    const api = (await fetchJson('/openapi.json')) as ApiDocument;
    const round = new Round(server, pool, new RequestMaker({ seed, surface, tokens }), api, options);
    const held = only === undefined ? await round.sendAll(first, end) : [];
    if (only !== undefined) await round.send(only, only + 1);
    const code = await server.stop();
    if (code !== 0) round.report(`the server ended with ${code ?? 'a signal'}`);
    for (const line of server.takeFaults()) round.report(`at its end the log says: ${line}`);
    return { faults: round.faults, statuses: round.statuses, held: [held] };
  } finally {
    await pool.destroy();
    await server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Sends requests that are made of what a server tells of itself, and judges each answer: to one server after the other, each
 * second of which is written to. Their settings and the requests follow from the seed.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { requests, only } = options;
  const faults: string[] = [];
  const held: (readonly number[])[] = [];
  const statuses: Record<string, number> = {};
  for (let index = 0; index * REQUESTS_A_SERVER < requests; index += 1) {
    if (only !== undefined && Math.floor(only / REQUESTS_A_SERVER) !== index) continue;
    const round = await runRound(options, index);
    faults.push(...round.faults);
    held.push(...round.held);
    for (const [status, count] of Object.entries(round.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  return { faults, statuses, held };
}
