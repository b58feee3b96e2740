import type { CodeableConcept, Coding, ParametersParameter } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import { capTexts } from '../../json-object.js';
import { findValue } from '../syntax/primitives.js';
import type { OperationInput } from '../rest/interaction.js';
import { badValue, missingParameter } from '../rest/bad-request.js';

/** Reads the parameters of a terminology operation; synonyms are tried in their order. */
export class InputReader {
  readonly #input: OperationInput;

  constructor(input: OperationInput) {
    this.#input = input;
  }

  all(...names: readonly string[]): readonly ParametersParameter[] {
    return names.flatMap((name) => this.#input.get(name) ?? []);
  }

  /** Values of simple types, as text. @throws RequestError `too-many-parameters` */
  texts(...names: readonly string[]): string[] {
    const all = this.all(...names);
    if (all.length > LIMITS.maxListValues)
      throw new RequestError('too-many-parameters', { most: LIMITS.maxListValues });
    return all.flatMap((parameter) => {
      const value = findValue(parameter)?.[1];
      if (typeof value === 'string') return value === '' ? [] : [value];
      return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
    });
  }

  text(...names: readonly string[]): string | undefined {
    return this.texts(...names)[0];
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : text === 'true';
  }

  /** A count, 0 or more. @throws RequestError `bad-parameter-value` */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!Number.isSafeInteger(number) || number < 0) {
      throw badValue(name, 'expected a whole number, 0 or more');
    }
    return number;
  }

  coding(...names: readonly string[]): Coding | undefined {
    const found = this.all(...names).find(({ valueCoding }) => valueCoding)?.valueCoding;
    return found && capTexts(found);
  }

  /** @throws RequestError `too-many-parameters` for a concept of too many codings */
  concept(...names: readonly string[]): CodeableConcept | undefined {
    const found = this.all(...names).find(({ valueCodeableConcept }) => valueCodeableConcept)?.valueCodeableConcept;
    if ((found?.coding?.length ?? 0) > LIMITS.maxListValues) {
      throw new RequestError('too-many-parameters', { most: LIMITS.maxListValues });
    }
    return found && { ...found, ...(found.coding ? { coding: found.coding.map(capTexts) } : {}) };
  }

  /** The one of several parameters that names the subject. @throws RequestError if there is none, or more than one */
  exactlyOne(...names: readonly string[]): string {
    const sent = names.filter((name) => (this.#input.get(name)?.length ?? 0) > 0);
    const [only] = sent;
    if (only === undefined) throw missingParameter(names.join(' | '));
    if (sent.length > 1) {
      const expected = `exactly one of ${names.join(', ')} is allowed`;
      throw badValue(sent.join(', '), expected);
    }
    return only;
  }
}
