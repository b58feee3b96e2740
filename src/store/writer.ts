/** The process that writes to a library, and how it tells whether another one still lives. */
export interface Writer {
  /** "host:process". */
  readonly name: string;
  readonly clock: () => Date;
  /** Whether a writer of that name is dead; undefined where this cannot be known from here (another machine). */
  readonly isDead: (name: string) => boolean | undefined;
}
