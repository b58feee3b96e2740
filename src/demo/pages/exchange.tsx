import type { AnsweredCall } from '../call-server.js';
import type { DemoView } from '../view.js';

/** Characters of JSON that a page shows, and of one text in it. */
const MOST_CHARS = 20_000;
const MOST_TEXT_CHARS = 400;

const shorten = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > MOST_TEXT_CHARS
    ? `${value.slice(0, MOST_TEXT_CHARS)}… (${value.length})`
    : value;

/** Formats JSON for a page; long texts in it are cut. Other text is returned as it is. */
export function formatJson(text: string): string {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), shorten, 2);
  } catch {
    // It is shown as it came.
  }
  return shown.length > MOST_CHARS ? `${shown.slice(0, MOST_CHARS)}\n…` : shown;
}

/** Writes an address as a person reads it: `%7C` is `|`. */
function decodeAddress(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function Json({ label, text }: { label: string; text: string }) {
  return (
    <>
      <h2>{label}</h2>
      {/* A region that scrolls must be reached by the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        {formatJson(text)}
      </pre>
    </>
  );
}

/** A call with its answer, as they were sent. */
export function Exchange({ exchange, view }: { exchange: AnsweredCall; view: DemoView }) {
  const { t, addresses } = view;
  const { call, status, text, ms } = exchange;
  return (
    <div class="exchange">
      <p class="call">
        <strong>{call.method}</strong> {decodeAddress(addresses.ours + call.path)}
      </p>
      {call.body !== undefined && <Json label={t('demo.client.sent')} text={call.body} />}
      <Json label={t('demo.client.answer', { status, ms })} text={text} />
    </div>
  );
}
