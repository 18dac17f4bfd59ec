/** Go's string functions, readers and builders, as the module `strings` of gopher-lua-libs. */
import {
  BufferedReader,
  type ByteWriter,
  callback,
  charactersOf,
  defineModule,
  field,
  isAscii,
  pure,
  readerMethods,
  result,
  str,
  tableFromArray,
  trailing,
  UserdataKind,
  writerMethods,
} from '../host/index.ts';

/** Collects what is written to it. */
class Builder implements ByteWriter {
  text = '';

  push(bytes: string): undefined {
    this.text += bytes;
  }
}

const readers = new UserdataKind<BufferedReader>('strings.Reader');
const builders = new UserdataKind<Builder>('strings.Builder');

readers.has(readerMethods(readers, callback));
builders.has({
  ...writerMethods(builders, callback),
  string: pure(
    { doc: 'Everything written so far.', args: [builders.self()], returns: [result('content', 'string')] },
    (self) => self.text,
  ),
});

/** Unicode white space as UTF-8 bytes. */
const SPACE =
  '(?:[\\t-\\r ]|\\xc2[\\x85\\xa0]|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80)';
const SPACES = new RegExp(`${SPACE}+`);
const LEADING_SPACES = new RegExp(`^${SPACE}+`);
const LAST_SPACE = new RegExp(`${SPACE}$`);

function trimSpace(text: string): string {
  let trimmed = text.replace(LEADING_SPACES, '');
  // One at a time from the end: a pattern for all of them would be tried at every position of the text.
  for (let last = LAST_SPACE.exec(trimmed); last !== null; last = LAST_SPACE.exec(trimmed)) {
    trimmed = trimmed.slice(0, last.index);
  }
  return trimmed;
}

function trim(text: string, cutset: string): string {
  if (cutset === '') return text;
  const cut = new Set(charactersOf(cutset));
  const characters = isAscii(cutset) ? text : charactersOf(text);
  let from = 0;
  let to = characters.length;
  while (from < to && cut.has(characters[from]!)) from += 1;
  while (to > from && cut.has(characters[to - 1]!)) to -= 1;
  return typeof characters === 'string' ? characters.slice(from, to) : characters.slice(from, to).join('');
}

const text = [result('text', 'string')];
const list = [result('parts', 'string[]')];
const answer = [result('answer', 'boolean')];

export default defineModule({
  name: 'nauthilus_gll_strings',
  requires: ['strings'],
  classes: 'all',
  doc: 'Splitting, trimming and searching without patterns, and texts as streams.',
  userdata: [readers, builders],
  values: () => ({ Reader: readers.metatable(), Builder: builders.metatable() }),
  fields: [
    field('Reader', 'table', 'Metatable of all readers.'),
    field('Builder', 'table', 'Metatable of all builders.'),
  ],
  functions: {
    split: pure(
      {
        doc: 'The parts between the separators; without separator the UTF-8 characters.',
        args: [str('text'), trailing(str('separator'))],
        returns: list,
      },
      (subject, separator = '') => tableFromArray(separator === '' ? charactersOf(subject) : subject.split(separator)),
    ),
    fields: pure(
      { doc: 'The parts between runs of Unicode white space.', args: [str('text')], returns: list },
      (subject) => tableFromArray(subject.split(SPACES).filter((part) => part !== '')),
    ),
    trim: pure(
      {
        doc: 'The text without the characters of the set at both ends.',
        args: [str('text'), str('characters')],
        returns: text,
      },
      trim,
    ),
    trim_space: pure(
      { doc: 'The text without white space at both ends.', args: [str('text')], returns: text },
      trimSpace,
    ),
    trim_prefix: pure(
      { doc: 'The text without the prefix, if it has it.', args: [str('text'), str('prefix')], returns: text },
      (subject, prefix) => (subject.startsWith(prefix) ? subject.slice(prefix.length) : subject),
    ),
    trim_suffix: pure(
      { doc: 'The text without the suffix, if it has it.', args: [str('text'), str('suffix')], returns: text },
      (subject, suffix) => (subject.endsWith(suffix) ? subject.slice(0, subject.length - suffix.length) : subject),
    ),
    contains: pure(
      { doc: 'Does the text contain the other one?', args: [str('text'), str('part')], returns: answer },
      (subject, part) => subject.includes(part),
    ),
    has_prefix: pure(
      { doc: 'Does the text begin with the prefix?', args: [str('text'), str('prefix')], returns: answer },
      (subject, prefix) => subject.startsWith(prefix),
    ),
    has_suffix: pure(
      { doc: 'Does the text end with the suffix?', args: [str('text'), str('suffix')], returns: answer },
      (subject, suffix) => subject.endsWith(suffix),
    ),
    new_reader: pure(
      { doc: 'Read from a text.', args: [str('text')], returns: [result('reader', readers.name)] },
      (subject) => readers.make(new BufferedReader(undefined, subject)),
    ),
    new_builder: pure({ doc: 'Write to a text.', returns: [result('builder', builders.name)] }, () =>
      builders.make(new Builder()),
    ),
  },
});
