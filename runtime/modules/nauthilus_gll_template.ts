/** Mustache templates, as the module `template` of gopher-lua-libs. */
import { join } from 'node:path';
import {
  attempt,
  defineModule,
  error,
  fromBuffer,
  io,
  type LuaTable,
  type Outcome,
  pure,
  result,
  results2,
  resultsFrom,
  type Steps,
  str,
  table,
  toUtf8String,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { readSmallFile, readWholeFile } from '../services/index.ts';
import { TemplateError } from './gll-template/parse.ts';
import { renderTemplate } from './gll-template/render.ts';
import { listLength } from './gll-template/values.ts';
import { fileErrorText } from './go/file-errors.ts';

/** There is one engine only, and it has no state. */
const engines = new UserdataKind<'mustache'>('template_ud');

const PARTIAL_SUFFIXES = ['', '.mustache', '.stache'];

/** Partials are files in the working directory; they are small, and reading them must not wait. */
function readPartial(name: string): string {
  const folder = process.env.CWD ?? '';
  for (const suffix of PARTIAL_SUFFIXES) {
    try {
      return fromBuffer(readSmallFile(join(folder, toUtf8String(name) + suffix)));
    } catch (thrown) {
      if (fileErrorText(thrown, 'open', name) === undefined) throw thrown;
    }
  }
  return '';
}

/** The text, or nil and why there is none. */
function render(text: string, context: LuaTable): readonly [string] | readonly [undefined, string] {
  if (listLength(context) > 0) return [undefined, 'arguments #1 must be a table, but got an array'];
  return attempt(
    [TemplateError],
    ({ message }) => [undefined, message],
    () => [renderTemplate(text, context, readPartial)],
  );
}

function* renderFile(path: string, context: LuaTable): Steps<Outcome> {
  let bytes: Buffer;
  try {
    bytes = yield* waitFor(readWholeFile(toUtf8String(path)));
  } catch (thrown) {
    const message = fileErrorText(thrown, 'open', path);
    if (message === undefined) throw thrown;
    return [undefined, message];
  }
  return render(fromBuffer(bytes), context);
}

const rendered = [result('text', 'string?'), error];

engines.has({
  render: pure(
    {
      doc: 'The template with the values of a table.',
      args: [engines.self(), str('template'), table('values')],
      returns: rendered,
    },
    (_, text, values) => resultsFrom(render(text, values)),
  ),
  render_file: io(
    {
      doc: 'The template in a file with the values of a table.',
      args: [engines.self(), str('path'), table('values')],
      returns: rendered,
    },
    (_call, _self, path, values) => renderFile(path, values),
  ),
});

export default defineModule({
  name: 'nauthilus_gll_template',
  requires: ['template'],
  classes: 'all',
  doc: 'Mustache templates; values are escaped for HTML unless the tag is {{{name}}}.',
  userdata: [engines],
  globals: () => ({ template_ud: engines.metatable() }),
  functions: {
    choose: pure(
      {
        doc: 'The template engine of that name; there is only `mustache`.',
        args: [str('engine')],
        returns: [result('engine', `${engines.name}?`), error],
      },
      (name) =>
        name === 'mustache' ? engines.make('mustache') : results2(undefined, `unknown template engine: ${name}`),
    ),
  },
});
