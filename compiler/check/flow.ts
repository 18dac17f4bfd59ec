/** Where control goes: can the end of a block be reached? */
import type { Block, Expression, FunctionBody, FunctionLike, Return, Statement } from '../front/ast.ts';
import type { CheckedFile } from './file.ts';

/** Does control never come to what follows the statement? */
export function isEnding(node: Statement, file: CheckedFile): boolean {
  switch (node.kind) {
    case 'Return':
    case 'Break':
    case 'Goto':
      return true;
    case 'CallStatement':
      return neverReturns(node.call, file);
    case 'Do':
      return isEndingBlock(node.block, file);
    case 'If':
      return (
        node.otherwise !== undefined &&
        isEndingBlock(node.otherwise, file) &&
        node.clauses.every(({ block }) => isEndingBlock(block, file))
      );
    case 'While':
      return isTrue(node.condition) && !isLeft(node.block);
    case 'Repeat':
      return isEndingBlock(node.block, file) && !isLeft(node.block);
    default:
      return false;
  }
}

/** A label may be jumped to from anywhere: behind it everything counts as reached. */
export function isEndingBlock({ statements }: Block, file: CheckedFile): boolean {
  let ended = false;
  for (const statement of statements) {
    if (statement.kind === 'Label') ended = false;
    else ended ||= isEnding(statement, file);
  }
  return ended;
}

function isTrue(node: Expression): boolean {
  return node.kind === 'Boolean' ? node.value : node.kind === 'Number' || node.kind === 'String';
}

function neverReturns(node: Expression, file: CheckedFile): boolean {
  if (node.kind !== 'Call') return false;
  const { callee } = node;
  if (callee.kind === 'Name') return callee.name === 'error' && file.isGlobal(callee);
  return (
    callee.kind === 'Index' &&
    callee.object.kind === 'Name' &&
    callee.object.name === 'os' &&
    callee.key.kind === 'String' &&
    callee.key.value === 'exit'
  );
}

/** Does something in the loop's body lead out of the loop, or jump? */
function isLeft(block: Block): boolean {
  return block.statements.some((node) => {
    switch (node.kind) {
      case 'Break':
      case 'Goto':
        return true;
      case 'If':
        return (
          node.clauses.some((clause) => isLeft(clause.block)) ||
          (node.otherwise !== undefined && isLeft(node.otherwise))
        );
      case 'Do':
        return isLeft(node.block);
      // Breaks in inner loops leave those; a goto may lead anywhere.
      case 'While':
      case 'Repeat':
      case 'NumericFor':
      case 'GenericFor':
        return hasGoto(node.block);
      default:
        return false;
    }
  });
}

function hasGoto(block: Block): boolean {
  return block.statements.some((node) => {
    if (node.kind === 'Goto') return true;
    if (node.kind === 'If') {
      return (
        node.clauses.some((clause) => hasGoto(clause.block)) ||
        (node.otherwise !== undefined && hasGoto(node.otherwise))
      );
    }
    return 'block' in node && hasGoto(node.block);
  });
}

/** The `return` statements of the function itself. */
export function returnsOf(body: FunctionLike): readonly Return[] {
  const found: Return[] = [];
  const look = (block: Block): void => {
    for (const node of block.statements) {
      if (node.kind === 'Return') found.push(node);
      else if (node.kind === 'If') {
        for (const clause of node.clauses) look(clause.block);
        if (node.otherwise !== undefined) look(node.otherwise);
      } else if ('block' in node) look(node.block);
    }
  };
  look(body.block);
  return found;
}

/** Can the function come to its `end` without a `return`? */
export function fallsOffEnd(body: FunctionBody, file: CheckedFile): boolean {
  return !isEndingBlock(body.block, file);
}
