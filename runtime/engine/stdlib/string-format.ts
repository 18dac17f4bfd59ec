/** `string.format`: fetches and converts the arguments; the text itself is made by strings/format.ts. */
import {
  type Activation,
  argumentError,
  first,
  isActivation,
  type LuaResult,
  type LuaValue,
  nameBuiltin,
  numberToString,
  raise,
  toDisplay,
} from '../api.ts';
import { type Directive, type FormatPlan, formatNumber, formatPlan, formatText } from '../strings/format.ts';
import { checkNumber, checkString } from './arguments.ts';

export function format(...args: LuaValue[]): LuaResult {
  const source = args[0];
  const plan = formatPlan(typeof source === 'string' ? source : checkString(source, 1, 'format', args.length));
  let text = '';
  let used = 0;
  for (let k = 0; k < plan.length; k++) {
    const piece = plan[k] as FormatPlan[number];
    if (typeof piece === 'string') text += piece;
    else {
      const value = formatArgument(piece, args, ++used);
      if (typeof value !== 'string') return resumeFormat(plan, args, text, k, value);
      text += value;
    }
  }
  return text;
}

/** The text for one directive, or the activation of a `__tostring` that may wait. */
function formatArgument(directive: Exclude<FormatPlan[number], string>, args: LuaValue[], at: number) {
  if (at >= args.length) return argumentError(at + 1, 'format', 'no value');
  if (directive.verb === 'invalid') return raise(directive.message);
  const value = args[at];
  if (directive.verb === 's') return formatDisplay(directive, value);
  if (directive.verb === 'q') return formatText(directive, checkString(value, at + 1, 'format', args.length));
  return formatNumber(directive, checkNumber(value, at + 1, 'format', args.length));
}

/** Any value is accepted for `%s`, as later versions of Lua do; scripts print nil and booleans this way. */
function formatDisplay(directive: Directive, value: LuaValue): string | Activation {
  if (typeof value === 'string') return formatText(directive, value);
  const display = toDisplay(value);
  return isActivation(display) ? formatWaiting(directive, display) : formatText(directive, displayText(first(display)));
}

function* formatWaiting(directive: Directive, display: Activation): Activation {
  return formatText(directive, displayText(first(yield* display)));
}

function displayText(value: LuaValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberToString(value) : raise("'tostring' must return a string to 'format'");
}

/** The rest of `format` from piece `k` on, whose argument may wait. */
const resumeFormat = nameBuiltin(function* (
  plan: FormatPlan,
  args: LuaValue[],
  before: string,
  k: number,
  waiting: Activation,
): Activation {
  let text = before + (yield* waiting);
  let used = plan.slice(0, k + 1).filter((piece) => typeof piece !== 'string').length;
  for (const piece of plan.slice(k + 1)) {
    if (typeof piece === 'string') text += piece;
    else {
      const value = formatArgument(piece, args, ++used);
      text += typeof value === 'string' ? value : yield* value;
    }
  }
  return text;
}, 'format');
