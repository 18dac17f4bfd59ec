/** As much of Go's text/template as the templates of progress bars use: text, and elements such as `{{ percent . }}`. */
import { quote } from '../go/quote.ts';

export interface Element {
  readonly name: string;
  /** Texts in quotes behind the dot. */
  readonly texts: readonly string[];
}

/** Texts as they are, and elements. */
export type Template = readonly (string | Element)[];

export class TemplateError extends Error {}

export const ELEMENTS = ['counters', 'bar', 'percent', 'speed', 'rtime', 'etime', 'string', 'cycle'] as const;
const COLOURS =
  /^(?:black|red|green|yellow|blue|magenta|cyan|white|resetcolor|rnd|bg(?:black|red|green|yellow|blue|magenta|cyan|white))$/;

const PRESETS: Readonly<Record<string, string>> = {
  default: '{{counters . }} {{bar . }} {{percent . }} {{speed . }}',
  simple: '{{counters . }} {{bar . }} {{percent . }}',
  full: '{{counters . }} {{bar . }} {{percent . }} {{speed . }} {{rtime . "ETA %s"}}',
};

/** `default`, `simple`, `full`, or a template of its own. Throws `TemplateError`. */
export function readTemplate(text: string): Template {
  const source = Object.hasOwn(PRESETS, text) ? PRESETS[text]! : text;
  const parts: (string | Element)[] = [];
  for (let at = 0; at < source.length; ) {
    const open = source.indexOf('{{', at);
    if (open < 0) return [...parts, source.slice(at)];
    parts.push(source.slice(at, open));
    const close = source.indexOf('}}', open);
    if (close < 0) throw new TemplateError('template: :1: unclosed action');
    parts.push(readElement(source.slice(open + 2, close).trim()));
    at = close + 2;
  }
  return parts;
}

function readElement(action: string): string | Element {
  const [, name = '', rest = ''] = /^([A-Za-z]+)\s*(.*)$/s.exec(action) ?? [];
  const texts = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`/g)].map(([, quoted, raw]) =>
    unquote(quoted ?? raw ?? ''),
  );
  if (ELEMENTS.some((each) => each === name)) return { name, texts };
  // There are no colours where no terminal is.
  if (COLOURS.test(name)) return texts.join('');
  if (action === '') throw new TemplateError('template: :1: missing value for command');
  if (name !== '') throw new TemplateError(`template: :1: function ${quote(name)} not defined`);
  throw new TemplateError(`template: :1: unexpected ${quote(action.slice(0, 10))} in command`);
}

function unquote(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text.replace(/\\(.)/gs, (_, escaped: string) => known[escaped] ?? escaped);
}
