import { dirname, resolve } from 'node:path';
import type { TickedKind } from '../core/charts/chart-settings.js';
import { toDepartmentKey, type Department, type Logo } from '../core/model/department.js';
import type { Language } from '../core/model/language.js';
import { LIMITS } from '../limits.js';
import { readNoticeFile, readLogo } from './site-settings.js';
import { readYamlSetting } from './setting-file.js';

/** A department as the file has it, with the schema's defaults (resources/schemas/departments.json). */
interface DepartmentEntry {
  readonly id: string;
  readonly name: string;
  readonly 'name.es'?: string;
  readonly recognize: readonly string[];
  readonly logo?: string;
  readonly notice?: string;
  readonly language?: Language;
  readonly lists?: readonly string[];
  readonly pages: Department['mostPages'];
  readonly tick?: readonly TickedKind[];
}

/** Reads the logos that departments name, each file once. */
class LogoFiles {
  readonly #read = new Map<string, Logo>();
  #bytes = 0;

  /** Returns the picture, or the requirement that it does not meet. */
  read(path: string): Logo | string {
    const known = this.#read.get(path);
    if (known) return known;
    const logo = readLogo(path, LIMITS.maxLogoBytes);
    if (typeof logo === 'string') return `must be ${logo}`;
    this.#bytes += logo.bytes.length;
    const most = LIMITS.maxDepartmentLogoBytes;
    if (this.#bytes > most) return `is too large: all logos of departments together may have ${most} bytes`;
    this.#read.set(path, logo);
    return logo;
  }
}

/**
 * Reads the departments of the house; empty without a file. Paths in the file are relative to its folder.
 * @param resourcesDir folder of the schema
 * @throws ConfigError with the line and the field of the first fault
 */
export function readDepartments(path: string | undefined, resourcesDir: string): readonly Department[] {
  if (path === undefined) return [];
  const { content, createFault } = readYamlSetting<{ readonly departments: readonly DepartmentEntry[] }>(
    'DEPARTMENTS_FILE',
    path,
    `${resourcesDir}/schemas/departments.json`,
    LIMITS.maxDepartmentsBytes,
  );
  const logos = new LogoFiles();
  const owners = new Map<string, string>();
  return content.departments.map((entry, at): Department => {
    const { id, name, 'name.es': nameEs = name, recognize, language, lists, pages, tick } = entry;
    const fail = (field: string, words: string) => createFault(['departments', String(at), field], words);
    const names = [['id', id], ['name', name], ['name.es', nameEs], ...recognize.map((one) => ['recognize', one])];
    const keys = names.map(([field = '', sent = '']) => {
      const key = toDepartmentKey(sent);
      const owner = owners.get(key);
      if (owner !== undefined && (owner !== id || field === 'id')) throw fail(field, `${sent} means ${owner} already`);
      owners.set(key, id);
      return key;
    });
    const findFile = (named: string): string => resolve(dirname(resolve(path)), named);
    const logo = entry.logo === undefined ? undefined : logos.read(findFile(entry.logo));
    if (typeof logo === 'string') throw fail('logo', logo);
    const notice = entry.notice === undefined ? undefined : readNoticeFile(findFile(entry.notice));
    if (typeof notice === 'string') throw fail('notice', notice);
    return {
      id,
      names: { en: name, es: nameEs },
      keys: [...new Set(keys)],
      logo,
      notice: notice?.text,
      language,
      lists,
      mostPages: pages,
      ticked: tick,
    };
  });
}
