/** Globals and fields that a program defines itself, so that nobody complains about them. */
import type { Expression, Index, Name } from '../front/ast.ts';
import type { CheckedFile } from './file.ts';

export interface Definition {
  readonly file: CheckedFile;
  /** What is stored, where that is one expression. */
  readonly value: Expression | undefined;
}

export interface Definitions {
  /** By name: every place that gives a global a value. */
  readonly globals: ReadonlyMap<string, readonly Definition[]>;
  /** Names of all fields that are assigned to anything, anywhere. */
  readonly fields: ReadonlySet<string>;
  /** Globals get names that cannot be read off the code: `_G[name] = …`, `setfenv`, `module`, code made at run time. */
  readonly areOpen: boolean;
}

/** Functions that give code other globals, or make code. */
const OPENING = new Set(['setfenv', 'module', 'loadstring', 'load', 'dofile', 'loadfile']);

export function definitionsOf(files: readonly CheckedFile[]): Definitions {
  const collector = new Collector();
  for (const file of files) collector.add(file);
  return collector;
}

class Collector implements Definitions {
  readonly globals = new Map<string, Definition[]>();
  readonly fields = new Set<string>();
  areOpen = false;

  add(file: CheckedFile): void {
    for (const node of file.nodes) {
      if (node.kind === 'Assignment') {
        node.targets.forEach((target, at) => {
          const value = node.values.length === node.targets.length ? node.values[at] : undefined;
          this.#store(target, value, file);
        });
      } else if (node.kind === 'FunctionStatement') this.#store(node.target, node.body, file);
      else if (node.kind === 'Name' && file.isGlobal(node) && OPENING.has(node.name)) this.areOpen = true;
      else if (node.kind === 'Call') this.#rawset(node.callee, node.args, file);
      // `setmetatable(_G, …)`, `for k, v in pairs(t) do _G[k] = v end`, a helper that is handed the globals.
      else if (isGlobalTable(node, file) && !isPlainUse(node, file)) this.areOpen = true;
    }
  }

  #store(target: Name | Index, value: Expression | undefined, file: CheckedFile): void {
    if (target.kind === 'Name') {
      if (file.isGlobal(target)) this.#define(target.name, { file, value });
    } else if (target.key.kind === 'String') {
      this.fields.add(target.key.value);
      if (isGlobalTable(target.object, file)) this.#define(target.key.value, { file, value });
    } else if (isGlobalTable(target.object, file)) this.areOpen = true;
  }

  #rawset(callee: Expression, [table, key, value]: readonly Expression[], file: CheckedFile): void {
    if (callee.kind !== 'Name' || callee.name !== 'rawset' || table === undefined) return;
    if (!isGlobalTable(table, file)) return;
    if (key?.kind === 'String') this.#define(key.value, { file, value });
    else this.areOpen = true;
  }

  #define(name: string, definition: Definition): void {
    this.globals.set(name, [...(this.globals.get(name) ?? []), definition]);
  }
}

function isGlobalTable(node: { readonly kind: string }, file: CheckedFile): node is Name {
  return isName(node) && node.name === '_G' && file.isGlobal(node);
}

function isName(node: { readonly kind: string }): node is Name {
  return node.kind === 'Name';
}

/** Reading or writing a field of `_G` tells its name, or was looked at above. */
function isPlainUse(node: Name, file: CheckedFile): boolean {
  const parent = file.parentOf(node);
  if (parent?.kind === 'Index') return parent.object === node;
  return parent?.kind === 'Call' && parent.callee.kind === 'Name' && HARMLESS.has(parent.callee.name);
}

const HARMLESS = new Set(['pairs', 'next', 'rawget', 'rawset', 'type', 'tostring']);
