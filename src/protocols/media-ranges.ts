/** Clients name a handful; each is compared to all that is offered, and a header of thousands took a tenth of a second. */
const MOST_RANGES = 100;

/** The media ranges that are looked at, of an Accept header or of a `_format` that lists several. */
export const mediaRanges = (accept: string): string => accept.split(',', MOST_RANGES).join(',');

/** Those of an Accept header; without one, anything is taken (RFC 9110, 12.5.1). */
export const acceptedRanges = (accept: string | undefined): string => (accept?.trim() ? mediaRanges(accept) : '*/*');
