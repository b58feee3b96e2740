/** Reasons to override a card. Texts are in resources/i18n under `cdsHooks.override`. */
export const OVERRIDE_REASONS = ['already-given', 'declined', 'not-relevant-now', 'wrong-page'] as const;

/** The code system of these reasons. */
export const overrideSystem = (canonicalBase: string): string => `${canonicalBase}/CodeSystem/card-override-reasons`;
