/** A local with the name of another one that it hides. */
import type { Block, Expression, LocalName, Statement } from '../../front/ast.ts';
import { lineAt } from '../../front/ast.ts';
import { eachOperand, eachPart } from '../../front/walk.ts';
import type { CheckedFile } from '../file.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'shadowed-local',
  severity: 'notice',
  doc: 'A local, parameter or loop variable that hides one of the same name in a block around it.',
  run: (file) => new Walk(file).findings,
});

/** Names that are used for the same again and again. */
const USUAL = new Set(['self', 'err', 'ok', 'error', 'i', 'j', 'k', 'v', 'key', 'value', 'result', 'res', 'name']);

class Walk {
  readonly findings: Finding[] = [];
  readonly #file: CheckedFile;
  /** Names of the blocks around, innermost last. */
  readonly #scopes: Map<string, LocalName>[] = [];

  constructor(file: CheckedFile) {
    this.#file = file;
    this.#block(file.chunk.block, []);
  }

  #block(block: Block, names: readonly LocalName[], last?: () => void): void {
    this.#scopes.push(new Map());
    for (const name of names) this.#declare(name);
    for (const statement of block.statements) this.#statement(statement);
    last?.();
    this.#scopes.pop();
  }

  #statement(node: Statement): void {
    const expression = (part: Expression): void => this.#expression(part);
    switch (node.kind) {
      case 'Local':
        node.values.forEach(expression);
        for (const name of node.names) this.#declare(name, node.values);
        break;
      case 'LocalFunction':
        this.#declare(node.name);
        this.#expression(node.body);
        break;
      case 'NumericFor':
        for (const part of [node.start, node.limit, ...(node.step === undefined ? [] : [node.step])]) expression(part);
        this.#block(node.block, [node.variable]);
        break;
      case 'GenericFor':
        node.values.forEach(expression);
        this.#block(node.block, node.names);
        break;
      case 'Repeat':
        this.#block(node.block, [], () => this.#expression(node.condition));
        break;
      default:
        eachPart(node, expression, (block) => this.#block(block, []));
    }
  }

  #expression(node: Expression): void {
    if (node.kind === 'Function') this.#block(node.block, node.params);
    else eachOperand(node, (operand) => this.#expression(operand));
  }

  /** `values` of `local x = x`: a copy of the outer one hides it on purpose. */
  #declare(name: LocalName, values: readonly Expression[] = []): void {
    const around = this.#scopes.slice(0, -1).reverse();
    const hidden = around.map((scope) => scope.get(name.name)).find((outer) => outer !== undefined);
    const isCopy = values.some((value) => value.kind === 'Name' && value.name === name.name);
    const isMeant = isCopy || name.name.startsWith('_') || USUAL.has(name.name);
    if (hidden !== undefined && !isMeant && !this.#scopes.at(-1)?.has(name.name)) {
      const line = lineAt(this.#file.chunk, hidden.at);
      this.findings.push({ at: name.at, message: `'${name.name}' hides the local of the same name of line ${line}` });
    }
    this.#scopes.at(-1)?.set(name.name, name);
  }
}
