/** A value that cannot be printed by accident: `String()`, JSON and `util.inspect` all give `***`. */
import { inspect } from 'node:util';

const PRINTED = '***';

/** Wraps a password, nonce or key. Only `reveal()` gives the text back; call it where the value is used, not before. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** Is there a value at all? An empty secret counts as not configured. */
  get isEmpty(): boolean {
    return this.#text === '';
  }

  toString(): string {
    return PRINTED;
  }

  toJSON(): string {
    return PRINTED;
  }

  [Symbol.toPrimitive](): string {
    return PRINTED;
  }

  [inspect.custom](): string {
    return PRINTED;
  }
}
