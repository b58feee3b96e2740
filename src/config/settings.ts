import type schema from '../../resources/schemas/config.json';

type Schemas = typeof schema.properties;

/** A number has a least value, a flag is on or off by default, all else is a text. */
type Value<Schema> = Schema extends { minimum: number }
  ? number
  : Schema extends { default: boolean }
    ? boolean
    : string;

type WithDefault = {
  [Name in keyof Schemas]: Schemas[Name] extends { default: unknown } ? Name : never;
}[keyof Schemas];

/** The environment variables as resources/schemas/config.json has them; those without a default may be absent. */
export type Settings = { readonly [Name in WithDefault]: Value<Schemas[Name]> } & {
  readonly [Name in Exclude<keyof Schemas, WithDefault>]?: Value<Schemas[Name]>;
};
