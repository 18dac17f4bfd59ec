/**
 * Operators: the usual case inline, everything else in the engine (runtime/engine/operators.ts). Fast path and slow call
 * stand side by side in each template.
 */
import type { EmittedApi } from '../../../runtime/contract/abi.ts';
import type { BinaryOperator, BinaryStep, Expression } from '../ast.ts';
import type { Code, EmitContext } from './context.ts';
import { emitExpression, emitOperand, emitTest, hasEffects, nameOf, type Operand, sequence } from './expressions.ts';
import { isComparison, type LuaType } from './inference.ts';
import { numberLiteral } from './literals.ts';

type Binary = Extract<Expression, { kind: 'Binary' }>;
type Concat = Extract<Expression, { kind: 'Concat' }>;
type Unary = Extract<Expression, { kind: 'Unary' }>;

/** The left side of a step: an operand, or what the steps before gave. */
interface Left extends Operand {
  readonly type: LuaType;
  /** How errors name it. */
  readonly name: string;
  /** A number expression that may be continued with an operator of the same precedence. */
  readonly open: boolean;
}

export function emitBinary(node: Binary, cx: EmitContext): Code {
  const setups: Code[] = [];
  let left = firstOperand(node, cx);
  node.steps.forEach((step, i) => {
    const type = cx.inference.typeAfter(left.type, step);
    if (i > 0 && !left.open) left = keep(left, setups, cx);
    const code = isComparison(step.operator) ? emitComparison(left, step, cx) : emitArithmetic(left, step, cx);
    left = { setup: '', use: code.code, type, name: '', open: code.open };
  });
  return sequence(setups, left.open ? `(${left.use})` : left.use);
}

function firstOperand(node: Binary, cx: EmitContext): Left {
  const { first } = node;
  const type = cx.typeOf(first);
  const later = node.steps.some((step) => hasEffects(step.operand, cx));
  // A number needs no test: it can stand in the operation itself.
  if (type === 'number' && node.steps.every((step) => cx.typeOf(step.operand) === 'number')) {
    return { setup: '', use: emitExpression(first, cx), type, name: nameOf(first, cx), open: false };
  }
  return { ...emitOperand(first, cx, later), type, name: nameOf(first, cx), open: false };
}

/** Puts an intermediate result into a temporary, in a flat sequence: chains may be long. */
function keep(left: Left, setups: Code[], cx: EmitContext): Left {
  const t = cx.fn.temporary();
  setups.push(`${t} = ${left.use}`);
  return { ...left, setup: '', use: t };
}

interface StepCode {
  readonly code: Code;
  readonly open: boolean;
}

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, { slow: keyof EmittedApi; event: string }>>> = {
  '+': { slow: 'add', event: '__add' },
  '-': { slow: 'subtract', event: '__sub' },
  '*': { slow: 'multiply', event: '__mul' },
  '/': { slow: 'divide', event: '__div' },
  '%': { slow: 'remainder', event: '__mod' },
  '^': { slow: 'exponentiate', event: '__pow' },
};

function emitArithmetic(left: Left, step: BinaryStep, cx: EmitContext): StepCode {
  const rightType = cx.typeOf(step.operand);
  if (left.type === 'number' && rightType === 'number') {
    const right =
      step.operator === '%' || step.operator === '^'
        ? emitOperand(step.operand, cx)
        : { setup: '', use: emitExpression(step.operand, cx) };
    return emitNumeric(left, right, step, cx);
  }
  const operation = ARITHMETIC[step.operator];
  if (operation === undefined) throw new Error(`no arithmetic operator ${step.operator}`);
  const right = emitOperand(step.operand, cx);
  const site = { at: step.operand.end - 1, left: left.name, right: nameOf(step.operand, cx), event: operation.event };
  const slow = cx.slow(operation.slow, [left.use, right.use], site);
  const tests = numberTests(left, right, rightType);
  if (tests === undefined) return { code: sequence([left.setup, right.setup], slow), open: false };
  const fast = numeric(step, left.use, right.use, cx);
  return { code: guarded(left, right, tests, fast, slow), open: false };
}

/** Both operands are known numbers. */
function emitNumeric(left: Left, right: Operand, step: BinaryStep, cx: EmitContext): StepCode {
  const simple = step.operator !== '%' && step.operator !== '^';
  const fast = numeric(step, left.use, right.use, cx);
  if (simple) return { code: left.setup === '' ? fast : sequence([left.setup], fast), open: left.setup === '' };
  // The operands are used more than once here.
  const t = cx.fn.temporary();
  const code = numeric(step, t, right.use, cx);
  const setup = left.setup === '' ? `${t} = ${left.use}` : `${left.setup}, ${t} = ${left.use}`;
  return { code: sequence([setup, right.setup], `(${code})`), open: false };
}

