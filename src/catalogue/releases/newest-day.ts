import type { Layer } from '../../core/model/library.js';

/** The day of the newest release; what a site writes has times of its own, and does not make everything else newer. */
export function newestDay(releases: readonly { readonly layer: Layer; readonly builtOn: string }[]): string {
  const shipped = releases.filter(({ layer }) => layer !== 'written');
  const days = (shipped.length > 0 ? shipped : releases).map(({ builtOn }) => builtOn);
  return days.sort().at(-1) ?? '';
}
