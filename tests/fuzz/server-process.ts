import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { programOf } from '../support/program.js';

/** Measure that a server is to send its parent: bytes that it holds (heap-probe.mjs), or steps since the last answer (step-probe.mjs). */
export type Probe = 'heap-probe' | 'step-probe';

/** MB of heap, as the documents say that a process has. */
const HEAP_MB = 256;
/** Level of an error in pino. */
const ERROR_LEVEL = 50;

/** A server in a process of its own: what it says, what it holds, how it ends. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  readonly #faults: string[];

  private constructor(child: ChildProcess, url: string, faults: string[]) {
    this.#child = child;
    this.url = url;
    this.#faults = faults;
  }

  /** Starts a server with this environment alone, and waits until it listens. */
  static async start(env: Record<string, string>, probe: Probe = 'heap-probe'): Promise<ServerProcess> {
    const probeUrl = pathToFileURL(resolve(`tests/fuzz/${probe}.mjs`)).href;
    const flags = ['--no-warnings', '--expose-gc', `--max-old-space-size=${HEAP_MB}`, '--import', probeUrl];
    const child = spawn(process.execPath, [...flags, ...programOf('main')], {
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const faults: string[] = [];
    const url = await new Promise<string>((found, reject) => {
      const read = (line: string): void => {
        const address = /^Education Connect serves .* on (\S+)$/.exec(line)?.[1];
        if (address !== undefined) found(address);
        else if (isFault(line)) faults.push(line);
      };
      for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, read);
      child.once('close', (code) => {
        reject(new Error(`the server ended with ${code ?? 'a signal'}: ${faults.join('\n')}`));
      });
    });
    return new ServerProcess(child, url, faults);
  }

  /** Whether its process is there. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lines of its log that tell of a fault of ours, since the last look. */
  takeFaults(): string[] {
    return this.#faults.splice(0);
  }

  /** Figure of its probe: bytes that it holds after a garbage collection, or steps since the last measurement. */
  async measure(): Promise<number> {
    this.#child.send('measure');
    const [figure] = (await once(this.#child, 'message')) as [number];
    return figure;
  }

  /** Ends it as a service manager would. @returns its exit code */
  async stop(): Promise<number | null> {
    if (!this.isAlive) return this.#child.exitCode;
    const closed = once(this.#child, 'close') as Promise<[number | null]>;
    this.#child.kill('SIGTERM');
    return (await closed)[0];
  }
}

/** Whether a line is neither a line of the log nor one that says less than that something is wrong with us. */
function isFault(line: string): boolean {
  if (/^$|^Try: /.test(line)) return false;
  try {
    return (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL;
  } catch {
    return true;
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (part: Buffer) => {
    const lines = (rest + part.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
