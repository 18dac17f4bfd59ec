/** Explanations of logins (`runtime/pipeline/explain.ts`) in a log, as text for people. */

/** The record of one login, as a line of the log has it. */
interface LoggedExplanation {
  readonly session: string;
  readonly verdict: string;
  /** What the record holds; nothing of it is taken for granted, since anybody may have written the file. */
  readonly explanation: Readonly<Record<string, unknown>>;
}

const MARK = 'Explanation';

/** The text of a log line; undefined when it is none of these records, or of another session than the wanted one. */
export function explanationText(line: string, session: string | undefined): string | undefined {
  if (!line.includes(MARK)) return undefined;
  const logged = line.startsWith('{') ? readJson(line) : readLogfmt(line);
  if (logged === undefined || (session !== undefined && logged.session !== session)) return undefined;
  return render(logged);
}

function readJson(line: string): LoggedExplanation | undefined {
  const record = parse(line);
  if (record?.msg !== MARK || !isRecord(record.explanation)) return undefined;
  return { session: String(record.session), verdict: String(record.verdict), explanation: record.explanation };
}

function readLogfmt(line: string): LoggedExplanation | undefined {
  const pairs = new Map<string, string>();
  for (const [, key = '', value = ''] of line.matchAll(/([^\s="]+)=("(?:[^"\\]|\\.)*"|\S*)/g)) {
    pairs.set(key, value.startsWith('"') ? String(parseText(value) ?? '') : value);
  }
  const explanation = parse(pairs.get('explanation') ?? '');
  if (pairs.get('msg') !== MARK || explanation === undefined) return undefined;
  return { session: pairs.get('session') ?? '', verdict: pairs.get('verdict') ?? '', explanation };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseText(text);
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function render({ session, verdict, explanation }: LoggedExplanation): string {
  const { ms, status_message_by: by, stages, after } = explanation;
  return [
    `${session}: ${verdict} after ${String(ms)} ms, status message by ${String(by)}`,
    ...records(stages).flatMap(stageLines),
    ...noteLines('after the stages', records(after)),
    '',
  ].join('\n');
}

function stageLines({ stage, result, ms, notes }: Readonly<Record<string, unknown>>): readonly string[] {
  const head = `${String(stage)}: ${String(result)}${ms === undefined ? '' : `, ${String(ms)} ms`}`;
  return [`  ${head}`, ...records(notes).map(noteLine)];
}

function noteLines(title: string, notes: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return notes.length === 0 ? [] : [`  ${title}`, ...notes.map(noteLine)];
}

/** The first pair says what it is about, then what came of it, then the rest. */
function noteLine(note: Readonly<Record<string, unknown>>): string {
  const { result, ms, ...others } = note;
  const [[kind, name] = ['', ''], ...rest] = Object.entries(others);
  const parts = [
    ...(result === undefined ? [] : [String(result)]),
    ...(ms === undefined ? [] : [`${String(ms)} ms`]),
    ...rest.map(([key, value]) => `${key} ${shown(value)}`).filter((_, at) => shown(rest[at]?.[1]) !== ''),
  ];
  return `    ${kind} ${shown(name)}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(' ') : String(value ?? '');
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
