/** Base64, as the module `base64` of gopher-lua-libs. */
import {
  argumentError,
  attempt,
  BufferedReader,
  defineModule,
  error,
  field,
  nilAndMessage,
  pure,
  raise,
  reader,
  readerMethods,
  result,
  str,
  UserdataKind,
  writer,
  writerMethods,
} from '../host/index.ts';
import { Base64Encoding, CorruptBase64, STANDARD_ENCODINGS } from './gll-base64/encoding.ts';
import { Base64Reader, Base64Writer } from './gll-base64/streams.ts';

const encodings = new UserdataKind<Base64Encoding>('base64.Encoding');
const encoders = new UserdataKind<Base64Writer>('base64.Encoder');
const decoders = new UserdataKind<BufferedReader>('base64.Decoder');

encodings.has({
  encode_to_string: pure(
    { doc: 'The bytes as base64.', args: [encodings.self(), str('bytes')], returns: [result('text', 'string')] },
    (self, bytes) => self.encode(bytes),
  ),
  decode_string: pure(
    {
      doc: 'The bytes of a base64 text.',
      args: [encodings.self(), str('text')],
      returns: [result('bytes', 'string?'), error],
    },
    (self, text) => {
      return attempt([CorruptBase64], nilAndMessage, () => self.decode(text));
    },
  ),
});
encoders.has(writerMethods(encoders));
decoders.has(readerMethods(decoders));

function newEncoding(alphabet: string): Base64Encoding {
  if (alphabet.length !== 64) return argumentError(1, 'new_encoding', 'encoder must have 64 characters');
  if (/[\r\n]/.test(alphabet)) return raise('encoding alphabet contains newline character', 0);
  if (new Set(alphabet).size !== 64) return raise('encoding alphabet includes duplicate symbols', 0);
  return new Base64Encoding(alphabet, true);
}

export default defineModule({
  name: 'nauthilus_gll_base64',
  requires: ['base64'],
  classes: 'all',
  doc: 'Base64 texts and streams in the standard, URL-safe and other alphabets, with and without padding.',
  userdata: [encodings, encoders, decoders],
  values: () =>
    Object.fromEntries(Object.entries(STANDARD_ENCODINGS).map(([name, encoding]) => [name, encodings.make(encoding)])),
  fields: [
    field('StdEncoding', encodings.name, 'The standard alphabet, padded.'),
    field('RawStdEncoding', encodings.name, 'The standard alphabet without padding.'),
    field('URLEncoding', encodings.name, 'The alphabet for URLs and file names, padded.'),
    field('RawURLEncoding', encodings.name, 'The alphabet for URLs and file names without padding.'),
  ],
  globals: () => ({ 'base64.Encoder': encoders.metatable(), 'base64.Decoder': decoders.metatable() }),
  functions: {
    new_encoding: pure(
      {
        doc: 'An encoding with an alphabet of 64 characters of its own, padded.',
        args: [str('alphabet')],
        returns: [result('encoding', encodings.name)],
      },
      (alphabet) => encodings.make(newEncoding(alphabet)),
    ),
    new_encoder: pure(
      {
        doc: 'Write base64 of what is written to it; close it to write the end.',
        args: [encodings.argument('encoding'), writer('writer')],
        returns: [result('encoder', encoders.name)],
      },
      (encoding, target) => encoders.make(new Base64Writer(encoding, target)),
    ),
    new_decoder: pure(
      {
        doc: 'Read the bytes of the base64 text that it reads.',
        args: [encodings.argument('encoding'), reader('reader')],
        returns: [result('decoder', decoders.name)],
      },
      (encoding, source) => decoders.make(new BufferedReader(new Base64Reader(encoding, source))),
    ),
  },
});
