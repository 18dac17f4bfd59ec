/** JSON, as the module `json` of gopher-lua-libs. */
import {
  any,
  attempt,
  type ByteWriter,
  bool,
  charge,
  chargeMemory,
  defineModule,
  drive,
  error,
  type Finished,
  LuaTable,
  type LuaValue,
  mayWait,
  nilAndMessage,
  noResults,
  perEnvironment,
  pure,
  pushTo,
  reader,
  result,
  type Steps,
  setMetatable,
  str,
  table,
  tableFromEntries,
  UserdataKind,
  writer,
} from '../host/index.ts';
import { decodeText, JsonError } from './gll-json/decode.ts';
import { COMPACT, type EncodeStyle, encodeValue, OBJECT_MARKER } from './gll-json/encode.ts';
import { JsonStream } from './gll-json/stream.ts';

/** Bytes decoded per unit of the step budget. */
const BYTES_PER_STEP = 16;
/** What a decoded byte costs at most, roughly. */
const MEMORY_PER_BYTE = 8;

/** Says of an empty table that it was an object. */
const objectMetatable = perEnvironment(() => tableFromEntries([[OBJECT_MARKER, true]]));

function makeObject(): LuaTable {
  const object = new LuaTable();
  setMetatable(object, objectMetatable());
  return object;
}

/** The value, or nil and the text of a JSON error. */
function orMessage(compute: () => LuaValue): Finished {
  return attempt([JsonError], nilAndMessage, compute);
}

function decode(text: string): LuaValue {
  charge(text.length / BYTES_PER_STEP);
  chargeMemory(text.length * MEMORY_PER_BYTE);
  return decodeText(text, makeObject);
}

interface StreamEncoder {
  readonly target: ByteWriter;
  style: EncodeStyle;
}

const decoders = new UserdataKind<JsonStream>('json.Decoder');
const encoders = new UserdataKind<StreamEncoder>('json.Encoder');

decoders.has({
  decode: mayWait(
    {
      doc: 'The next value; nil and `EOF` at the end.',
      args: [decoders.self()],
      returns: [result('value', 'any'), error],
    },
    (self) => drive(self.next()),
  ),
  more: mayWait(
    { doc: 'Is there another value?', args: [decoders.self()], returns: [result('answer', 'boolean')] },
    (self) => drive(self.hasMore()),
  ),
  input_offset: pure(
    { doc: 'How many bytes have been read.', args: [decoders.self()], returns: [result('offset', 'integer')] },
    (self) => self.offset,
  ),
});

function* encodeTo(encoder: StreamEncoder, value: LuaValue): Steps<Finished> {
  try {
    yield* pushTo(encoder.target, `${encodeValue(value, encoder.style)}\n`);
    return noResults();
  } catch (thrown) {
    if (thrown instanceof JsonError) return thrown.message;
    throw thrown;
  }
}

encoders.has({
  encode: mayWait(
    { doc: 'Write a value and a line end.', args: [encoders.self(), any('value')], returns: [error] },
    (self, value) => drive(encodeTo(self, value)),
  ),
  set_indent: pure(
    {
      doc: 'Write one member a line, with a prefix and an indent per level.',
      args: [encoders.self(), str('prefix'), str('indent')],
    },
    (self, prefix, indent) => {
      self.style = { ...self.style, prefix, indent };
      return noResults();
    },
  ),
  set_escape_HTML: pure(
    { doc: 'Write < > & as escapes (the default) or as they are.', args: [encoders.self(), bool('on')] },
    (self, escapesHtml) => {
      self.style = { ...self.style, escapesHtml };
      return noResults();
    },
  ),
});

export default defineModule({
  name: 'nauthilus_gll_json',
  requires: ['json'],
  classes: 'all',
  doc: 'JSON texts and streams; null elements of lists are dropped, numbers are doubles.',
  userdata: [decoders, encoders],
  globals: () => ({ 'json.Decoder': decoders.metatable(), 'json.Encoder': encoders.metatable() }),
  functions: {
    decode: pure(
      { doc: 'The value of a JSON text.', args: [str('text')], returns: [result('value', 'any'), error] },
      (text) => orMessage(() => decode(text)),
    ),
    encode: pure(
      {
        doc: 'A value as JSON; a table is a list if its keys are 1 to n.',
        args: [any('value')],
        returns: [result('text', 'string?'), error],
      },
      (value) => orMessage(() => encodeValue(value, COMPACT)),
    ),
    tableIsObject: pure({ doc: 'Let an empty table be an object.', args: [table('table')] }, (subject) => {
      setMetatable(subject, objectMetatable());
      return noResults();
    }),
    new_decoder: pure(
      {
        doc: 'Decode from anything with a read method.',
        args: [reader('reader')],
        returns: [result('decoder', decoders.name)],
      },
      (source) => decoders.make(new JsonStream(source, makeObject)),
    ),
    new_encoder: pure(
      {
        doc: 'Encode to anything with a write method.',
        args: [writer('writer')],
        returns: [result('encoder', encoders.name)],
      },
      (target) => encoders.make({ target, style: COMPACT }),
    ),
  },
});