function numeric(step: BinaryStep, left: Code, right: Code, cx: EmitContext): Code {
  if (step.operator === '%') return remainder(left, right, step.operand, cx);
  if (step.operator !== '^') return `${left} ${step.operator} ${right}`;
  const exponent = step.operand.kind === 'Number' ? step.operand.value : undefined;
  return exponent === 2 ? `${left} * ${left}` : `${cx.api('power')}(${left}, ${right})`;
}

/** JS `%` agrees with Lua's only for integers that are not negative. */
function remainder(left: Code, right: Code, operand: Expression, cx: EmitContext): Code {
  const divisor = operand.kind === 'Number' ? operand.value : undefined;
  const known = divisor !== undefined && divisor > 0 && divisor < 2 ** 31 && Number.isInteger(divisor);
  const rightTest = known ? '' : ` && ${right} > 0 && (${right} | 0) === ${right}`;
  return `${left} >= 0 && (${left} | 0) === ${left}${rightTest} ? ${left} % ${right} : ${cx.api('modulo')}(${left}, ${right})`;
}

interface Tests {
  readonly left: boolean;
  readonly right: boolean;
}

/** Which operands need a test at run time; undefined if one can never be a number. */
function numberTests(left: Left, _right: Operand, rightType: LuaType): Tests | undefined {
  const possible = (type: LuaType): boolean => type === 'any' || type === 'number';
  if (!possible(left.type) || !possible(rightType)) return undefined;
  return { left: left.type !== 'number', right: rightType !== 'number' };
}

/** `tests ? fast : slow`, both operands evaluated before, each once. */
function guarded(left: Operand, right: Operand, needed: Tests, fast: Code, slow: Code, type = 'number'): Code {
  const test = (use: Code): Code => `typeof ${use} === "${type}"`;
  if (right.setup !== '') {
    const tests = [...(needed.left ? [test(left.use)] : []), ...(needed.right ? [test(right.use)] : [])];
    if (tests.length === 0) return sequence([left.setup, right.setup], fast);
    return sequence([left.setup, right.setup], `(${tests.join(' && ')} ? ${fast} : ${slow})`);
  }
  const inline = left.setup !== '' && needed.left;
  const first = inline ? test(`(${left.setup})`) : needed.left ? test(left.use) : '';
  const second = needed.right ? test(right.use) : '';
  const tests = [first, second].filter((code) => code !== '').join(' && ');
  return sequence([inline ? '' : left.setup], `(${tests === '' ? 'true' : tests} ? ${fast} : ${slow})`);
}

function emitComparison(left: Left, step: BinaryStep, cx: EmitContext): StepCode {
  const code =
    step.operator === '==' || step.operator === '~=' ? emitEquality(left, step, cx) : emitOrder(left, step, cx);
  return { code, open: false };
}

function emitEquality(left: Left, step: BinaryStep, cx: EmitContext): Code {
  const negated = step.operator === '~=';
  const right = emitOperand(step.operand, cx);
  const types = [left.type, cx.typeOf(step.operand)];
  const simple = `(${left.use} ${negated ? '!==' : '==='} ${right.use})`;
  // Only two tables or two userdata can be equal without being identical.
  if (types.some((type) => type !== 'any' && type !== 'table')) return sequence([left.setup, right.setup], simple);
  const slow = cx.slow('equalsSlow', [left.use, right.use], { at: step.operand.end - 1, event: '__eq' });
  const equal = `(${left.use} === ${right.use} || typeof ${left.use} === "object" && ${slow})`;
  return sequence([left.setup, right.setup], negated ? `!${equal}` : equal);
}

/** `>` and `>=` are `<` and `<=` with the operands exchanged after both were evaluated. */
function emitOrder(left: Left, step: BinaryStep, cx: EmitContext): Code {
  const { operator, operand } = step;
  const rightType = cx.typeOf(operand);
  if ((left.type === 'number' || left.type === 'string') && left.type === rightType) {
    return sequence([left.setup], `(${left.use} ${operator} ${emitExpression(operand, cx)})`);
  }
  const right = emitOperand(operand, cx);
  const exchanged = operator === '>' || operator === '>=';
  const orEqual = operator === '<=' || operator === '>=';
  const event = orEqual && cx.mayWait('__le') ? '__le' : '__lt';
  const uses = exchanged ? [right.use, left.use] : [left.use, right.use];
  const slow = cx.slow(orEqual ? 'compareLessEqual' : 'compareLess', uses, { at: operand.end - 1, event });
  const type = left.type === 'string' || rightType === 'string' ? 'string' : 'number';
  const needed = { left: left.type !== type, right: rightType !== type };
  return guarded(left, right, needed, `${left.use} ${operator} ${right.use}`, slow, type);
}

