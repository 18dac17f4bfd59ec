/** What is known of the keys of reads and stores: constants, numbers, variables of loops over all keys of an object. */
import type { BinaryOperator, Expression, LocalName, Name } from '../ast.ts';
import type { LocalId, Resolution } from '../resolution.ts';
import type { Names } from './names.ts';
import type { Key, Place } from './values.ts';

/** Names of Lua's functions that are known by the text alone. */
export const KNOWN_IN_TEXT = ['next', 'pairs'] as const;

type KnownInText = (typeof KNOWN_IN_TEXT)[number];

/** A loop over all entries of some objects. */
export interface KeyLoop {
  readonly keysOf: Place;
  /** The variable that holds the value of the same entry; undefined when it is assigned to. */
  readonly value: LocalId | undefined;
}

export class Keys {
  readonly #resolution: Resolution;
  readonly #storedNames: Pick<Names, 'has'>;
  readonly #numeric = new Set<LocalId>();
  readonly #loops = new Map<LocalId, KeyLoop>();

  /** `storedNames`: a function of Lua whose name is among them may be replaced. */
  constructor(resolution: Resolution, storedNames: Pick<Names, 'has'>) {
    this.#resolution = resolution;
    this.#storedNames = storedNames;
  }

  /** The variable of a numeric `for`. */
  addNumeric(variable: LocalName): void {
    const id = this.#unchanged(variable);
    if (id !== undefined) this.#numeric.add(id);
  }

  addLoop([key, value]: readonly LocalName[], keysOf: Place): void {
    const id = key === undefined ? undefined : this.#unchanged(key);
    if (id === undefined) return;
    this.#loops.set(id, { keysOf, value: value === undefined ? undefined : this.#unchanged(value) });
  }

  /** The loop whose key variable this is. */
  loopOf(node: Expression): KeyLoop | undefined {
    const binding = node.kind === 'Name' ? this.#resolution.bindingOf.get(node) : undefined;
    return typeof binding === 'number' ? this.#loops.get(binding) : undefined;
  }

  keyOf(node: Expression): Key {
    switch (node.kind) {
      case 'String':
        return { name: node.value };
      case 'Number':
        return 'number';
      case 'Binary':
        return node.steps.every(({ operator }) => isArithmetic(operator)) ? 'number' : 'any';
      case 'Unary':
        return node.operator === 'not' ? 'any' : 'number';
      case 'Parenthesised':
        return this.keyOf(node.inner);
      case 'Name':
        return this.#keyOfName(node);
      default:
        return 'any';
    }
  }

  #keyOfName(node: Name): Key {
    const binding = this.#resolution.bindingOf.get(node);
    if (typeof binding !== 'number') return 'any';
    if (this.#numeric.has(binding)) return 'number';
    const loop = this.#loops.get(binding);
    if (loop !== undefined) return { keysOf: loop.keysOf };
    const constant = this.#resolution.locals[binding]?.constant?.value;
    if (typeof constant === 'string') return { name: constant };
    return typeof constant === 'number' ? 'number' : 'any';
  }

  #unchanged(name: LocalName): LocalId | undefined {
    const id = this.#resolution.localOf.get(name) as LocalId;
    return this.#resolution.locals[id]?.writes === 'once' ? id : undefined;
  }

  /** Does this name, or the local that was initialised with it, stand for a function of Lua that nobody replaced? */
  isBuiltin(node: Expression, name: KnownInText): boolean {
    if (node.kind === 'Index') return node.key.kind === 'String' && node.key.value === name && this.#isKept(name);
    if (node.kind !== 'Name') return false;
    const binding = this.#resolution.bindingOf.get(node);
    if (binding === 'global') return node.name === name && this.#isKept(name);
    const local = binding === undefined ? undefined : this.#resolution.locals[binding];
    if (local?.writes !== 'once' || local.initialiser === undefined) return false;
    return this.isBuiltin(local.initialiser, name);
  }

  #isKept(name: string): boolean {
    return !this.#storedNames.has(name);
  }
}

export function isArithmetic(operator: BinaryOperator): boolean {
  return '+-*/%^'.includes(operator);
}
