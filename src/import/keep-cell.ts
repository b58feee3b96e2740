/** A cell that may be kept without the text that it is a view into. */
export const keepCell = (cell: string): string => Buffer.from(cell).toString();
