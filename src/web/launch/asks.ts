/** Field of the form "Given": a second press with the same articles asks first. */
export const ASKS = 'asks';
