/** A sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly samples: Sample[];
}

const HEAD = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
// Go's parser, and so Prometheus', takes NaN in any case.
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([Nn]a[Nn]|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const TYPES = ['counter', 'gauge', 'histogram', 'summary'];

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const found = LABEL.exec(text);
    if (!found?.[1] || Object.hasOwn(labels, found[1])) throw new Error(`labels ${text}`);
    labels[found[1]] = found[2] ?? '';
  }
  return labels;
}

/** The families a sample may belong to: a histogram's and a summary's have endings. */
function familyOf(name: string, families: ReadonlyMap<string, Family>): Family | undefined {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const own = families.get(name);
  if (own) return own;
  const parts = families.get(base);
  return parts && ['histogram', 'summary'].includes(parts.type) ? parts : undefined;
}

/**
 * Reads Prometheus' text format 0.0.4 as its scraper does: every sample below its family's one HELP and TYPE, no series twice.
 * @throws Error where it is not valid
 */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  const helps = new Set<string>();
  const series = new Set<string>();
  let current: Family | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, family = '', rest = ''] = HEAD.exec(line) ?? [];
    if (kind === 'HELP') {
      if (helps.has(family)) throw new Error(`two HELP of ${family}`);
      helps.add(family);
    } else if (kind === 'TYPE') {
      if (families.has(family) || !TYPES.includes(rest)) throw new Error(line);
      current = { type: rest, samples: [] };
      families.set(family, current);
    } else {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      if (name === '' || familyOf(name, families) !== current || !current) throw new Error(`out of place: ${line}`);
      const sample = { name, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
      const key = `${name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (series.has(key)) throw new Error(`twice: ${line}`);
      series.add(key);
      current.samples.push(sample);
    }
  }
  return families;
}
