/** Hexadecimal texts and streams, as the module `hex` of newer gopher-lua-libs. */
import {
  attempt,
  BufferedReader,
  defineModule,
  error,
  nilAndMessage,
  pure,
  reader,
  readerMethods,
  result,
  str,
  toBuffer,
  UserdataKind,
  writer,
  writerMethods,
} from '../host/index.ts';
import { HexReader, HexWriter } from './gll-hex/streams.ts';
import { CorruptHex, decodeHex } from './go/hex.ts';

const encoders = new UserdataKind<HexWriter>('hex.Encoder');
const decoders = new UserdataKind<BufferedReader>('hex.Decoder');

encoders.has(writerMethods(encoders));
decoders.has(readerMethods(decoders));

export default defineModule({
  name: 'nauthilus_gll_hex',
  requires: ['hex'],
  classes: 'all',
  doc: 'Hexadecimal texts and streams.',
  userdata: [encoders, decoders],
  globals: () => ({ 'hex.Encoder': encoders.metatable(), 'hex.Decoder': decoders.metatable() }),
  functions: {
    encode_to_string: pure(
      { doc: 'The bytes in hexadecimal.', args: [str('bytes')], returns: [result('text', 'string')] },
      (bytes) => toBuffer(bytes).toString('hex'),
    ),
    decode_string: pure(
      { doc: 'The bytes of a hexadecimal text.', args: [str('text')], returns: [result('bytes', 'string?'), error] },
      (text) => {
        return attempt([CorruptHex], nilAndMessage, () => decodeHex(text));
      },
    ),
    new_encoder: pure(
      {
        doc: 'Write what is written to it in hexadecimal.',
        args: [writer('writer')],
        returns: [result('encoder', encoders.name)],
      },
      (target) => encoders.make(new HexWriter(target)),
    ),
    new_decoder: pure(
      {
        doc: 'Read the bytes of the hexadecimal text that it reads.',
        args: [reader('reader')],
        returns: [result('decoder', decoders.name)],
      },
      (source) => decoders.make(new BufferedReader(new HexReader(source))),
    ),
  },
});
