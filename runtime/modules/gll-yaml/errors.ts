/** Complaints about YAML texts in the words of libyaml, with lines counted as the reference counts them. */
import type { LineCounter, YAMLError } from 'yaml';

/** Why a text is no YAML or a value cannot be decoded; `message` is what the script gets. */
export class YamlError extends Error {
  constructor(detail: string) {
    super(`yaml: ${detail}`);
  }
}

/** Scanner errors stand in the line they name, parser errors one line below the one that is named. */
type Stage = 'scanner' | 'parser';

interface Complaint {
  readonly stage: Stage;
  readonly text: string;
  /** Where it is found; the end of the text for what is missing there. */
  readonly at: 'start' | 'end' | 'end of text';
}

const UNCLOSED: Readonly<Record<string, string>> = {
  sequence: "did not find expected ',' or ']'",
  map: "did not find expected ',' or '}'",
};

/** `errors` are those of one document, the first one counts. */
export function complaintOf(
  errors: readonly YAMLError[],
  lines: LineCounter,
  text: string,
  isSequence: boolean,
): YamlError {
  const complaint = classify(errors, isSequence);
  const positions = errors.flatMap(({ pos }) => pos);
  const offset = complaint.at === 'start' ? errors[0]!.pos[0] : Math.max(...positions.slice(0, 4));
  const line = complaint.at === 'end of text' ? lastLine(text) : lines.linePos(offset).line - 1;
  if (line === 0) return new YamlError(complaint.text);
  return new YamlError(`line ${complaint.stage === 'scanner' ? line + 1 : line}: ${complaint.text}`);
}

/** Of the end of the text, from 0; a last line without end counts as ended. */
function lastLine(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function classify(errors: readonly YAMLError[], isSequence: boolean): Complaint {
  const [{ code, message }] = errors as readonly [YAMLError];
  const unclosed = /^Flow (sequence|map)/.exec(message)?.[1];
  if (unclosed !== undefined) return { stage: 'parser', text: UNCLOSED[unclosed]!, at: 'end of text' };
  if (errors.some((each) => each.message.includes('block-seq-ind'))) return parser('did not find expected key');
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return scanner('mapping values are not allowed in this context', 'end');
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character');
    case 'BAD_DIRECTIVE':
      return scanner('found unknown directive name');
    case 'TAG_RESOLVE_FAILED':
      return scanner("did not find the expected '>'");
    case 'BAD_INDENT':
      return parser('did not find expected key');
    case 'MISSING_CHAR':
      return missing(message, isSequence);
    default:
      return unexpected(message, isSequence);
  }
}

function missing(message: string, isSequence: boolean): Complaint {
  if (message.includes('quote')) return scanner('found unexpected end of stream');
  if (message.includes('Sequence item')) return parser("did not find expected '-' indicator");
  return message.includes('followed by') ? scanner("could not find expected ':'") : structure(isSequence);
}

function unexpected(message: string, isSequence: boolean): Complaint {
  if (message.startsWith('Block scalar header')) return scanner('did not find expected comment or line break');
  if (message.includes('at node end')) return structure(isSequence);
  return parser('did not find expected node content');
}

function structure(isSequence: boolean): Complaint {
  return parser(isSequence ? "did not find expected '-' indicator" : 'did not find expected key');
}

function scanner(text: string, at: Complaint['at'] = 'start'): Complaint {
  return { stage: 'scanner', text, at };
}

function parser(text: string): Complaint {
  return { stage: 'parser', text, at: 'start' };
}
