/** Names in scope while the resolver walks, and what is known about each local so far. */
import type { FunctionLike, LocalName } from './ast.ts';
import type { Local } from './resolution.ts';

/** A local while facts are still being collected. */
export interface Draft extends Mutable<Local> {
  /** The declaration can run more than once per activation of the owner. */
  inLoop: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** All fields at once and in one order: scripts have many locals. */
export function newDraft(
  id: number,
  name: string,
  declaredAs: Draft['declaredAs'],
  declaration: LocalName | undefined,
  owner: FunctionLike,
  inLoop: boolean,
): Draft {
  return {
    id,
    name,
    declaredAs,
    declaration,
    owner,
    captured: false,
    capturedInLoop: false,
    writes: 'once',
    reads: 0,
    initialiser: undefined,
    constant: undefined,
    inLoop,
  };
}

/** A local in scope, and what its name meant before. */
interface Entered {
  readonly local: Draft;
  readonly before: Draft | undefined;
}

/** One map for all scopes: entering remembers what the name meant before, leaving restores it. */
export class Scope {
  readonly #visible = new Map<string, Draft>();
  readonly #entered: Entered[] = [];

  /** How many locals are in scope; the mark for `leave`. */
  get size(): number {
    return this.#entered.length;
  }

  find(name: string): Draft | undefined {
    return this.#visible.get(name);
  }

  /** Name of the n-th local in scope. */
  nameAt(index: number): string {
    return this.#entered[index]?.local.name ?? '';
  }

  enter(local: Draft): void {
    this.#entered.push({ local, before: this.#visible.get(local.name) });
    this.#visible.set(local.name, local);
  }

  /** Forgets the locals that were entered since the scope had this size. */
  leave(mark: number): void {
    while (this.#entered.length > mark) {
      const { local, before } = this.#entered.pop() as Entered;
      if (before === undefined) this.#visible.delete(local.name);
      else this.#visible.set(local.name, before);
    }
  }
}
