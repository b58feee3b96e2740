const DAY_MS = 86_400_000;

/** The instant before which entries have outlived their retention. @param days how long an entry is retained */
export const retentionEnd = (days: number, now: Date): string => new Date(now.getTime() - days * DAY_MS).toISOString();
