import type { HookResult } from './hook-caller.js';

/** The tour's steps, in their order. Texts are in resources/i18n under `demo.tour`. */
export const TOUR_STEPS = [
  'chart',
  'infobutton',
  'launch',
  'given',
  'order',
  'discharge',
  'language',
  'client',
] as const;
export type TourStep = (typeof TOUR_STEPS)[number];

/** Progress of the demo's user since the start: steps of the tour, and the cards that came last. */
export class DemoState {
  readonly #done = new Set<TourStep>();
  /** By the place where they are shown: a discharge of a patient, or an order. */
  readonly #results = new Map<string, HookResult>();

  markDone(step: TourStep): void {
    this.#done.add(step);
  }

  isDone(step: TourStep): boolean {
    return this.#done.has(step);
  }

  showCards(place: string, result: HookResult): void {
    this.#results.set(place, result);
  }

  findCards(place: string): HookResult | undefined {
    return this.#results.get(place);
  }

  /** Takes an answered card away. */
  dropCard(place: string, uuid: string): void {
    const result = this.#results.get(place);
    if (result) this.#results.set(place, { ...result, cards: result.cards.filter((card) => card.uuid !== uuid) });
  }
}
