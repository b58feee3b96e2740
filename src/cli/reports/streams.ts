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
