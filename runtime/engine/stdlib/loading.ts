/** `load`, `loadstring`, `loadfile`, `dofile` (Lua 5.1 manual section 5.1). */
import {
  bothColours,
  callValue,
  caught,
  charge,
  chargeMemory,
  currentTask,
  instantiateInThread,
  type LoadOutcome,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  raise,
  raiseValue,
  results2,
  SourceError,
  type Steps,
  toText,
} from '../api.ts';
import { checkFunction, checkString, optionalString } from './arguments.ts';

/** Shorter sources are not worth a look at the memory. */
const NOTABLE_BYTES = 1 << 16;

const NO_LOADER = new SourceError('loading code at run time is not allowed here');

/** First byte of precompiled chunks, which only PUC Lua can make. */
const BINARY_MARK = '\x1b';

function compile(source: string, chunkName: string): LoadOutcome {
  if (source.startsWith(BINARY_MARK)) return new SourceError('attempt to load a binary chunk');
  return currentTask().loader?.compile(source, chunkName) ?? NO_LOADER;
}

/** The function in the thread's globals, or nil and a message. */
function outcomeResults(outcome: LoadOutcome): Exclude<LuaResult, Generator> {
  return outcome instanceof SourceError ? results2(undefined, outcome.message) : inTask(outcome);
}

function inTask(outcome: Exclude<LoadOutcome, SourceError>): LuaFunction {
  return instantiateInThread(outcome);
}

export const load = bothColours('load', function* (reader?: LuaValue, name?: LuaValue): Steps {
  const given = arguments.length;
  const read = checkFunction(reader, 1, 'load', given);
  const chunkName = optionalString(name, '=(load)', 2, 'load', given);
  let source = '';
  try {
    for (;;) {
      const [piece] = yield callValue(read, []);
      if (piece === undefined || piece === '') break;
      const text = toText(piece);
      if (text === undefined) raise('reader function must return a string');
      source += text;
      charge(1);
      if (source.length > NOTABLE_BYTES) chargeMemory(source.length);
    }
  } catch (error) {
    return results2(undefined, caught(error).value);
  }
  return outcomeResults(compile(source, chunkName));
});

export function loadstring(source: LuaValue, name: LuaValue): LuaResult {
  const given = arguments.length;
  const text = checkString(source, 1, 'loadstring', given);
  return outcomeResults(compile(text, optionalString(name, text, 2, 'loadstring', given)));
}

/** There is no standard input to read code from. */
function fileOutcome(path: LuaValue, name: string, given: number): LoadOutcome {
  if (path === undefined) return new SourceError('cannot read stdin');
  return currentTask().loader?.file(checkString(path, 1, name, given)) ?? NO_LOADER;
}

export function loadfile(path: LuaValue): LuaResult {
  return outcomeResults(fileOutcome(path, 'loadfile', arguments.length));
}

export function dofile(path: LuaValue): LuaResult {
  const outcome = fileOutcome(path, 'dofile', arguments.length);
  return outcome instanceof SourceError ? raiseValue(outcome.message) : inTask(outcome)();
}
