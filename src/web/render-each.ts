import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { giveWay } from '../turns.js';

/** Renders the items of a list that may be long, one by one, so that other requests come between. */
export async function renderEach<T>(items: readonly T[], render: (item: T) => VNode): Promise<string> {
  let html = '';
  for (const item of items) {
    html += renderToString(render(item));
    const turn = giveWay();
    if (turn) await turn;
  }
  return html;
}
