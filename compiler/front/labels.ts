/**
 * Which label a goto reaches (Lua 5.2 manual section 3.3.4): labels are visible in their block and the blocks inside it,
 * not in functions inside; a goto never jumps into the scope of a local, except to a label that ends its block.
 * One `JumpScopes` per function; blocks are opened and closed while the resolver walks.
 */
import { type Chunk, type Goto, type Label, lineAt, type Offset } from './ast.ts';
import { placeOf, SyntaxFailure, syntaxError } from './messages.ts';

interface PlacedLabel {
  readonly node: Label;
  /** Locals in scope where it stands; for a label that ends its block, where the block starts. */
  readonly scope: number;
  readonly gotos: Goto[];
  hasBackwardGoto: boolean;
}

interface PendingGoto {
  readonly node: Goto;
  /** Locals in scope that it can leave to: shrinks as blocks around it close. */
  readonly scope: number;
}

interface JumpBlock {
  /** Most blocks have none. */
  labels: Map<string, PlacedLabel> | undefined;
  pending: PendingGoto[];
  /** Locals in scope where the block starts. */
  readonly start: number;
}

export class JumpScopes {
  readonly #chunk: Chunk;
  readonly #blocks: JumpBlock[] = [];
  readonly labels: PlacedLabel[] = [];

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  openBlock(scope: number): void {
    this.#blocks.push({ labels: undefined, pending: [], start: scope });
  }

  /** Gotos that found no label here go on in the block around; in the outermost one they are errors. */
  closeBlock(): void {
    const block = this.#blocks.pop() as JumpBlock;
    const outer = this.#blocks.at(-1);
    for (const { node, scope } of block.pending) {
      if (outer === undefined) this.#failUndefined(node);
      this.#settleIn(outer, { node, scope: Math.min(scope, block.start) });
    }
  }

  /** `nameOf` gives the name of the n-th local in scope. */
  placeLabel(node: Label, scope: number, endsBlock: boolean, nameOf: (index: number) => string): void {
    const block = this.#top();
    block.labels ??= new Map();
    const same = block.labels.get(node.name);
    if (same !== undefined) this.#failDuplicate(node, same.node);
    const label = { node, scope: endsBlock ? block.start : scope, gotos: [] as Goto[], hasBackwardGoto: false };
    block.labels.set(node.name, label);
    this.labels.push(label);
    block.pending = block.pending.filter((pending) => {
      if (pending.node.label !== node.name) return true;
      if (pending.scope < label.scope) this.failIntoScope(pending.node, nameOf(pending.scope));
      label.gotos.push(pending.node);
      return false;
    });
  }

  placeGoto(node: Goto, scope: number): void {
    this.#settleIn(this.#top(), { node, scope });
  }

  /** A label of this block that stands before the goto; one that comes later will find it waiting. */
  #settleIn(block: JumpBlock, pending: PendingGoto): void {
    const label = block.labels?.get(pending.node.label);
    if (label === undefined) {
      block.pending.push(pending);
      return;
    }
    label.gotos.push(pending.node);
    label.hasBackwardGoto = true;
  }

  failIntoScope(node: Goto, local: string): never {
    return this.#fail(
      `<goto ${node.label}> at line ${this.#line(node)} jumps into the scope of local '${local}'`,
      node.at,
    );
  }

  #top(): JumpBlock {
    return this.#blocks.at(-1) as JumpBlock;
  }

  #line(node: Goto | Label): number {
    return lineAt(this.#chunk, node.at);
  }

  #failUndefined(node: Goto): never {
    return this.#fail(`no visible label '${node.label}' for <goto> at line ${this.#line(node)}`, node.at);
  }

  #failDuplicate(node: Label, first: Label): never {
    return this.#fail(`label '${node.name}' already defined on line ${this.#line(first)}`, node.at);
  }

  #fail(message: string, at: Offset): never {
    throw new SyntaxFailure(syntaxError(message, placeOf(this.#chunk, at)));
  }
}
