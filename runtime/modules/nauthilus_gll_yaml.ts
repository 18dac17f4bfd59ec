/** YAML, as the module `yaml` of gopher-lua-libs. */
import {
  any,
  attempt,
  BufferedReader,
  type ByteReader,
  type ByteWriter,
  bool,
  defineModule,
  drive,
  error,
  type Finished,
  LuaError,
  type LuaValue,
  mayWait,
  nilAndMessage,
  noResults,
  pure,
  pushTo,
  reader,
  result,
  results2,
  type Steps,
  str,
  UserdataKind,
  writer,
} from '../host/index.ts';
import { type DecodeOptions, decodeDocuments } from './gll-yaml/decode.ts';
import { encodeDocument, isBlockCollection } from './gll-yaml/encode.ts';
import { YamlError } from './gll-yaml/errors.ts';

/** The documents of a reader, which is read to its end for the first one. */
class YamlStream {
  private readonly source: BufferedReader;
  private documents: Generator<LuaValue, void, undefined> | undefined = undefined;
  options: DecodeOptions = { isStrict: false };

  constructor(source: ByteReader) {
    this.source = new BufferedReader(source);
  }

  *next(): Steps<Finished> {
    this.documents ??= decodeDocuments(yield* this.source.readAll(), () => this.options);
    const { documents } = this;
    return orMessage(() => {
      const next = documents.next();
      return next.done === true ? results2(undefined, 'EOF') : next.value;
    });
  }
}

interface StreamEncoder {
  readonly target: ByteWriter;
  written: number;
}

/** The value, or nil and why there is none. */
function orMessage(compute: () => Finished): Finished {
  return attempt([YamlError], nilAndMessage, compute);
}

/** What cannot be encoded is an error with its position in the reference, and yet a result. */
function encode(value: LuaValue): { readonly text: string } | { readonly failure: LuaValue } {
  try {
    return { text: encodeDocument(value) };
  } catch (thrown) {
    if (thrown instanceof LuaError) return { failure: thrown.value };
    throw thrown;
  }
}

const decoders = new UserdataKind<YamlStream>('yaml.Decoder');
const encoders = new UserdataKind<StreamEncoder>('yaml.Encoder');

decoders.has({
  decode: mayWait(
    {
      doc: 'The next document; nil and `EOF` at the end.',
      args: [decoders.self()],
      returns: [result('value', 'any'), error],
    },
    (self) => drive(self.next()),
  ),
  set_strict: pure({ doc: 'Refuse keys that occur twice.', args: [decoders.self(), bool('on')] }, (self, isStrict) => {
    self.options = { isStrict };
    return noResults();
  }),
});

function* encodeTo(encoder: StreamEncoder, value: LuaValue): Steps<Finished> {
  const encoded = encode(value);
  if ('failure' in encoded) return encoded.failure;
  const separator = encoder.written === 0 ? '' : isBlockCollection(value) ? '---\n' : '--- ';
  encoder.written += 1;
  yield* pushTo(encoder.target, separator + encoded.text);
  return noResults();
}

encoders.has({
  encode: mayWait(
    { doc: 'Write a document.', args: [encoders.self(), any('value')], returns: [error] },
    (self, value) => drive(encodeTo(self, value)),
  ),
});

export default defineModule({
  name: 'nauthilus_gll_yaml',
  requires: ['yaml'],
  classes: 'all',
  doc: 'YAML 1.1 texts and streams; null elements of lists are dropped.',
  userdata: [decoders, encoders],
  globals: () => ({ 'yaml.Decoder': decoders.metatable(), 'yaml.Encoder': encoders.metatable() }),
  functions: {
    decode: pure(
      { doc: 'The value of the first document.', args: [str('text')], returns: [result('value', 'any'), error] },
      (text) =>
        orMessage(() => {
          const next = decodeDocuments(text, () => ({ isStrict: false })).next();
          return next.done === true ? undefined : next.value;
        }),
    ),
    encode: pure(
      {
        doc: 'A value as YAML; a table is a list if its keys are 1 to n.',
        args: [any('value')],
        returns: [result('text', 'string?'), error],
      },
      (value) => {
        const encoded = encode(value);
        return 'failure' in encoded ? results2(undefined, encoded.failure) : encoded.text;
      },
    ),
    new_decoder: pure(
      {
        doc: 'Decode from anything with a read method.',
        args: [reader('reader')],
        returns: [result('decoder', decoders.name)],
      },
      (source) => decoders.make(new YamlStream(source)),
    ),
    new_encoder: pure(
      {
        doc: 'Encode to anything with a write method.',
        args: [writer('writer')],
        returns: [result('encoder', encoders.name)],
      },
      (target) => encoders.make({ target, written: 0 }),
    ),
  },
});
