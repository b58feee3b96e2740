/** The process that writes to a library. */
export interface Writer {
  /** "host:process". */
  readonly name: string;
  readonly clock: () => Date;
}
