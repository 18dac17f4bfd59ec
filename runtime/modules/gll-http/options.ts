/** The table of options of a client. */
import { argumentError, entries, fromUtf8, LuaTable, type LuaValue, rawGet } from '../../host/index.ts';
import { type GoUrl, parseUrl, UrlError } from '../go/url.ts';
import { type KeyPair, readAuthorities, readKeyPair } from './pem.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface ClientOptions {
  /** For a whole exchange; 0 is no limit. */
  readonly timeoutMs: number;
  readonly proxy: GoUrl | undefined;
  readonly verifies: boolean;
  /** PEM. */
  readonly authorities: Buffer | undefined;
  readonly certificate: KeyPair | undefined;
  readonly userAgent: string;
  readonly credentials: Credentials | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly isDebugging: boolean;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_USER_AGENT = 'gopher-lua';

const CERTIFICATE = 'client_public_cert_pem_file';
const KEY = 'client_private_key_pem_file';

const TYPE_NAMES = { string: 'string', boolean: 'bool', number: 'number' } as const;

/** Reads fields of the type that they must have. */
class Options {
  private readonly table: LuaTable;

  constructor(table: LuaTable) {
    this.table = table;
  }

  get(name: string): LuaValue {
    return rawGet(this.table, name);
  }

  text(name: string, shown = name): string | undefined {
    const value = this.get(name);
    return value === undefined || typeof value === 'string' ? value : this.refuse(shown, 'string');
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(name, 'boolean');
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    return value === undefined || typeof value === 'number' ? value : this.refuse(name, 'number');
  }

  private refuse(name: string, type: keyof typeof TYPE_NAMES): never {
    return argumentError(1, 'client', `${name} must be ${TYPE_NAMES[type]}`);
  }
}

/** Raises errors for fields of wrong types and files that cannot be read; unknown fields are ignored. */
export function readOptions(given: LuaTable | undefined): ClientOptions {
  const options = new Options(given ?? new LuaTable());
  const timeout = options.number('timeout');
  const user = options.text('basic_auth_user');
  const password = options.text('basic_auth_password');
  return {
    timeoutMs: timeout === undefined ? DEFAULT_TIMEOUT_MS : Math.max(0, timeout * 1000),
    proxy: proxyOf(options.text('proxy', 'http_proxy')),
    verifies: options.flag('insecure_ssl') !== true,
    authorities: authoritiesOf(options.text('root_cas_pem_file')),
    certificate: certificateOf(options),
    userAgent: options.text('user_agent') ?? DEFAULT_USER_AGENT,
    credentials: user === undefined || password === undefined ? undefined : { user, password },
    headers: headersOf(options.get('headers')),
    isDebugging: options.flag('debug') === true,
  };
}

/** From the environment without an option; an empty one means none. */
function proxyOf(option: string | undefined): GoUrl | undefined {
  const text = option ?? fromUtf8(process.env.HTTP_PROXY ?? '');
  if (text === '') return undefined;
  try {
    return parseUrl(text);
  } catch (thrown) {
    if (!(thrown instanceof UrlError)) throw thrown;
    return argumentError(1, 'client', 'http_proxy must be http(s)://<user>:<password>@host:<port>');
  }
}

function authoritiesOf(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readAuthorities(path, `error loading root_cas_pem_file from ${path}`);
}

/** One without the other is not looked at. */
function certificateOf(options: Options): ClientOptions['certificate'] {
  if (options.get(CERTIFICATE) === undefined || options.get(KEY) === undefined) return undefined;
  const certificatePath = options.text(CERTIFICATE) ?? '';
  const keyPath = options.text(KEY) ?? '';
  return readKeyPair(
    certificatePath,
    keyPath,
    `error loading client certificate from ${certificatePath} and ${keyPath}`,
  );
}

function headersOf(value: LuaValue): ClientOptions['headers'] {
  if (value === undefined) return [];
  if (!(value instanceof LuaTable)) return argumentError(1, 'client', 'headers must be table');
  return [...entries(value)].map(([name, text]) => {
    if (typeof name !== 'string' || typeof text !== 'string') {
      return argumentError(1, 'client', 'headers must be table of key-values string');
    }
    return [name, text];
  });
}
