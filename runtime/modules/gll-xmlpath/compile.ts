/** The path language of xmlpath.v2: steps with one predicate each; errors name the byte where they are found. */
import { quote } from '../go/quote.ts';
import type { NodeKind } from './tree.ts';

const AXES = [
  'child',
  'self',
  'parent',
  'attribute',
  'descendant',
  'descendant-or-self',
  'ancestor',
  'ancestor-or-self',
  'following',
  'following-sibling',
  'preceding',
  'preceding-sibling',
] as const;
export type Axis = (typeof AXES)[number];

/** `nothing`: what HTML has not, such as processing instructions. */
export type NodeTest = NodeKind | 'any' | 'nothing';

export interface Step {
  readonly axis: Axis;
  readonly test: NodeTest;
  /** `*` for all. */
  readonly name: string;
  /** Begins at the document. */
  readonly fromRoot: boolean;
  readonly predicate: Predicate | undefined;
}

export type XmlPath = readonly Step[];

export type Predicate =
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'exists' | 'missing'; readonly path: XmlPath }
  | { readonly kind: 'equals' | 'contains'; readonly path: XmlPath; readonly value: string }
  | { readonly kind: 'all' | 'some'; readonly of: readonly Predicate[] };

/** The message is a byte string, for the script. */
export class PathError extends Error {}

/** Throws `PathError`. */
export function compilePath(path: string): XmlPath {
  return new PathCompiler(path).compile();
}

/** Predicates within predicates. */
const DEEPEST = 100;

class PathCompiler {
  private readonly path: string;
  private at = 0;
  private depth = 0;

  constructor(path: string) {
    this.path = path;
  }

  compile(): XmlPath {
    if (this.path === '') this.fail('empty path');
    return this.readPath();
  }

  private fail(reason: string): never {
    throw new PathError(`compiling xml path ${quote(this.path)}:${this.at}: ${reason}`);
  }

