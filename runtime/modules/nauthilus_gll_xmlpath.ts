/** Paths into HTML documents, as the module `xmlpath` of gopher-lua-libs. */
import {
  attempt,
  charge,
  chargeMemory,
  defineModule,
  error,
  io,
  type LuaResult,
  type LuaValue,
  nilAndMessage,
  pure,
  result,
  type Steps,
  str,
  tableFromArray,
  toUtf8String,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { compilePath, PathError, type XmlPath } from './gll-xmlpath/compile.ts';
import { select } from './gll-xmlpath/select.ts';
import { textOfNode, treeOf, type XmlNode } from './gll-xmlpath/tree.ts';

const nodes = new UserdataKind<XmlNode>('xmlpath_node_ud');
const paths = new UserdataKind<XmlPath>('xmlpath_path_ud');

nodes.has({
  string: pure(
    { doc: 'The text of the node and all below it.', args: [nodes.self()], returns: [result('text', 'string')] },
    textOfNode,
  ),
});

paths.has({
  iter: pure(
    {
      doc: 'A list of the nodes that the path leads to from a node.',
      args: [paths.self(), nodes.argument('node')],
      returns: [result('nodes', `${nodes.name}[]`)],
    },
    (self, node) => tableFromArray(select(self, node).map((each) => nodes.make(each))),
  ),
});

/** Characters read at once; what a document takes in memory, per byte. */
const CHUNK = 4096;
const MEMORY_PER_BYTE = 4;

type Library = typeof import('parse5');
let library: Library | undefined;

/** The library is loaded with the first document. */
function* load(text: string): Steps<LuaValue> {
  chargeMemory(text.length * MEMORY_PER_BYTE);
  library ??= yield* waitFor(import('parse5'));
  return nodes.make(treeOf(parse(library, toUtf8String(text))));
}

/** In portions, as the work for a tag grows with the number of open elements: the budget is asked in between. */
function parse({ Parser, defaultTreeAdapter }: Library, text: string) {
  const parser = new Parser({ treeAdapter: defaultTreeAdapter });
  for (let at = 0; at === 0 || at < text.length; at += CHUNK) {
    charge(CHUNK / 4 + (parser.openElements.stackTop * CHUNK) / 64);
    parser.tokenizer.write(text.slice(at, at + CHUNK), at + CHUNK >= text.length);
  }
  return parser.document;
}

function compile(path: string): LuaResult {
  return attempt([PathError], nilAndMessage, () => paths.make(compilePath(path)));
}

export default defineModule({
  name: 'nauthilus_gll_xmlpath',
  requires: ['xmlpath'],
  classes: 'all',
  doc: 'Paths into documents, which are read as HTML.',
  userdata: [nodes, paths],
  globals: () => ({ xmlpath_node_ud: nodes.metatable(), xmlpath_path_ud: paths.metatable() }),
  functions: {
    load: io(
      { doc: 'Read a document as HTML.', args: [str('text')], returns: [result('node', `${nodes.name}?`), error] },
      (_call, text) => load(text),
    ),
    compile: pure(
      {
        doc: 'A path, for use with any node.',
        args: [str('path')],
        returns: [result('path', `${paths.name}?`), error],
      },
      compile,
    ),
  },
});
