import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseYaml } from '../../src/core/read-data-file.js';

interface IssueForm {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: Record<string, unknown>;
  }[];
}

const FOLDER = '.github/ISSUE_TEMPLATE';
const forms = readdirSync(FOLDER).filter((name) => name !== 'config.yml');

test.each(forms)(
  '%s is a form of GitHub that asks for something and warns of patient data where a chart may be sent',
  (name) => {
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
    const form = parseYaml(text) as IssueForm;
    expect(form.name).toMatch(/\w/);
    expect(form.description).toMatch(/\.$/);
    const questions = form.body.filter(({ type }) => type !== 'markdown');
    const ids = questions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes } of questions) {
      expect(['input', 'textarea', 'dropdown']).toContain(type);
      expect(id).toMatch(/^[a-z]+$/);
      expect(attributes.label).toEqual(expect.any(String));
      if (type === 'dropdown')
        for (const option of attributes.options as unknown[]) expect(typeof option).toBe('string');
    }
    if (name !== 'new-source.yml') expect(text).toContain('no patient data');
  },
);
