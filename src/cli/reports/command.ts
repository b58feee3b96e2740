/** Where a command writes: a stream of the process or a stand-in. */
export interface Out {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** A command's streams: its result, and messages. */
export interface Streams {
  readonly stdout: Out;
  readonly stderr: Out;
}

/** Ends a command with a line on stderr and an exit code. */
export class CommandEnd extends Error {
  readonly exitCode: number;

  constructor(line: string, exitCode = 1) {
    super(line);
    this.exitCode = exitCode;
  }
}

/**
 * Makes a command of its work: what ends the work is written to stderr. @returns exit code
 * @param toLine the line for an error that is no CommandEnd, with exit code 1; undefined: a fault of the program
 */
export const command =
  <Sent extends readonly unknown[]>(
    work: (...sent: [...Sent, Streams]) => Promise<number>,
    toLine: (error: unknown) => string | undefined = () => undefined,
  ) =>
  async (...sent: [...Sent, Streams]): Promise<number> => {
    try {
      return await work(...sent);
    } catch (error) {
      const line = error instanceof CommandEnd ? error.message : toLine(error);
      if (line === undefined) throw error;
      (sent.at(-1) as Streams).stderr.write(`${line}\n`);
      return error instanceof CommandEnd ? error.exitCode : 1;
    }
  };
