/** The argument of `http.server`: an address, or a table of options. */
import { LuaTable, type LuaValue, raise, rawGet, textOf } from '../../host/index.ts';
import { readAuthorities, readKeyPair } from './pem.ts';
import { CLIENT_AUTH, type TlsSettings } from './server.ts';

export interface ServerSettings {
  readonly address: string;
  readonly tls: TlsSettings | undefined;
}

const DEFAULT_ADDRESS = '127.0.0.1:0';

/** Raises errors for files that cannot be read and fields of wrong types; what is neither text nor table counts as no options. */
export function readSettings(given: LuaValue): ServerSettings {
  if (typeof given === 'string') return { address: given, tls: undefined };
  const options = given instanceof LuaTable ? given : new LuaTable();
  const address = rawGet(options, 'addr');
  return { address: address === undefined ? DEFAULT_ADDRESS : textOf(address), tls: readTls(options) };
}

/** Everything about clients is only looked at together with a certificate. */
function readTls(options: LuaTable): TlsSettings | undefined {
  const certificatePath = rawGet(options, 'server_public_cert_pem_file');
  const keyPath = rawGet(options, 'server_private_key_pem_file');
  if (certificatePath === undefined || keyPath === undefined) return undefined;
  return {
    pair: readKeyPair(textOf(certificatePath), textOf(keyPath), 'error loading server cert'),
    clientAuth: readClientAuth(rawGet(options, 'client_auth')),
    authorities: readClientAuthorities(rawGet(options, 'client_cas_pem_file')),
  };
}

function readClientAuth(value: LuaValue): TlsSettings['clientAuth'] {
  if (value !== undefined && typeof value !== 'string') return raise('client_auth should be a string');
  return CLIENT_AUTH.find((each) => each === value) ?? 'NoClientCert';
}

function readClientAuthorities(path: LuaValue): Buffer | undefined {
  if (path === undefined) return undefined;
  return typeof path === 'string'
    ? readAuthorities(path, `error reading ${path}`)
    : raise('client_cas_pem_file must be a string');
}
