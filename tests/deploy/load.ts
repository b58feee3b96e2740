import { Agent, request } from 'node:http';

/** Something that is asked again and again. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly release: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/** Asks once. @throws where the connection fails */
export function askOnce(url: string, { method, path, type, body, headers = {} }: Ask, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(type === undefined ? {} : { 'content-type': type }) };
    const options = { method, headers: sent, ...(agent ? { agent } : {}) };
    const asking = request(url + path, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const release = String(response.headers['x-library-release'] ?? '');
        const again = response.headers['retry-after'];
        const retryAfter = again === undefined ? undefined : Number(again);
        const body = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, release, retryAfter, body });
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const CODES = ['J45', 'E11.9', 'I10', 'N53.14', 'M54.5', 'F32.9', 'K21.9', 'E78.5', 'N39.0', 'R51', 'Z23', 'O80'];
const WORDS = ['asthma', 'presion alta', 'hart atack', 'diabetes', 'colesterol', 'flu shot'];
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const OID = '2.16.840.1.113883.6.90';
const FORM = 'application/x-www-form-urlencoded';

/** The numberth request of a mixed load: every protocol, by GET and by POST; all of them read. */
export function mixedAsk(number: number): Ask {
  const code = CODES[number % CODES.length] ?? '';
  const words = encodeURIComponent(WORDS[number % WORDS.length] ?? '');
  const criteria = `mainSearchCriteria.v.cs=${OID}&mainSearchCriteria.v.c=${code}`;
  const coding = { resourceType: 'Parameters', parameter: [{ name: 'coding', valueCoding: { system: ICD, code } }] };
  const kinds: Ask[] = [
    { method: 'GET', path: `/service?${criteria}&knowledgeResponseType=application/json` },
    { method: 'GET', path: `/infobutton?${criteria}&informationRecipient.languageCode.c=es` },
    { method: 'POST', path: '/infobutton', type: FORM, body: criteria },
    { method: 'GET', path: `/application?${criteria}` },
    { method: 'GET', path: `/fhir/DocumentReference?explains=${ICD}|${code}` },
    { method: 'POST', path: '/fhir/DocumentReference/_search', type: FORM, body: `event=${ICD}|${code}` },
    { method: 'POST', path: '/fhir/$knowledge-request', type: 'application/fhir+json', body: JSON.stringify(coding) },
    { method: 'GET', path: `/search?q=${words}` },
    { method: 'GET', path: `/find?q=${words}` },
    { method: 'GET', path: `/fhir/CodeSystem/$lookup?system=${ICD}&code=${code}` },
  ];
  return kinds[(number * 7) % kinds.length] as Ask;
}

export interface Load {
  /** The numbers of the requests that were answered with success. */
  readonly acknowledged: () => readonly number[];
  /** How often an instance had no database within its deadlines (503 with `Retry-After`), and was asked again. */
  readonly unavailable: () => number;
  /** Outcomes of requests that were not answered with success, and how many. */
  readonly failures: ReadonlyMap<string, number>;
  readonly releases: Set<string>;
  /** Waits for so many more answers. */
  readonly more: (answers: number) => Promise<void>;
  /** Pauses for longer until something has come about, which is not to burn the machine's time however long it takes. */
  readonly slowlyUntil: <T>(isDone: Promise<T>, restMs?: number) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/**
 * Asks steadily over kept connections until it is stopped: one request after the other on each of some connections, with
 * a pause behind each, so that what answers is busy and not overrun.
 */
export function startLoad(url: string, ask: (number: number) => Ask, { connections = 8, pauseMs = 10 } = {}): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const failures = new Map<string, number>();
  const fail = (what: string): void => void failures.set(what, (failures.get(what) ?? 0) + 1);
  const releases = new Set<string>();
  let number = 0;
  const acknowledged: number[] = [];
  let unavailable = 0;
  let isOver = false;
  let restMs = pauseMs;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  /** As a client does: what is told to come again comes again. */
  const askUntilAnswered = async (asked: Ask): Promise<Answer> => {
    for (;;) {
      const answer = await askOnce(url, asked, agent);
      if (answer.status !== 503 || answer.retryAfter === undefined) return answer;
      unavailable += 1;
      await pause(answer.retryAfter * 1000);
    }
  };
  const work = async (): Promise<void> => {
    while (!isOver) {
      const own = number++;
      const asked = ask(own);
      const name = `${asked.method} ${asked.path}`;
      try {
        const { status, release, body } = await askUntilAnswered(asked);
        if (status === 200 || status === 201) acknowledged.push(own);
        else fail(`${name}: ${status} ${body.slice(0, 200)}`);
        if (release !== '') releases.add(release);
      } catch (error) {
        fail(`${name}: ${String(error)}`);
      }
      await pause(restMs);
    }
  };
  const workers = Array.from({ length: connections }, work);
  return {
    acknowledged: () => acknowledged,
    unavailable: () => unavailable,
    failures,
    releases,
    more: async (answers) => {
      const goal = acknowledged.length + answers;
      while (acknowledged.length < goal) await pause(20);
    },
    slowlyUntil: async (isDone, slowMs = 1000) => {
      restMs = slowMs;
      try {
        return await isDone;
      } finally {
        restMs = pauseMs;
      }
    },
    stop: async () => {
      isOver = true;
      await Promise.all(workers);
      agent.destroy();
    },
  };
}
