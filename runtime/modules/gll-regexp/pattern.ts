/** Go's regular expressions over byte strings: RE2 syntax, linear time, leftmost-first. */
import { RE2JS, RE2JSException } from 're2js';
import { characterLength, charge, fromUtf8, isAscii, raise, toBuffer, toUtf8String } from '../../host/index.ts';

/** Why a text is no pattern; `message` is what the script gets, as a byte string. */
export class PatternError extends Error {}

/** Bytes searched per unit of the step budget. */
const BYTES_PER_STEP = 16;
/** Compiling takes some microseconds per byte, and compiled patterns are kept. */
const LONGEST_PATTERN = 65_536;
/** Bytes times instructions times groups; more may take seconds, in which nothing else could run. */
const MOST_WORK = 1e10;
const PATTERNS_KEPT = 256;
const compiled = new Map<string, Pattern>();

/** Compiled patterns are kept, because the functions of the module get them as text. Throws `PatternError`. */
export function compilePattern(source: string): Pattern {
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    pattern = new Pattern(source);
    if (compiled.size >= PATTERNS_KEPT) compiled.clear();
    compiled.set(source, pattern);
  }
  return pattern;
}

export class Pattern {
  private readonly engine: RE2JS;

  constructor(source: string) {
    if (source.length > LONGEST_PATTERN) throw new PatternError('error parsing regexp: expression too large: ``');
    charge(source.length);
    checkUtf8(source);
    try {
      this.engine = compileText(toUtf8String(source));
    } catch (thrown) {
      if (thrown instanceof RE2JSException) throw new PatternError(goMessage(thrown.message));
      throw thrown;
    }
  }

  /** Does it match anywhere in the text? */
  matches(text: string): boolean {
    charge(text.length / BYTES_PER_STEP);
    return this.engine.test(isAscii(text) ? text : toBuffer(text));
  }

  /** All matches that do not overlap, each with its groups; a group without a match is an empty text. */
  findAll(text: string): readonly (readonly string[])[] {
    charge(text.length / BYTES_PER_STEP);
    this.refuseHugeWork(text);
    const found: string[][] = [];
    const matcher = this.engine.matcher(isAscii(text) ? text : toBuffer(text));
    const groups = this.engine.groupCount();
    let previousEnd = -1;
    while (matcher.find()) {
      charge(1);
      const [start, end] = [matcher.start(0), matcher.end(0)];
      // As in Go, an empty match right behind another match does not count.
      if (start !== end || start !== previousEnd) {
        const group = (at: number): string => {
          const from = matcher.start(at);
          return from < 0 ? '' : text.slice(from, matcher.end(at));
        };
        found.push(Array.from({ length: groups + 1 }, (_, at) => group(at)));
      }
      previousEnd = end;
    }
    return found;
  }

  /** Time is linear in the text, but for each byte it grows with the pattern and with its groups. */
  private refuseHugeWork(text: string): void {
    const work = text.length * this.engine.programSize() * (this.engine.groupCount() + 1);
    if (work > MOST_WORK) raise(`the pattern has too many groups for a text of ${text.length} bytes`);
  }
}

function checkUtf8(source: string): void {
  for (let at = 0; at < source.length; ) {
    const length = characterLength(source, at);
    if (length === 0) throw new PatternError(`error parsing regexp: invalid UTF-8: \`${source.slice(at)}\``);
    at += length;
  }
}

/** Escapes and classes stay; a named group becomes one without a name. */
const NAMED_GROUP = /(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\(\?P?<\w+>/gs;

/** Two groups may have the same name in Go; the engine refuses that, and scripts see numbers only. */
function compileText(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (thrown) {
    const isDuplicate = thrown instanceof RE2JSException && thrown.message.includes('duplicate capture group name');
    if (!isDuplicate) throw thrown;
    return RE2JS.compile(text.replace(NAMED_GROUP, (_, kept?: string) => kept ?? '('));
  }
}

/** Go names the place also where that is empty. */
function goMessage(message: string): string {
  return fromUtf8(message.endsWith('`') ? message : `${message}: \`\``);
}
