import { readFileSync } from 'node:fs';
import { parseYaml } from '../../src/core/read-data-file.js';

/** Parts of a service that the tests read. */
export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly pull_policy?: string;
  readonly restart?: string;
  readonly stop_grace_period?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string; readonly environment?: string }>>;
}

/** A compose file with its anchors resolved; `${NAME:-default}` stays as it is written. */
export function readCompose(path: string): Compose {
  return parseYaml(readFileSync(path, 'utf8')) as Compose;
}

/** A service's environment as it is where the host sets nothing. */
export function environmentOf({ environment = {} }: Service): Record<string, string> {
  const byDefault = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, byDefault(value)]));
}
