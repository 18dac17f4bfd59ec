/** One file with what rules ask of it: its nodes, what stands around each, and the classes whose scripts it is part of. */
import type { ScriptClass } from '../../runtime/contract/host.ts';
import type { Expression, Index, Name, Statement } from '../front/ast.ts';
import type { ResolvedFile } from '../front/index.ts';
import type { Local } from '../front/resolution.ts';
import { eachOperand, eachPart } from '../front/walk.ts';

export type Node = Statement | Expression;

export class CheckedFile {
  readonly chunk: ResolvedFile['chunk'];
  readonly resolution: ResolvedFile['resolution'];
  /** Names under which `require` finds it. */
  readonly modules: readonly string[];
  /** As what the configuration names it; none for a module. */
  readonly classes: readonly ScriptClass[];
  /** All statements and expressions in source order, those of inner functions included. */
  readonly nodes: readonly Node[];
  readonly #parentOf = new Map<Node, Node>();

  constructor(file: ResolvedFile, classes: readonly ScriptClass[]) {
    this.chunk = file.chunk;
    this.resolution = file.resolution;
    this.modules = file.modules;
    this.classes = classes;
    this.nodes = this.#collect();
  }

  #collect(): readonly Node[] {
    const nodes: Node[] = [];
    const enter = (node: Node, parent: Node | undefined): void => {
      nodes.push(node);
      if (parent !== undefined) this.#parentOf.set(node, parent);
    };
    const statements = (list: readonly Statement[], parent: Node | undefined): void => {
      for (const statement of list) {
        enter(statement, parent);
        const operand = (node: Expression): void => expression(node, statement);
        eachPart(statement, operand, (block) => statements(block.statements, statement));
      }
    };
    const expression = (node: Expression, parent: Node): void => {
      enter(node, parent);
      if (node.kind === 'Function') statements(node.block.statements, node);
      else eachOperand(node, (operand) => expression(operand, node));
    };
    statements(this.chunk.block.statements, undefined);
    return nodes;
  }

  /** The statement or expression directly around it; a function for the statements of its body. */
  parentOf(node: Node): Node | undefined {
    return this.#parentOf.get(node);
  }

  isGlobal(node: Name): boolean {
    return this.resolution.bindingOf.get(node) === 'global' && !this.resolution.localWhenGlobalIsNil.has(node);
  }

  localOf(node: Name): Local | undefined {
    const binding = this.resolution.bindingOf.get(node);
    return typeof binding === 'number' ? this.resolution.locals[binding] : undefined;
  }

  /** Is something stored here, rather than read? */
  isTarget(node: Name | Index): boolean {
    const parent = this.#parentOf.get(node);
    if (parent?.kind === 'FunctionStatement') return parent.target === node;
    return parent?.kind === 'Assignment' && parent.targets.includes(node);
  }

  /** Does the code find out here whether the value is there: in a condition, `or`, a comparison, `type(…)`? */
  isTested(node: Expression): boolean {
    const parent = this.#parentOf.get(node);
    switch (parent?.kind) {
      case 'Logical':
        return parent.operands.at(-1) !== node || this.isTested(parent);
      case 'Parenthesised':
        return this.isTested(parent);
      case 'Unary':
        return parent.operator === 'not';
      case 'Binary':
        return true;
      case 'If':
      case 'While':
      case 'Repeat':
        return true;
      case 'Call':
        return parent.callee.kind === 'Name' && parent.callee !== node && TESTING.has(parent.callee.name);
      default:
        return false;
    }
  }
}

const TESTING = new Set(['type', 'assert', 'pcall', 'xpcall', 'tostring', 'rawequal']);
