/** Diagnostics for a terminal: `file:line: message`, the source line with a caret, and the hint. */
import type { Diagnostic, Place, Severity } from '../../runtime/contract/diagnostic.ts';

export interface RenderOptions {
  /** Bytes of a file as latin1 text, or undefined when it cannot be read: then there is no excerpt. */
  readonly readSource: (file: string) => string | undefined;
  readonly colours: boolean;
  /** `file:line:column:` instead of `file:line:`, as Lua has it. */
  readonly columns?: boolean;
}

const CONTEXT_LINES = 1;
const SGR = { error: '31', warning: '33', notice: '36', dim: '2', bold: '1' } as const;

/** All diagnostics, in their order, separated by blank lines, ending with a newline; '' for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join('\n');
}

/** One diagnostic, ending with a newline. */
export function renderDiagnostic({ severity, message, place, hint }: Diagnostic, options: RenderOptions): string {
  const paint = painter(options.colours);
  const where =
    place === undefined ? '' : `${place.file}:${place.line}${options.columns === true ? `:${place.column}` : ''}: `;
  const lines = [`${paint('bold', where)}${severityLabel(severity, paint)}${message}`];
  if (place !== undefined) lines.push(...excerpt(place, options, paint));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return `${lines.join('\n')}\n`;
}

type Paint = (style: keyof typeof SGR, text: string) => string;

function painter(colours: boolean): Paint {
  return (style, text) => (colours && text !== '' ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text);
}

/** Errors speak Lua's own wording and carry no label; softer findings say what they are. */
function severityLabel(severity: Severity, paint: Paint): string {
  return severity === 'error' ? '' : `${paint(severity, severity)}: `;
}

function excerpt(place: Place, { readSource }: RenderOptions, paint: Paint): readonly string[] {
  const lines = readSource(place.file)?.split('\n');
  if (lines === undefined || place.line > lines.length) return [];
  const first = Math.max(1, place.line - CONTEXT_LINES);
  const width = String(place.line).length;
  const gutter = (label: string) => paint('dim', `  ${label.padStart(width)} | `);
  const shown: string[] = [];
  for (let line = first; line <= place.line; line++)
    shown.push(gutter(String(line)) + fromBytes(lines[line - 1] ?? '').trimEnd());
  shown.push(gutter('') + caretIndent(lines[place.line - 1] ?? '', place.column) + paint('error', '^'));
  return shown;
}

/** Blanks up to the column; tabs stay tabs, so that the caret stands under its character in any terminal. */
function caretIndent(line: string, column: number): string {
  return fromBytes(line.slice(0, Math.max(0, column - 1))).replace(/[^\t]/g, ' ');
}

function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Should this stream get colours? Follows https://no-color.org and FORCE_COLOR. */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true;
}
