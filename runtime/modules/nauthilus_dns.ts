/** DNS queries: an addition to what the reference of this version has, in the manner of its later versions. */
import {
  attemptLater,
  defineModule,
  error,
  errorMessage,
  fromUtf8,
  io,
  type LuaValue,
  optional,
  result,
  str,
  tableFromArray,
  tableFromEntries,
  toUtf8String,
  waitFor,
} from '../host/index.ts';
import { DnsError, type DnsRecord, RECORD_TYPES } from '../services/index.ts';

const TYPES = RECORD_TYPES.join(', ');

function toLua(record: DnsRecord): LuaValue {
  if (typeof record === 'string') return fromUtf8(record);
  return tableFromEntries(
    Object.entries(record).map(([key, value]) => [key, typeof value === 'string' ? fromUtf8(value) : value]),
  );
}

export default defineModule({
  name: 'nauthilus_dns',
  classes: 'all',
  doc: 'DNS queries to the name server of the configuration.',
  functions: {
    resolve: io(
      {
        doc: 'Records of a name; A without a type. MX has host and pref, SRV has target, port, priority and weight.',
        args: [str('name'), optional(str('type'))],
        returns: [result('records', 'table?'), error],
      },
      function* ({ services }, name, wanted = 'A') {
        const type = RECORD_TYPES.find((known) => known === wanted.toUpperCase());
        if (type === undefined) return [undefined, `unknown record type '${wanted}'; known: ${TYPES}`];
        const found = yield* waitFor(
          attemptLater([DnsError], errorMessage, () => services.dns.query(toUtf8String(name), type)),
        );
        return typeof found === 'string' ? [undefined, fromUtf8(found)] : tableFromArray(found.map(toLua));
      },
    ),
  },
});
