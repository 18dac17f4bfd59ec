/** The options table of `register_redis_pool`. Values of the wrong type count as not given. */
import { LuaTable, rawGet, textsOf, toUtf8String } from '../../host/index.ts';
import { type PoolOptions, Secret } from '../../services/index.ts';

/** Pool sizes are accepted and ignored: one connection carries any number of commands at a time. */
export function poolOptions(options: LuaTable): PoolOptions {
  return {
    ...present('address', textAt(options, 'address')),
    ...present('addresses', listAt(options, 'addresses')),
    ...present('masterName', textAt(options, 'master_name')),
    ...present('username', textAt(options, 'username')),
    ...present('password', secretAt(options, 'password')),
    ...present('sentinelUsername', textAt(options, 'sentinel_username')),
    ...present('sentinelPassword', secretAt(options, 'sentinel_password')),
    ...present('database', numberAt(options, 'db')),
    ...present('tls', tlsOf(options)),
  };
}

function present<K extends keyof PoolOptions>(
  name: K,
  value: PoolOptions[K] | undefined,
): Pick<PoolOptions, K> | object {
  return value === undefined ? {} : { [name]: value };
}

function textAt(options: LuaTable, name: string): string | undefined {
  const value = rawGet(options, name);
  return typeof value === 'string' && value !== '' ? toUtf8String(value) : undefined;
}

function secretAt(options: LuaTable, name: string): Secret | undefined {
  const text = textAt(options, name);
  return text === undefined ? undefined : new Secret(text);
}

function numberAt(options: LuaTable, name: string): number | undefined {
  const value = rawGet(options, name);
  return typeof value === 'number' ? Math.trunc(value) : undefined;
}

function listAt(options: LuaTable, name: string): readonly string[] | undefined {
  const value = rawGet(options, name);
  return value instanceof LuaTable ? textsOf(value).map(toUtf8String) : undefined;
}

/** `tls_ca_file` and `tls_skip_verify` are additions. */
function tlsOf(options: LuaTable): PoolOptions['tls'] | undefined {
  if (rawGet(options, 'tls_enabled') !== true) return undefined;
  const files = { certFile: 'tls_cert_file', keyFile: 'tls_key_file', caFile: 'tls_ca_file' };
  const given = Object.entries(files).flatMap(([name, key]) => {
    const path = textAt(options, key);
    return path === undefined ? [] : [[name, path]];
  });
  return { ...Object.fromEntries(given), skipVerify: rawGet(options, 'tls_skip_verify') === true };
}
