/** Where addresses are and whose they are: an addition to what the reference of this version has. */
import {
  attempt,
  defineModule,
  error,
  fromHost,
  fromUtf8,
  type HostCall,
  type LuaResult,
  result,
  results,
  results2,
  str,
  sync,
  toUtf8String,
} from '../host/index.ts';
import { GeoIpError } from '../services/index.ts';

const ip = str('ip');

type Found = NonNullable<ReturnType<HostCall['services']['geoip']['lookup']>>;

/** What `make` reads in the record; nil where nothing is known; what `failed` makes of the text of a failure. */
function lookup(
  { services }: HostCall,
  address: string,
  make: (found: Found) => LuaResult,
  failed: (text: string) => LuaResult = (text) => results2(undefined, text),
): LuaResult {
  return attempt(
    [GeoIpError],
    ({ message }) => failed(fromUtf8(message)),
    () => {
      const found = services.geoip.lookup(toUtf8String(address));
      return found === undefined ? undefined : make(found);
    },
  );
}

function isoCode(found: Found): string | undefined {
  const country = found.get('country') ?? found.get('registered_country');
  const code = country instanceof Map ? country.get('iso_code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

function system(found: Found): LuaResult {
  const [number, name] = [found.get('autonomous_system_number'), found.get('autonomous_system_organization')];
  return results2(typeof number === 'number' ? number : undefined, typeof name === 'string' ? name : undefined);
}

export default defineModule({
  name: 'nauthilus_geoip',
  classes: 'all',
  doc: 'Country, city or network operator of an IP address, from databases in the MaxMind DB format.',
  functions: {
    geoip_lookup: sync(
      {
        doc: 'All that the databases know of an address, as they have it; nil for nothing.',
        args: [ip],
        returns: [result('record', 'table?'), error],
      },
      (call, address) => lookup(call, address, (found) => fromHost(found)),
    ),
    geoip_country: sync(
      {
        doc: 'Two-letter code of the country (ISO 3166), or nil.',
        args: [ip],
        returns: [result('code', 'string?'), error],
      },
      (call, address) => lookup(call, address, isoCode),
    ),
    geoip_asn: sync(
      {
        doc: 'Number and name of the autonomous system, or nil.',
        args: [ip],
        returns: [result('number', 'integer?'), result('organization', 'string?'), error],
      },
      (call, address) => lookup(call, address, system, (text) => results(undefined, undefined, text)),
    ),
  },
});
