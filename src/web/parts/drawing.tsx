import type { VNode } from 'preact';

type DrawingName = 'handOver' | 'emptySheet' | 'nothingFound' | 'talk';

/** Our own drawings, 160 by 120: lines in the text's colour, the first colour for what matters, the second one behind it. */
const DRAWINGS: Readonly<Record<DrawingName, VNode>> = {
  /** A sheet handed from one hand to another. */
  handOver: (
    <>
      <path class="d-sheet" d="M58 18h44v62H58z" />
      <path class="d-warm" d="M80 42c-5-8-15-4-12 4 2 5 12 11 12 11s10-6 12-11c3-8-7-12-12-4z" />
      <path class="d-line" d="M66 64h28M66 71h20" />
      <path class="d-accent" d="M4 84l30-4c8-1 14 2 20 6l14 4c6 2 5 8-2 8H44L4 106z" />
      <path class="d-accent" d="M156 74l-26-6c-8-2-16 0-22 5l-12 6c-5 3-3 9 4 8l22-2 34 9z" />
    </>
  ),
  /** An empty sheet with a plus. */
  emptySheet: (
    <>
      <path class="d-sheet" d="M52 16h42l16 16v74H52z" />
      <path class="d-line" d="M94 16v16h16M64 46h34M64 56h34M64 66h20" />
      <circle class="d-warm" cx="106" cy="92" r="17" />
      <path class="d-plus" d="M106 83v18M97 92h18" />
    </>
  ),
  /** A magnifying glass over a sheet without lines. */
  nothingFound: (
    <>
      <path class="d-sheet" d="M46 22h48v72H46z" />
      <path class="d-line" d="M56 36h28M56 46h18" />
      <circle class="d-glass" cx="92" cy="66" r="22" />
      <path class="d-handle" d="M108 82l20 20" />
      <path class="d-line" d="M84 66h16" />
    </>
  ),
  /** Two people who talk: a patient's page. */
  talk: (
    <>
      <path class="d-sheet" d="M26 26h62v38H56L42 78V64H26z" />
      <path class="d-warm" d="M72 54h62v36h-14v14l-14-14H72z" />
      <path class="d-line" d="M38 40h38M38 50h22" />
      <path class="d-plus" d="M84 68h38M84 78h24" />
    </>
  ),
};

/** A drawing that repeats the text beside it: hidden from screen readers. */
export function Drawing({ name }: { name: DrawingName }) {
  return (
    <svg class="drawing" viewBox="0 0 160 120" aria-hidden="true" focusable="false">
      <circle class="d-wash" cx="80" cy="60" r="54" />
      {DRAWINGS[name]}
    </svg>
  );
}
