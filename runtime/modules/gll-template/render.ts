/** Rendering parsed templates. */
import { chargeMemory, LuaTable, type LuaValue } from '../../host/index.ts';
import { type Element, parseTemplate, TemplateError } from './parse.ts';
import { elementsOf, escapeHtml, isEmpty, listLength, memberOf, printed } from './values.ts';

/** The text of a partial template; an unknown one is empty. */
export type ReadPartial = (name: string) => string;

const DEEPEST_PARTIAL = 100;

/** Throws `TemplateError`, also for broken partials. */
export function renderTemplate(text: string, context: LuaTable, readPartial: ReadPartial): string {
  return new Renderer(readPartial).render(parseTemplate(text), [context], 0);
}

/** Innermost first. */
type Contexts = readonly LuaValue[];

class Renderer {
  private readonly readPartial: ReadPartial;

  constructor(readPartial: ReadPartial) {
    this.readPartial = readPartial;
  }

  render(elements: readonly Element[], contexts: Contexts, depth: number): string {
    let text = '';
    for (const element of elements) {
      const part = this.renderElement(element, contexts, depth);
      chargeMemory(part.length);
      text += part;
    }
    return text;
  }

  private renderElement(element: Element, contexts: Contexts, depth: number): string {
    switch (element.kind) {
      case 'text':
        return element.text;
      case 'variable':
        return renderVariable(element.name, element.isRaw, contexts);
      case 'section':
        return this.renderSection(element, contexts, depth);
      default:
        return this.renderPartial(element, contexts, depth);
    }
  }

  private renderSection(
    { name, isInverted, body }: Extract<Element, { kind: 'section' }>,
    contexts: Contexts,
    depth: number,
  ): string {
    const found = lookUp(name, contexts);
    const value = found?.value;
    const length = value instanceof LuaTable ? listLength(value) : 0;
    if (isEmpty(value) !== isInverted) return '';
    if (isInverted) return this.render(body, contexts, depth);
    if (!(value instanceof LuaTable) || length === 0) return this.render(body, [value, ...contexts], depth);
    let text = '';
    for (const each of elementsOf(value, length)) text += this.render(body, [each, ...contexts], depth);
    return text;
  }

  private renderPartial(
    { name, indent }: Extract<Element, { kind: 'partial' }>,
    contexts: Contexts,
    depth: number,
  ): string {
    if (depth >= DEEPEST_PARTIAL) throw new TemplateError(`partial ${name} includes itself`);
    const text = this.readPartial(name);
    const indented = indent === '' ? text : text.replace(/^.+$/gm, (line) => indent + line);
    return this.render(parseTemplate(indented), contexts, depth + 1);
  }
}

function renderVariable(name: string, isRaw: boolean, contexts: Contexts): string {
  const found = lookUp(name, contexts);
  if (found === undefined) return '';
  const text = printed(found.value);
  return isRaw ? text : escapeHtml(text);
}

/** `.` is the innermost context; a dotted name walks into maps. Undefined when there is no such value. */
function lookUp(name: string, contexts: Contexts): { readonly value: LuaValue } | undefined {
  if (name === '.') return { value: contexts[0] };
  const dot = name.indexOf('.');
  if (dot >= 0) {
    const head = lookUp(name.slice(0, dot), contexts);
    return head === undefined ? undefined : lookUp(name.slice(dot + 1), [head.value]);
  }
  for (const context of contexts) {
    const value = memberOf(context, name);
    if (value !== undefined) return { value };
  }
  return undefined;
}
