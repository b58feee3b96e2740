import type { Steps } from '../../core/give-way.js';

/** Characters whose values are made in one step: half a million different names at once take a second. */
const PIECE_CHARS = 32_768;
/** Characters that are looked through in one step. */
const SCANNED_CHARS = 100_000;

export interface JsonLimits {
  readonly mostDepth: number;
  /** Brackets and commas: each begins one value at most. */
  readonly mostElements: number;
  /** Of one object. */
  readonly mostMembers: number;
}

/** Creates the error for a text that is larger than the limits. */
type Reject = (reason: string) => Error;

/** A list or an object that is not closed yet. */
interface Open {
  readonly isList: boolean;
  /** Place of its bracket. */
  readonly start: number;
  /** Its members up to `from`; undefined while none of it is made. */
  value: unknown[] | Record<string, unknown> | undefined;
  /** Place from which nothing is made. */
  from: number;
  /** Place at which its member begins that is read now, and of that member's colon. */
  member: number;
  colon: number;
  members: number;
  /** The name of that member, where it is made by itself. */
  name: string;
  /** Whether that member is part of a piece, is being made by itself, or has been. */
  state: 'piece' | 'within' | 'behind';
}

const isBlank = (text: string): boolean => !/[^ \t\r\n]/.test(text);

/** Adds a member as JSON.parse does, which takes `__proto__` for a name like any other. */
function setMember({ value }: Open, name: string, member: unknown): void {
  if (Array.isArray(value)) value.push(member);
  else if (value && name !== '__proto__') value[name] = member;
  else if (value)
    Object.defineProperty(value, name, { value: member, enumerable: true, configurable: true, writable: true });
}

/** Makes the values of one text, a piece at a time. All methods throw SyntaxErrors where it is not well-formed. */
class JsonPieces {
  readonly #text: string;
  readonly open: Open[] = [];
  /** The whole, once it is closed, where it was made in pieces. */
  root: Open | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  #requireBlank(from: number, to: number): void {
    if (!isBlank(this.#text.slice(from, to))) throw new SyntaxError('something stands between two values');
  }

  /** Makes the members that lie whole between two places. */
  #makeMembers(one: Open, to: number): void {
    const text = this.#text.slice(one.from, to);
    const made = JSON.parse(one.isList ? `[${text}]` : `{${text}}`) as unknown[] | Record<string, unknown>;
    one.value ??= one.isList ? [] : {};
    if (Array.isArray(made)) for (const member of made) setMember(one, '', member);
    else for (const [name, member] of Object.entries(made)) setMember(one, name, member);
    if (isBlank(text)) throw new SyntaxError('a member is missing');
  }

  /** Makes what stands before the member that is read now: that one is made by itself. */
  #enter(one: Open, place: number): void {
    if (one.state === 'within') return;
    if (one.state === 'behind') throw new SyntaxError('a comma is missing');
    if (one.member > one.from) this.#makeMembers(one, one.member - 1);
    one.value ??= one.isList ? [] : {};
    if (!one.isList) {
      const name: unknown = JSON.parse(this.#text.slice(one.member, one.colon));
      if (typeof name !== 'string') throw new SyntaxError('a name is no text');
      one.name = name;
    }
    this.#requireBlank(one.isList ? one.member : one.colon + 1, place);
    one.state = 'within';
  }

  /** Makes members up to a place, behind what its parents hold before it. */
  #makeUpTo(one: Open, place: number): void {
    if (one.state === 'behind') this.#requireBlank(one.from, place);
    else {
      for (const [level, outer] of this.open.slice(0, -1).entries()) {
        this.#enter(outer, this.open[level + 1]?.start ?? place);
      }
      this.#makeMembers(one, place);
    }
  }

  begin(isList: boolean, place: number): void {
    if (this.root) throw new SyntaxError('there are two values');
    if (this.open.length === 0) this.#requireBlank(0, place);
    const next = place + 1;
    const places = { start: place, from: next, member: next, colon: next };
    this.open.push({ isList, ...places, value: undefined, members: 1, name: '', state: 'piece' });
  }

  /** Ends a member. @returns whether values were made */
  endMember(one: Open, place: number): boolean {
    const isDue = one.state === 'behind' || place - one.from > PIECE_CHARS;
    if (isDue) {
      this.#makeUpTo(one, place);
      one.from = place + 1;
      one.state = 'piece';
    }
    one.members += 1;
    one.member = place + 1;
    one.colon = one.member;
    return isDue;
  }

  end(isList: boolean, place: number): void {
    const one = this.open.at(-1);
    if (one?.isList !== isList) throw new SyntaxError('a bracket has no partner');
    // An only member that is not made yet is a text, a number, or small.
    if (one.value || (one.members > 1 && place - one.from > PIECE_CHARS)) this.#makeUpTo(one, place);
    this.open.pop();
    const outer = this.open.at(-1);
    if (one.value && outer) {
      setMember(outer, outer.name, one.value);
      outer.from = place + 1;
      outer.state = 'behind';
    } else if (!outer) this.root = { ...one, from: place + 1 };
  }

  /** The value of the whole text. */
  finish(): unknown {
    if (this.open.length > 0) throw new SyntaxError('a bracket is not closed');
    if (!this.root?.value) return JSON.parse(this.#text);
    this.#requireBlank(this.root.from, this.#text.length);
    return this.root.value;
  }
}

/** The place of the quotation mark that ends a text; the end of all where there is none. */
function findQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at;
    if (unit === 0x5c) at += 1;
  }
  return text.length;
}

/**
 * Parses JSON in steps, as JSON.parse does at once.
 * @throws SyntaxError if it is not well-formed, and what `reject` creates where it is larger than the limits
 */
export function* parseJson(text: string, limits: JsonLimits, reject: Reject): Steps<unknown> {
  const { mostDepth, mostElements, mostMembers } = limits;
  const pieces = new JsonPieces(text);
  let elements = 0;
  const count = (): void => {
    elements += 1;
    if (elements > mostElements) throw reject(`it has more than ${mostElements} elements`);
  };
  const { open } = pieces;
  let step = SCANNED_CHARS;
  for (let at = 0; at < text.length; at += 1) {
    if (at >= step) {
      yield;
      step = at + SCANNED_CHARS;
    }
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = findQuote(text, at + 1);
    } else if (unit === 0x2c) {
      count();
      const one = open.at(-1);
      if (!one) throw new SyntaxError('a comma stands outside of all values');
      if (pieces.endMember(one, at)) yield;
      if (!one.isList && one.members > mostMembers)
        throw reject(`it has an object with more than ${mostMembers} members`);
    } else if (unit === 0x3a) {
      const one = open.at(-1);
      if (one) one.colon = at;
    } else if (unit === 0x7b || unit === 0x5b) {
      count();
      if (open.length === mostDepth) throw reject(`it is nested more than ${mostDepth} levels deep`);
      pieces.begin(unit === 0x5b, at);
    } else if (unit === 0x7d || unit === 0x5d) pieces.end(unit === 0x5d, at);
  }
  return pieces.finish();
}