/** Chains beyond this length are joined by the engine from a list. */
const LONGEST_INLINE_CONCAT = 8;

export function emitConcat(node: Concat, cx: EmitContext): Code {
  const { operands } = node;
  // The engine finds the site of operands i and i + 1 by counting from the first.
  const [first] = operands.slice(1).map((operand, i) => {
    const left = nameOf(operands[i] as Expression, cx);
    return cx.siteNumber(node.end - 1, left, nameOf(operand, cx), cx.mayWait('__concat'));
  }) as [number];
  const mark = cx.marks.mark(node.end - 1);
  const finish = (slow: Code): Code =>
    cx.insteadOfSlow(cx.typeOf(node)) ?? (cx.mayWait('__concat') ? cx.wait(slow, mark) : slow);
  if (operands.length > LONGEST_INLINE_CONCAT) {
    const list = operands.map((operand) => emitExpression(operand, cx)).join(', ');
    return finish(`${mark}${cx.api('concatAll')}([${list}], S, ${first})`);
  }
  const pieces = operands.map((operand, i) => emitPiece(operand, operands.slice(i + 1), cx));
  const tests = pieces.filter((piece) => piece.test).map((piece) => `typeof ${piece.use} === "string"`);
  const uses = pieces.map((piece) => piece.use);
  const fast = `(${uses.join(' + ')})`;
  const setups = pieces.map((piece) => piece.setup);
  if (tests.length === 0) return sequence(setups, fast);
  const slow =
    operands.length === 2
      ? `${mark}${cx.api('concat')}(${uses.join(', ')}, S[${first}])`
      : `${mark}${cx.api('concatAll')}([${uses.join(', ')}], S, ${first})`;
  return sequence(setups, `(${tests.join(' && ')} ? ${fast} : ${finish(slow)})`);
}

interface Piece extends Operand {
  /** Not known to be a string. */
  readonly test: boolean;
}

function emitPiece(operand: Expression, later: readonly Expression[], cx: EmitContext): Piece {
  const type = cx.typeOf(operand);
  const effects = later.some((other) => hasEffects(other, cx));
  if (type === 'number') {
    const t = cx.fn.temporary();
    return { setup: `${t} = ${cx.api('numberToString')}(${emitExpression(operand, cx)})`, use: t, test: false };
  }
  return { ...emitOperand(operand, cx, effects), test: type !== 'string' };
}

export function emitUnary(node: Unary, cx: EmitContext): Code {
  switch (node.operator) {
    case 'not':
      return `!${emitTest(node.operand, cx)}`;
    case '-':
      return emitNegation(node, cx);
    default:
      return emitLength(node, cx);
  }
}

function emitNegation(node: Unary, cx: EmitContext): Code {
  if (node.operand.kind === 'Number') return numberLiteral(-node.operand.value);
  const type = cx.typeOf(node.operand);
  if (type === 'number') return `(-${emitExpression(node.operand, cx)})`;
  const { setup, use } = emitOperand(node.operand, cx);
  const site = { at: node.operand.end - 1, left: nameOf(node.operand, cx), event: '__unm' };
  const slow = cx.slow('negate', [use], site);
  return sequence([setup], type === 'any' ? `(typeof ${use} === "number" ? -${use} : ${slow})` : slow);
}

/** The array part answers, unless its last element is nil or `__len` has a say. */
function emitLength(node: Unary, cx: EmitContext): Code {
  const type = cx.typeOf(node.operand);
  if (type === 'string') return `${emitExpression(node.operand, cx)}.length`;
  const { setup, use } = emitOperand(node.operand, cx);
  const site = { at: node.operand.end - 1, left: nameOf(node.operand, cx), event: '__len' };
  const slow = cx.slow('length', [use], site);
  if (type !== 'any' && type !== 'table') return sequence([setup], slow);
  const elements = cx.fn.temporary();
  const last = cx.fn.temporary();
  const isPlain = `${type === 'table' ? '' : `${use} !== undefined && `}${use}.$mt.ln === null`;
  const test = `${isPlain} && (${last} = (${elements} = ${use}.$a).length - 1) > 0 && ${elements}[${last}] !== undefined`;
  return sequence([setup], `(${test} ? ${last} : ${slow})`);
}
