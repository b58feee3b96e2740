/** States of a site's own handout or mapping. Others than curators see what is approved, and nothing else. */
export const KEEPER_STATES = ['draft', 'in-review', 'approved', 'retired'] as const;
export type KeeperState = (typeof KEEPER_STATES)[number];

/** Facts that curators write down about a handout or mapping. Dates are ISO 8601 days. */
export interface KeeperEntry {
  /** The person who answers for it. */
  readonly owner?: string | undefined;
  readonly department?: string | undefined;
  /** The person who reads it before it is approved. */
  readonly secondReader?: string | undefined;
  /** The day by which it must be read again. */
  readonly nextReview?: string | undefined;
}

/** The keeper's data that everybody may know: of what is approved. */
export interface PublicKeeper extends KeeperEntry {
  readonly approvedOn?: string | undefined;
  readonly approvedBy?: string | undefined;
}

/** The keeper's data of one version. */
export interface Keeper extends PublicKeeper {
  readonly state: KeeperState;
  /** Why this version was written. */
  readonly changeNote?: string | undefined;
  /** Client that wrote this version: a person or a token. */
  readonly changedBy?: string | undefined;
  /** Clients that have changed the text since it was approved last: none of them may approve it. */
  readonly authors: readonly string[];
}

/** Steps of a curator. */
export const KEEPER_STEPS = ['save', 'submit', 'return', 'approve', 'discard', 'retire'] as const;
export type KeeperStep = (typeof KEEPER_STEPS)[number];

/** States in which each step is allowed. */
const FROM: Readonly<Record<KeeperStep, readonly KeeperState[]>> = {
  save: KEEPER_STATES,
  submit: ['draft'],
  return: ['in-review'],
  approve: ['draft', 'in-review'],
  discard: ['draft', 'in-review'],
  retire: ['approved'],
};

/**
 * Returns why a curator may not do a step; undefined if it may.
 * @param authors clients that have changed the text since it was approved last
 * @param client the client of the curator
 */
export function findStepFault(
  step: KeeperStep,
  { state, authors }: Pick<Keeper, 'state' | 'authors'>,
  client: string,
): 'wrong-state' | 'own-text' | undefined {
  if (!FROM[step].includes(state)) return 'wrong-state';
  return step === 'approve' && authors.includes(client) ? 'own-text' : undefined;
}

/** Steps that are allowed to a client. */
export const listSteps = (keeper: Pick<Keeper, 'state' | 'authors'>, client: string): KeeperStep[] =>
  KEEPER_STEPS.filter((step) => findStepFault(step, keeper, client) === undefined);

/** A client's name as people read it. */
export const readableClient = (client: string): string => client.replace(/^user:/, '');

/** True if a client is the second reader by the name that it is logged by, or none is named. Letter case does not count. */
export const isSecondReader = ({ secondReader }: KeeperEntry, client: string): boolean =>
  secondReader === undefined || secondReader.toLowerCase() === readableClient(client).toLowerCase();

/** A review that is due within so many days is listed. */
const DUE_DAYS = 30;
const DAY_MS = 86_400_000;

/** True for a day of the calendar as ISO 8601 writes it. */
export const isDay = (value: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().startsWith(value);

/** Returns how a review stands on a day: on its own day it is due, from the next one on overdue. @param today ISO 8601 day */
export function findReviewStanding(nextReview: string | undefined, today: string): 'later' | 'due' | 'overdue' {
  if (nextReview === undefined) return 'later';
  if (nextReview < today) return 'overdue';
  return Date.parse(nextReview) - Date.parse(today) <= DUE_DAYS * DAY_MS ? 'due' : 'later';
}

/** True if the day of a text's review has passed. @param today ISO 8601 day */
export const isOverdue = (keeper: KeeperEntry | undefined, today: string): boolean =>
  findReviewStanding(keeper?.nextReview, today) === 'overdue';

/** The part of the keeper's data that everybody may know; undefined where nothing is in it. */
export function toPublicKeeper(keeper: PublicKeeper): PublicKeeper | undefined {
  const { owner, department, secondReader, nextReview, approvedOn, approvedBy } = keeper;
  const facts = { owner, department, secondReader, nextReview, approvedOn, approvedBy };
  return Object.values(facts).some((value) => value !== undefined) ? facts : undefined;
}