  private take(text: string): boolean {
    if (!this.path.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private takeMatch(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.path)?.[0];
    if (found === undefined || found === '') return undefined;
    this.at += found.length;
    return found;
  }

  private takeName(): string | undefined {
    return this.takeMatch(/\*|[A-Za-z0-9_.\x80-\xff-]+/y);
  }

  private takeSpaces(): boolean {
    return this.takeMatch(/ +/y) !== undefined;
  }

  private readPath(): XmlPath {
    const start = this.at;
    const steps: Step[] = [];
    do steps.push(this.readStep());
    while (this.take('/'));
    this.takeSpaces();
    if (start === 0 && this.at < this.path.length) this.fail(`unexpected '${this.path[this.at]}'`);
    return steps;
  }

  private readStep(): Step {
    const fromRoot = this.at === 0 && this.take('/');
    const basis = this.readTest(fromRoot);
    const predicate = this.take('[') ? this.readPredicate() : undefined;
    return { ...basis, fromRoot, predicate };
  }

  private readTest(fromRoot: boolean): Pick<Step, 'axis' | 'test' | 'name'> {
    if (fromRoot && this.path.length === 1) return { axis: 'child', test: 'element', name: '*' };
    if (this.path[this.at] === '/') return { axis: 'descendant-or-self', test: 'any', name: '*' };
    if (this.take('@')) {
      return { axis: 'attribute', test: 'attribute', name: this.takeName() ?? this.fail('missing name after @') };
    }
    const name = this.takeName() ?? this.fail('missing name');
    if (name === '*') return { axis: 'child', test: 'element', name };
    if (name === '.') return { axis: 'self', test: 'any', name: '*' };
    if (name === '..') return { axis: 'parent', test: 'any', name: '*' };
    return this.readNamed(name);
  }

  private readNamed(first: string): Pick<Step, 'axis' | 'test' | 'name'> {
    if (!this.take(':')) return this.readNodeTest('child', first);
    if (!this.take(':')) this.fail("missing ':'");
    const axis = AXES.find((each) => each === first) ?? this.fail(`unsupported axis: ${quote(first)}`);
    return this.readNodeTest(axis, this.takeName() ?? this.fail('missing name'));
  }

  private readNodeTest(axis: Axis, name: string): Pick<Step, 'axis' | 'test' | 'name'> {
    const usual = axis === 'attribute' ? 'attribute' : 'any';
    if (!this.take('(')) return { axis, name, test: name === '*' && usual === 'any' ? 'element' : usual };
    const test = TESTS[name] ?? this.fail(`unsupported expression: ${name}()`);
    if (usual === 'attribute') this.fail(`${name}() cannot succeed on axis "attribute"`);
    const literal = this.takeLiteral();
    if (literal !== undefined && name !== 'processing-instruction') this.fail(`${name}() has no arguments`);
    if (!this.take(')')) this.fail(`${name}() missing ')'`);
    return { axis, test, name: '*' };
  }

  /** Undefined when none begins here. */
  private takeLiteral(): string | undefined {
    const mark = this.path[this.at];
    if (mark !== '"' && mark !== "'") return undefined;
    this.at += 1;
    const end = this.path.indexOf(mark, this.at);
    if (end < 0) this.fail(`missing ${mark === "'" ? '"\'"' : "'\"'"}`);
    const literal = this.path.slice(this.at, end);
    this.at = end + 1;
    return literal;
  }

  private readPredicate(): Predicate {
    this.depth += 1;
    if (this.depth > DEEPEST) this.fail('nested too deep');
    this.takeSpaces();
    const predicate = this.readAlternatives();
    if (!this.take(']')) this.fail("expected ']'");
    this.depth -= 1;
    return predicate;
  }

  /** `and` binds closer than `or`; both need spaces around them. */
  private readAlternatives(): Predicate {
    const alternatives: Predicate[][] = [[this.readOperand()]];
    for (;;) {
      const mark = this.at;
      const word = this.takeSpaces() ? this.takeMatch(/(?:and|or) +/y)?.trim() : undefined;
      if (word === undefined) {
        this.at = mark;
        this.takeSpaces();
        break;
      }
      if (word === 'or') alternatives.push([]);
      alternatives.at(-1)!.push(this.readOperand());
    }
    const all = alternatives.map((of): Predicate => (of.length === 1 ? of[0]! : { kind: 'all', of }));
    return all.length === 1 ? all[0]! : { kind: 'some', of: all };
  }

  private readOperand(): Predicate {
    if (this.take('(')) return this.readGroup();
    const digits = this.takeMatch(/\d+/y);
    if (digits !== undefined) {
      if (Number(digits) === 0) this.fail('positions start at 1');
      return { kind: 'position', position: Number(digits) };
    }
    if (this.take('contains(')) return this.readContains();
    if (this.take('not(')) {
      this.takeSpaces();
      const path = this.readPath();
      if (!this.take(')')) this.fail("not() missing ')'");
      return { kind: 'missing', path };
    }
    return this.readComparison();
  }

  private readGroup(): Predicate {
    this.depth += 1;
    if (this.depth > DEEPEST) this.fail('nested too deep');
    this.takeSpaces();
    const inner = this.readAlternatives();
    if (!this.take(')')) this.fail("expected ')'");
    this.depth -= 1;
    return inner;
  }

  private readContains(): Predicate {
    this.takeSpaces();
    const path = this.readPath();
    const comma = this.take(',');
    this.takeSpaces();
    const value = comma ? this.takeLiteral() : undefined;
    if (value === undefined) this.fail("contains() expected ',' followed by a literal string");
    this.takeSpaces();
    if (!this.take(')')) this.fail("contains() missing ')'");
    return { kind: 'contains', path, value };
  }

  private readComparison(): Predicate {
    const start = this.at;
    const path = this.readPath();
    if (/^-\d+$/.test(this.path.slice(start, this.at))) this.fail('positions must be positive');
    if (!this.take('=')) return { kind: 'exists', path };
    this.takeSpaces();
    return { kind: 'equals', path, value: this.takeLiteral() ?? this.fail('expected a literal string') };
  }
}

const TESTS: Readonly<Record<string, NodeTest>> = {
  node: 'any',
  text: 'text',
  comment: 'comment',
  'processing-instruction': 'nothing',
};
