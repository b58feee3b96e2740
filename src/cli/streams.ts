/** Where a command writes: a stream of the process, or whatever stands in for it. */
export interface Out {
  /** Whether a person watches. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The two streams of a command: what it was asked for, and what there is to say beside it. */
export interface Streams {
  readonly stdout: Out;
  readonly stderr: Out;
}
