/** Go's regular expressions, as the module `regexp` of gopher-lua-libs. */
import {
  attempt,
  defineModule,
  error,
  type LuaResult,
  type LuaTable,
  type LuaValue,
  nilAndMessage,
  pure,
  result,
  str,
  tableFromArray,
  UserdataKind,
} from '../host/index.ts';
import { compilePattern, type Pattern, PatternError } from './gll-regexp/pattern.ts';

const patterns = new UserdataKind<Pattern>('regexp_ud');

const answer = [result('answer', 'boolean')];
const matches = [result('matches', 'table')];

function tableOfMatches(pattern: Pattern, text: string): LuaTable {
  return tableFromArray(pattern.findAll(text).map(tableFromArray));
}

patterns.has({
  match: pure(
    { doc: 'Does the pattern match anywhere in the text?', args: [patterns.self(), str('text')], returns: answer },
    (self, text) => self.matches(text),
  ),
  find_all_string_submatch: pure(
    { doc: 'All matches, each with its groups.', args: [patterns.self(), str('text')], returns: matches },
    tableOfMatches,
  ),
});

/** What is made of the pattern, or nil and why it is none. */
function withPattern(source: string, use: (pattern: Pattern) => LuaValue): LuaResult {
  return attempt([PatternError], nilAndMessage, () => use(compilePattern(source)));
}

export default defineModule({
  name: 'nauthilus_gll_regexp',
  requires: ['regexp'],
  classes: 'all',
  doc: 'Regular expressions in RE2 syntax, which match in linear time.',
  userdata: [patterns],
  globals: () => ({ regexp_ud: patterns.metatable() }),
  functions: {
    compile: pure(
      { doc: 'A compiled pattern.', args: [str('pattern')], returns: [result('regexp', `${patterns.name}?`), error] },
      (source) => withPattern(source, (pattern) => patterns.make(pattern)),
    ),
    match: pure(
      {
        doc: 'Does the pattern match anywhere in the text?',
        args: [str('pattern'), str('text')],
        returns: [result('answer', 'boolean?'), error],
      },
      (source, text) => withPattern(source, (pattern) => pattern.matches(text)),
    ),
    find_all_string_submatch: pure(
      {
        doc: 'All matches, each a list of the whole match and its groups.',
        args: [str('pattern'), str('text')],
        returns: [result('matches', 'table?'), error],
      },
      (source, text) => withPattern(source, (pattern) => tableOfMatches(pattern, text)),
    ),
  },
});
