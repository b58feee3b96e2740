import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Renders the items of a list one by one: a thousand of them are less work so than as one tree. */
export const renderEach = <T>(items: readonly T[], render: (item: T) => VNode): string =>
  items.map((item) => renderToString(render(item))).join('');
