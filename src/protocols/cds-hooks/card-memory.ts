import { createHmac, randomBytes, randomUUID } from 'node:crypto';
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

/** Memory of the cards at one place. */
interface PlaceMemory {
  /** Ids of articles that were opened, or whose card was answered: they are not offered again. */
  readonly settled: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

interface KnownCard {
  readonly hook: string;
  readonly place: string;
  readonly linked: readonly LinkedArticle[];
  readonly isAnswered: boolean;
  readonly until: number;
}

export interface MemoryOptions {
  readonly cardPlaces: number;
  readonly cardsRemembered: number;
  readonly cardMemoryMs: number;
}

/**
 * Remembers cards until they are answered or opened. An EHR replaces a card by the next answer of the service, so the same card is returned
 * until then. It exists only in memory, for some days. User, patient and encounter are one digest with a key of this process, from which
 * they cannot be identified.
 */
export class CardMemory {
  readonly #options: MemoryOptions;
  readonly #secret = randomBytes(32);
  readonly #places: LRUCache<string, PlaceMemory>;
  readonly #cards: LRUCache<string, KnownCard>;
  /** Ids of cards by what they are: place, hook and linked articles. */
  readonly #same: LRUCache<string, string>;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.#places = new LRUCache({ max: options.cardPlaces });
    this.#cards = new LRUCache({ max: options.cardsRemembered });
    this.#same = new LRUCache({ max: options.cardsRemembered });
  }

  #digest(parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('base64');
  }

  #findPlace({ userId, patientId, encounterId = '' }: CardPlace): string {
    return this.#digest([userId, patientId, encounterId]);
  }

  #findCard(uuid: string, now: Date): KnownCard | undefined {
    const card = this.#cards.get(uuid);
    return card && now.getTime() < card.until ? card : undefined;
  }

  #findSettled(place: string, now: Date): ReadonlySet<string> {
    const known = this.#places.get(place);
    return known && now.getTime() < known.until ? known.settled : new Set();
  }

  #settle(place: string, articles: readonly string[], now: Date): void {
    const settled = new Set([...this.#findSettled(place, now), ...articles]);
    this.#places.set(place, { settled, until: now.getTime() + this.#options.cardMemoryMs });
  }

  /** Finds the articles that may be offered: those that were not opened here, and whose card was not answered. */
  findOpen<T extends { readonly id: string }>(place: CardPlace, articles: readonly T[], now: Date): T[] {
    const settled = this.#findSettled(this.#findPlace(place), now);
    return articles.filter(({ id }) => !settled.has(id));
  }

  /** Remembers a card. @returns its id: that of the same card, where it was shown here before */
  remember(hook: string, linked: readonly LinkedArticle[], placeOf: CardPlace, now: Date): string {
    const place = this.#findPlace(placeOf);
    const key = this.#digest([place, hook, ...linked.map(({ article, language }) => `${article} ${language}`)]);
    const before = this.#same.get(key);
    const known = before === undefined ? undefined : this.#findCard(before, now);
    const uuid = before !== undefined && known && !known.isAnswered ? before : randomUUID();
    this.#same.set(key, uuid);
    const until = now.getTime() + this.#options.cardMemoryMs;
    this.#cards.set(uuid, { hook, place, linked, isAnswered: false, until });
    return uuid;
  }

  /**
   * Notes feedback on a card: its articles are not offered again for its user, patient and encounter.
   * @returns what the card linked; undefined if it is unknown or was answered before
   */
  answer(uuid: string, hook: string, now: Date): readonly LinkedArticle[] | undefined {
    const card = this.#findCard(uuid, now);
    if (card?.hook !== hook || card.isAnswered) return undefined;
    this.#cards.set(uuid, { ...card, isAnswered: true });
    this.#settle(
      card.place,
      card.linked.map(({ article }) => article),
      now,
    );
    return card.linked;
  }

  /** Notes that an article of a card was opened, or all of them by the launch of the card. An unknown card changes nothing. */
  open(uuid: string, article: string | undefined, now: Date): void {
    const card = this.#findCard(uuid, now);
    if (!card) return;
    const ids = card.linked.map((one) => one.article);
    this.#settle(card.place, article === undefined ? ids : ids.filter((id) => id === article), now);
  }
}
