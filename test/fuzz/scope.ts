/** Names of a random program: what is visible where, and what it probably holds. */
import type { Choices } from './choices.ts';

/** What a variable was made as. Programs mostly respect it, and sometimes not. */
export type Kind = 'number' | 'string' | 'list' | 'record' | 'function' | 'any';

interface Variable {
  readonly name: string;
  readonly kind: Kind;
}

/** Few, so that they shadow each other; some mean something in JavaScript or in emitted code. */
const LOCAL_NAMES = ['a', 'b', 'c', 'x', 'y', 'this', 'var', 'new', 'arguments', 'eval', 'await', 'yield', 'undefined'];
const MORE_NAMES = ['t1', 'G', 'E', 'S', 'env', 'va', 'constructor', '__proto__', 'NaN', 'let', 'class', 'case', 'X'];

/** Never local: `local f = function() f() end` deliberately differs from Lua 5.1. */
const GLOBAL_NAMES = ['g1', 'g2', 'g3', 'toString'];

export const FIELDS = ['a', 'b', 'n', 'x', 'constructor', '__proto__', 'toString', 'length', 'prototype', 'value'];

/** What may be written where the program stands. */
export interface Place {
  /** Is the innermost function `function(...)`? */
  readonly varargs: boolean;
  /** Is it the body of a coroutine? Yielding from anything nested is an error in Lua 5.1 but not here. */
  readonly yields: boolean;
  readonly inLoop: boolean;
  readonly inFunction: boolean;
}

export class Scope {
  private variables: Variable[] = [];
  place: Place = { varargs: false, yields: false, inLoop: false, inFunction: false };
  private readonly choices: Choices;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  /** Text made inside a block: what it declares is gone afterwards. */
  block(place: Partial<Place>, make: () => string): string {
    const outer = { variables: this.variables, place: this.place };
    this.variables = [...this.variables];
    this.place = { ...this.place, ...place };
    const text = make();
    this.variables = outer.variables;
    this.place = outer.place;
    return text;
  }

  newName(): string {
    return this.choices.pick(this.choices.once(4) ? MORE_NAMES : LOCAL_NAMES);
  }

  declare(name: string, kind: Kind): void {
    this.variables.push({ name, kind });
  }

  /** A variable of the kind, or a global that may be nil. */
  variable(kind: Kind): string | undefined {
    const hidden = new Set<string>();
    const fitting: string[] = [];
    for (const variable of this.variables.toReversed()) {
      if (hidden.has(variable.name)) continue;
      hidden.add(variable.name);
      if (kind === 'any' || variable.kind === kind) fitting.push(variable.name);
    }
    return fitting.length === 0 ? undefined : this.choices.pick(fitting);
  }

  global(): string {
    return this.choices.pick(GLOBAL_NAMES);
  }
}
