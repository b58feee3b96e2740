/** An appointment or a return visit, as people typed it; a part that was left out is empty. */
export interface Appointment {
  /** ISO 8601 day. */
  readonly day: string;
  /** ISO 8601 time of the place, without a zone: `10:30`. */
  readonly time: string;
  readonly place: string;
  /** With whom, or what for. */
  readonly about: string;
}

/** When to call whom. */
export interface FollowUpCall {
  readonly when: string;
  /** A name and a telephone number. */
  readonly whom: string;
}

/** Appointments and calls that are agreed for the time after a visit. They are typed by people, and never derived. */
export interface FollowUp {
  readonly appointments: readonly Appointment[];
  readonly calls: readonly FollowUpCall[];
}

export const NO_FOLLOW_UP: FollowUp = { appointments: [], calls: [] };

export const hasFollowUp = ({ appointments, calls }: FollowUp): boolean => appointments.length + calls.length > 0;

/** Writes a follow-up as lines of plain text, for reports: a line an appointment or a call. */
export const listFollowUp = ({ appointments, calls }: FollowUp): string[] =>
  [
    ...appointments.map(({ day, time, place, about }) => [day, time, place, about]),
    ...calls.map(({ when, whom }) => [when, whom]),
  ].map((parts) => parts.filter((part) => part !== '').join(', '));
