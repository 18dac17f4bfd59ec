/**
 * `goto`. Labels that are only jumped to from before become labelled blocks, a single one that is also jumped to from
 * behind becomes a loop, anything else a `switch` over the parts of the block.
 */
import type { Block, Label, Statement } from '../ast.ts';
import type { LocalId } from '../resolve.ts';
import type { Code, EmitContext } from './context.ts';
import { charge } from './functions.ts';
import { indent } from './source-map.ts';
import { emitStatement, lines } from './statements.ts';

/** How to get to a label. */
export interface Jumps {
  /** From a goto that stands before the label, and from one behind it. */
  readonly forward: Code;
  readonly backward: Code;
}

export function emitGoto(node: Extract<Statement, { kind: 'Goto' }>, cx: EmitContext): Code {
  const label = cx.resolution.labelOf.get(node);
  const jumps = label === undefined ? undefined : cx.jumps.get(label);
  if (label === undefined || jumps === undefined) throw new Error(`goto ${node.label} leads nowhere`);
  return node.at < label.at ? jumps.forward : jumps.backward;
}

function isUsed(label: Label, cx: EmitContext): boolean {
  return (cx.resolution.labels.get(label)?.gotos.length ?? 0) > 0;
}

function isBackward(label: Label, cx: EmitContext): boolean {
  return cx.resolution.labels.get(label)?.hasBackwardGoto === true;
}

export function hasUsedLabels(block: Block, cx: EmitContext): boolean {
  return block.statements.some((statement) => statement.kind === 'Label' && isUsed(statement, cx));
}

/** The statements between two used labels; the first part has none. */
interface Part {
  readonly label: Label | undefined;
  readonly statements: readonly Statement[];
}

function partsOf(block: Block, cx: EmitContext): Part[] {
  const parts: { label: Label | undefined; statements: Statement[] }[] = [{ label: undefined, statements: [] }];
  for (const statement of block.statements) {
    if (statement.kind === 'Label' && isUsed(statement, cx)) parts.push({ label: statement, statements: [] });
    else parts[parts.length - 1]?.statements.push(statement);
  }
  return parts;
}

export function emitLabelledBlock(block: Block, cx: EmitContext, tail: () => Code): Code {
  const parts = partsOf(block, cx);
  const [before, after] = parts;
  if (parts.every(({ label }) => label === undefined || !isBackward(label, cx))) return emitForward(parts, cx, tail);
  if (parts.length === 2 && before !== undefined && after?.label !== undefined) {
    return emitLoop(before, { ...after, label: after.label }, cx, tail);
  }
  return emitSwitch(parts, cx, tail);
}

function newLabel(label: Label, cx: EmitContext): Code {
  return `${label.name}$${++cx.fn.labels}$label`;
}

function emitPart(part: Part, cx: EmitContext): Code {
  return lines(part.statements.map((statement) => emitStatement(statement, cx)));
}

/** Locals of the block itself that closures capture. */
function capturedLocals(parts: readonly Part[], cx: EmitContext): LocalId[] {
  const names = parts
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => {
      if (statement.kind === 'Local') return statement.names;
      return statement.kind === 'LocalFunction' ? [statement.name] : [];
    });
  return names
    .map((name) => cx.resolution.localOf.get(name) as LocalId)
    .filter((id) => cx.local(id).captured && cx.local(id).constant === undefined);
}

/** Declares the captured locals in front, because parts become blocks of their own. */
function hoist(parts: readonly Part[], cx: EmitContext): Code {
  const ids = capturedLocals(parts, cx);
  for (const id of ids) cx.hoisted.add(id);
  return ids.length === 0 ? '' : `let ${ids.map((id) => cx.variable(id)).join(', ')};`;
}

/** `b: { a: { … } …a… } …b…`: leaving the block of a label leads to the label. */
function emitForward(parts: readonly Part[], cx: EmitContext, tail: () => Code): Code {
  const names = parts.map(({ label }) => {
    if (label === undefined) return '';
    const name = newLabel(label, cx);
    cx.jumps.set(label, { forward: `break ${name};`, backward: '' });
    return name;
  });
  const declarations = hoist(parts, cx);
  let code = '';
  parts.forEach((part, i) => {
    if (part.label !== undefined) code = `${names[i]}: {\n${indent(code)}\n}`;
    code = lines([code, emitPart(part, cx)]);
  });
  return lines([declarations, code, tail()]);
}

/** Everything behind the label is the body of a loop that a goto from behind continues. */
function emitLoop(before: Part, after: Part & { readonly label: Label }, cx: EmitContext, tail: () => Code): Code {
  const entry = newLabel(after.label, cx);
  const loop = newLabel(after.label, cx);
  cx.jumps.set(after.label, { forward: `break ${entry};`, backward: `continue ${loop};` });
  const declarations = hoist([before], cx);
  const first = `${entry}: {\n${indent(emitPart(before, cx))}\n}`;
  const body = namingBreaks(cx, () => lines([charge(cx), emitPart(after, cx), tail(), `break ${loop};`]));
  return lines([declarations, first, `${loop}: while (true) {\n${indent(body)}\n}`]);
}

/** In a JS loop or `switch` that is no Lua loop, `break` has to name the loop it leaves. */
function namingBreaks(cx: EmitContext, emit: () => Code): Code {
  const { loop } = cx;
  if (loop === undefined) return emit();
  const outer = loop.mustName;
  loop.mustName = true;
  const code = emit();
  loop.mustName = outer;
  return code;
}

/** The parts are the cases of a `switch`; captured locals live in boxes, so that each pass has its own. */
function emitSwitch(parts: readonly Part[], cx: EmitContext, tail: () => Code): Code {
  const state = cx.fn.temporary();
  const loop = `machine${++cx.fn.labels}`;
  parts.forEach(({ label }, i) => {
    const jump = `{ ${state} = ${i}; continue ${loop}; }`;
    if (label !== undefined) cx.jumps.set(label, { forward: jump, backward: jump });
  });
  for (const id of capturedLocals(parts, cx)) cx.boxed.add(id);
  const cases = namingBreaks(cx, () =>
    lines(
      parts.map(
        (part, i) => `case ${i}:\n${indent(lines([emitPart(part, cx), i === parts.length - 1 ? tail() : '']))}`,
      ),
    ),
  );
  const body = lines([charge(cx), `switch (${state}) {`, cases, '}', `break ${loop};`]);
  return lines([`${state} = 0;`, `${loop}: while (true) {\n${indent(body)}\n}`]);
}
