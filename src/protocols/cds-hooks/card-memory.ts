import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Coding } from '../../core/codes/concept.js';
import type { Language } from '../../core/model/language.js';

/** For whom a card is shown. */
export interface CardPlace {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId: string | undefined;
}

/** An article that a card links. */
export interface LinkedArticle {
  readonly article: string;
  readonly language: Language;
  /** The code that led to it. */
  readonly coding: Coding | undefined;
}

interface Shown {
  /** Ids of articles that a card has linked, or could have. */
  readonly articles: ReadonlySet<string>;
  readonly isSilent: boolean;
  /** Milliseconds since 1970. */
  readonly until: number;
}

interface KnownCard {
  readonly hook: string;
  readonly place: string;
  readonly linked: readonly LinkedArticle[];
  readonly until: number;
}

export interface MemoryOptions {
  readonly cardPlaces: number;
  readonly cardsRemembered: number;
  readonly cardMemoryMs: number;
}

/**
 * Remembers what cards have linked, so that none links it twice and none comes after one was overridden. It exists only in memory, for some
 * days. User, patient and encounter are one digest with a key of this process, from which they cannot be identified.
 */
export class CardMemory {
  readonly #options: MemoryOptions;
  readonly #secret = randomBytes(32);
  readonly #places: LRUCache<string, Shown>;
  readonly #cards: LRUCache<string, KnownCard>;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.#places = new LRUCache({ max: options.cardPlaces });
    this.#cards = new LRUCache({ max: options.cardsRemembered });
  }

  #buildKey({ userId, patientId, encounterId = '' }: CardPlace): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([userId, patientId, encounterId]))
      .digest('base64');
  }

  #findShown(key: string, now: Date): Shown | undefined {
    const shown = this.#places.get(key);
    return shown && now.getTime() < shown.until ? shown : undefined;
  }

  /** Finds articles that no card has linked here; none after a card was overridden. */
  findNew<T extends { readonly id: string }>(place: CardPlace, articles: readonly T[], now: Date): T[] {
    const shown = this.#findShown(this.#buildKey(place), now);
    if (shown?.isSilent) return [];
    return articles.filter(({ id }) => !shown?.articles.has(id));
  }

  /**
   * Remembers a card.
   * @param articles ids of all that it could have linked: one that was left out for lack of space is not new later
   */
  remember(
    card: { readonly uuid: string; readonly hook: string; readonly linked: readonly LinkedArticle[] },
    place: CardPlace,
    articles: readonly string[],
    now: Date,
  ): void {
    const key = this.#buildKey(place);
    const until = now.getTime() + this.#options.cardMemoryMs;
    const before = this.#findShown(key, now)?.articles ?? [];
    this.#places.set(key, { articles: new Set([...before, ...articles]), isSilent: false, until });
    const { uuid, hook, linked } = card;
    this.#cards.set(uuid, { hook, place: key, linked, until });
  }

  /**
   * Stops cards for the user, patient and encounter of an overridden card.
   * @returns what the card linked; undefined if it is unknown or was overridden before
   */
  override(uuid: string, hook: string, now: Date): readonly LinkedArticle[] | undefined {
    const card = this.#cards.get(uuid);
    if (card?.hook !== hook || now.getTime() >= card.until) return undefined;
    this.#cards.delete(uuid);
    const articles = this.#findShown(card.place, now)?.articles ?? new Set<string>();
    this.#places.set(card.place, { articles, isSilent: true, until: now.getTime() + this.#options.cardMemoryMs });
    return card.linked;
  }
}
