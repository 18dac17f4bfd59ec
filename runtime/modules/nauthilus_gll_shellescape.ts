/** Quoting for the POSIX shell, as the module `shellescape` of gopher-lua-libs. */
import {
  defineModule,
  fromUtf8,
  type LuaTable,
  type LuaValue,
  pure,
  rawGet,
  rawLength,
  replaceInvalid,
  result,
  str,
  table,
  textOf,
  toUtf8String,
} from '../host/index.ts';

/** Characters that mean nothing to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

function quote(word: string): string {
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

function quoteCommand(words: LuaTable): string {
  return Array.from({ length: rawLength(words) }, (_, at) => quote(wordOf(rawGet(words, at + 1)))).join(' ');
}

/** What is no text counts as an empty one. */
function wordOf(value: LuaValue): string {
  return typeof value === 'string' || typeof value === 'number' ? textOf(value) : '';
}

/** Letters, marks, numbers, punctuation and symbols are printable, of blanks only the space. */
const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

const text = [result('text', 'string')];

export default defineModule({
  name: 'nauthilus_gll_shellescape',
  requires: ['shellescape'],
  classes: 'all',
  doc: 'Quoting of words and commands for the shell.',
  functions: {
    quote: pure({ doc: 'One word for the shell, quoted if it has to be.', args: [str('word')], returns: text }, quote),
    quote_command: pure(
      { doc: 'A command line of the words of a list.', args: [table('words')], returns: text },
      quoteCommand,
    ),
    strip_unsafe: pure(
      { doc: 'The text without characters that are not printable.', args: [str('text')], returns: text },
      (subject) => fromUtf8(toUtf8String(replaceInvalid(subject)).replace(UNPRINTABLE, '')),
    ),
  },
});
