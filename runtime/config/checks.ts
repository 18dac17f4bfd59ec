/** Demands that concern several keys at once, after every key by itself is right (server.md 3.2 to 3.7). */

import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import ipaddr from 'ipaddr.js';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { FilterError, parseFilter } from './ldap-filter.ts';
import { expandMacros, unknownMacros } from './ldap-macros.ts';
import { messages, type Subject } from './messages.ts';
import type { Config } from './schema/index.ts';
import { redisMode } from './schema/redis.ts';
import { parseHostPort } from './schema/values.ts';
import { Secret } from './secret.ts';
import type { Origin } from './source.ts';
import { originOf, pathText } from './validate.ts';

type Origins = ReadonlyMap<string, Origin>;
type Path = readonly (string | number)[];

/** One demand; gives the complaints it has. */
type Check = (config: Config, at: (...path: Path) => Subject) => readonly Diagnostic[];

/**
 * Checks everything and completes what depends on it (the nonce of the embedded store). Silent about values that are
 * wrong by themselves (`wrongPaths`): what is said about them as missing would only confuse.
 */
export function checkSections(
  config: Config,
  origins: Origins,
  wrongPaths: readonly string[],
): { config: Config; diagnostics: readonly Diagnostic[] } {
  const at = (...path: Path): Subject => ({ path: pathText(path), origin: originOf(path, origins) });
  const isSet = (...path: Path) => origins.has(pathText(path));
  const isNews = (diagnostic: Diagnostic) => !wrongPaths.some((path) => concerns(diagnostic, path));
  const diagnostics = [...CHECKS.flatMap((check) => check(config, at)), ...ignoredSections(config, at, isSet)];
  return { config: completeNonce(config), diagnostics: diagnostics.filter(isNews) };
}

/** Is the message about the value at `path`, something in it, or the list or section that it stands in? */
function concerns({ message }: Diagnostic, path: string): boolean {
  const about = message.split(/[: ]/, 1)[0] ?? '';
  return path === about || isWithin(path, about) || isWithin(about, path);
}

function isWithin(path: string, section: string): boolean {
  return path.startsWith(`${section}.`) || path.startsWith(`${section}[`);
}

const backends: Check = ({ server, lua, ldap }, at) => {
  if (server.backends.length === 0) {
    const hint = 'name at least one of cache, ldap, lua';
    return [messages.wrongValue(at('server', 'backends'), 'no database backends configured', hint)];
  }
  const found: Diagnostic[] = [];
  if (server.backends.includes('lua') && lua.config.backend_script_path === '') {
    const path = at('lua', 'config', 'backend_script_path');
    found.push(messages.missing(path, "no 'lua::config:script_path' definition, but server.backends names lua"));
  }
  if (server.backends.includes('ldap') && ldap === undefined) {
    found.push(messages.missing(at('ldap'), "no 'ldap:' section found, but server.backends names ldap"));
  }
  return found;
};

const ldapSections: Check = ({ server, ldap }, at) => {
  if (!server.backends.includes('ldap') || ldap === undefined) return [];
  if (ldap.config === undefined) return [messages.missing(at('ldap', 'config'), "no 'ldap::config:' section found")];
  const found: Diagnostic[] = [];
  if (ldap.config.server_uri.length === 0) {
    found.push(messages.missing(at('ldap', 'config', 'server_uri'), "no 'ldap::config::server_uri' definition"));
  }
  if (ldap.config.pool_only) return found;
  if (ldap.search.length === 0) found.push(messages.missing(at('ldap', 'search'), "no 'ldap::search:' section found"));
  return [
    ...found,
    ...ldap.search.flatMap((block, index) => searchBlock(block, (...path) => at('ldap', 'search', index, ...path))),
  ];
};

type SearchBlock = NonNullable<Config['ldap']>['search'][number];

function searchBlock(block: SearchBlock, at: (...path: Path) => Subject): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (block.protocol.length === 0)
    found.push(messages.missing(at('protocol'), 'missing, no login would use this block'));
  if (block.base_dn === '') found.push(messages.missing(at('base_dn'), 'Missing LDAP base DN'));
  if (block.filter.user === '') found.push(messages.missing(at('filter', 'user'), 'Missing LDAP user filter'));
  if (block.attribute.length === 0) found.push(messages.missing(at('attribute'), 'Missing LDAP result attribute'));
  if (block.mapping.account_field === '') {
    found.push(messages.missing(at('mapping', 'account_field'), 'Missing LDAP account field'));
  }
  for (const key of ['user', 'list_accounts'] as const) {
    for (const macro of unknownMacros(block.filter[key])) {
      found.push(messages.wrongValue(at('filter', key), `unknown macro ${macro}`, MACRO_HINT));
    }
    const problem = filterProblem(block.filter[key]);
    if (problem !== undefined) found.push(messages.wrongValue(at('filter', key), `no LDAP filter: ${problem}`));
  }
  return [...found, ...unfetchedFields(block, at)];
}

const MACRO_HINT =
  'known: user, username, domain, service, local_ip, local_port, remote_ip, remote_port; modifiers L, U, R, T';

/** With macros that stand for nothing of interest, is it a filter? An absent one is no mistake of its own. */
function filterProblem(filter: string): string | undefined {
  if (filter === '') return undefined;
  try {
    parseFilter(expandMacros(filter, () => 'x'));
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
}

/** The reference fetches nothing but `attribute`: fields that are not in it stay empty. */
function unfetchedFields({ attribute, mapping }: SearchBlock, at: (...path: Path) => Subject): readonly Diagnostic[] {
  const fetched = new Set(attribute.map((name) => name.toLowerCase()));
  if (fetched.size === 0 || fetched.has('*')) return [];
  const fields = ['account_field', 'totp_secret_field', 'unique_user_id_field', 'display_name_field'] as const;
  return fields
    .filter((field) => mapping[field] !== '' && !fetched.has(mapping[field].toLowerCase()))
    .map((field) =>
      messages.questionable(at('mapping', field), `${mapping[field]} is not in attribute, so it has no value`),
    );
}

const redis: Check = ({ server }, at) => {
  const { redis: own } = server;
  if (redisMode(own) === 'embedded') return [messages.embeddedStore(at('server', 'redis'))];
  const found: Diagnostic[] = [];
  if (own.password_nonce.isEmpty) {
    found.push(messages.missing(at('server', 'redis', 'password_nonce'), "no 'password_nonce' defined"));
  }
  if (own.pool_size <= 0) {
    found.push(messages.wrongValue(at('server', 'redis', 'pool_size'), 'must be above 0'));
  }
  if (own.sentinels.addresses.length > 0 && own.sentinels.master === '') {
    const text = 'without a master name the sentinels are not used';
    found.push(messages.questionable(at('server', 'redis', 'sentinels', 'master'), text));
  }
  const reason = own.tls.enabled && own.tls.ca !== '' ? unreadable(own.tls.ca) : undefined;
  if (reason !== undefined) {
    const text = `authority file ${own.tls.ca} is not readable: ${reason}`;
    found.push(messages.wrongValue(at('server', 'redis', 'tls', 'ca'), text));
  }
  return found;
};

const secrets: Check = ({ server }, at) => {
  const found: Diagnostic[] = [];
  const { basic_auth: basic, frontend } = server;
  if (basic.enabled && (basic.username === '' || basic.password.isEmpty)) {
    const text = 'username and password must not be empty when basic_auth is enabled';
    found.push(messages.missing(at('server', 'basic_auth'), text));
  }
  if (!frontend.enabled) return found;
  const lengths = [
    ['csrf_secret', [32], 'csrf secret must exactly be 32 bytes long'],
    ['cookie_store_auth_key', [32], 'cookie store auth key must exactly be 32 bytes'],
    ['cookie_store_encryption_key', [16, 24, 32], 'cookie store encryption key must exactly be 16, 24 or 32 bytes'],
  ] as const;
  for (const [key, allowed, text] of lengths) {
    const length = Buffer.byteLength(frontend[key].reveal());
    if (!allowed.some((each) => each === length)) {
      found.push(messages.wrongValue(at('server', 'frontend', key), text));
    }
  }
  return found;
};

const listener: Check = ({ server }, at) => {
  if (server.address !== '')
    return isExposed(server) ? [messages.questionable(at('server', 'address'), ...EXPOSED)] : [];
  if (server.unix_socket.path !== '') return [];
  return [messages.wrongValue(at('server', 'address'), 'neither an address nor a Unix socket to listen on')];
};

const EXPOSED = [
  'whoever reaches this address may ask for users and name any client in Client-IP',
  'list your mail servers in server.trusted_clients, or set server.basic_auth',
] as const;

/** Can other machines use the API without being on a list or having credentials? */
function isExposed({ address, basic_auth: basic, trusted_clients: clients }: Config['server']): boolean {
  const host = parseHostPort(address)?.host ?? 'localhost';
  const isLoopback = host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
  return !isLoopback && !basic.enabled && clients.length === 0;
}

/** A list of clients says little while anybody can claim to be one of them. */
const balancers: Check = ({ server }, at) => {
  const { haproxy_v2: isOn, haproxy_networks: networks, trusted_clients: clients } = server;
  if (networks.length > 0 && !isOn) {
    const text = 'no effect: server.haproxy_v2 is not on';
    return [messages.questionable(at('server', 'haproxy_networks'), text)];
  }
  if (!isOn || networks.length > 0 || clients.length === 0) return [];
  const text = 'whoever sends a PROXY header can claim to be one of these: set server.haproxy_networks';
  return [messages.questionable(at('server', 'trusted_clients'), text)];
};

const workers: Check = ({ server }, at) => {
  if (server.workers === 1 || redisMode(server.redis) !== 'embedded') return [];
  const text = `${server.workers} workers need a Redis server: the embedded store is not shared between processes`;
  return [messages.wrongValue(at('server', 'workers'), text)];
};

const tlsFiles: Check = ({ server }, at) => {
  if (!server.tls.enabled) return [];
  return (['cert', 'key'] as const).flatMap((key) => {
    const file = server.tls[key];
    const reason = unreadable(file);
    const text = `TLS certificate or key file ${file} is not readable: ${reason}`;
    return reason === undefined ? [] : [messages.wrongValue(at('server', 'tls', key), text)];
  });
};

function unreadable(file: string): string | undefined {
  if (file === '') return 'no file given';
  try {
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const bruteForce: Check = ({ server, brute_force }, at) => {
  const found: Diagnostic[] = [];
  const names = new Set<string>();
  brute_force.buckets.forEach(({ name }, index) => {
    if (names.has(name)) {
      const path = at('brute_force', 'buckets', index, 'name');
      found.push(messages.wrongValue(path, `there is another rule named '${name}'`));
    }
    names.add(name);
  });
  if (brute_force.buckets.length > 0 && !server.features.includes('brute_force')) {
    const text = 'rules have no effect: server.features does not name brute_force';
    found.push(messages.questionable(at('brute_force', 'buckets'), text));
  }
  return found;
};

const blockLists: Check = ({ server, realtime_blackhole_lists: lists }, at) => {
  const found: Diagnostic[] = [];
  lists.lists.forEach(({ weight, return_code, ipv4, ipv6 }, index) => {
    if (return_code.length === 0 || !(ipv4 || ipv6)) {
      const what = return_code.length === 0 ? 'a return_code' : 'ipv4 or ipv6';
      const path = at('realtime_blackhole_lists', 'lists', index);
      found.push(messages.questionable(path, `without ${what} the list lists nobody`));
    }
    if (Math.abs(weight) <= 255) return;
    const path = at('realtime_blackhole_lists', 'lists', index, 'weight');
    found.push(messages.questionable(path, `weight ${weight} is outside of -255 to 255`));
  });
  if (server.features.includes('rbl') && lists.lists.length > 0 && lists.threshold <= 0) {
    const path = at('realtime_blackhole_lists', 'threshold');
    found.push(messages.questionable(path, 'without a threshold above 0 the lists reject nobody'));
  }
  return found;
};

const hooks: Check = ({ server, lua }, at) => {
  const found: Diagnostic[] = [];
  const routes = new Set<string>();
  lua.hooks.forEach((hook, index) => {
    const path = (key: string) => at('lua', 'hooks', index, key);
    const route = `${hook.http_method} ${hook.http_location}`;
    if (routes.has(route)) found.push(messages.wrongValue(path('http_location'), `there is another hook for ${route}`));
    routes.add(route);
    const hasToken = !hook.bearer_token.isEmpty;
    const wantsJwt = hook.roles.length + hook.scopes.length > 0;
    if (hook.public && (hasToken || wantsJwt)) {
      found.push(messages.wrongValue(path('public'), 'a hook that asks for a token cannot be public'));
    }
    if (wantsJwt && hasToken) {
      found.push(messages.wrongValue(path('bearer_token'), 'a hook with roles or scopes has no token of its own'));
    }
    if (wantsJwt && server.jwt_auth.secret_key.isEmpty && server.jwt_auth.public_key === '') {
      const text = 'a hook asks for roles or scopes, so tokens need a secret_key or a public_key';
      found.push(messages.missing(at('server', 'jwt_auth'), text));
    }
    if (hook.public || hasToken || wantsJwt || hook.networks.length > 0 || server.basic_auth.enabled) return;
    const text =
      'everybody could call this hook: set bearer_token, roles, networks, server.basic_auth, or public: true';
    found.push(messages.missing(path('bearer_token'), text));
  });
  return found;
};

/** RFC 7518 section 3.2: a key of at least the size of the shortest hash. */
const SHORTEST_KEY = 32;

const jwtKeys: Check = ({ server }, at) => {
  const { secret_key: secret, public_key: file } = server.jwt_auth;
  const found: Diagnostic[] = [];
  if (!secret.isEmpty && Buffer.byteLength(secret.reveal()) < SHORTEST_KEY) {
    const text = `must have at least ${SHORTEST_KEY} bytes`;
    found.push(messages.wrongValue(at('server', 'jwt_auth', 'secret_key'), text));
  }
  const reason = file === '' ? undefined : unreadable(file);
  if (reason !== undefined) {
    const text = `key file ${file} is not readable: ${reason}`;
    found.push(messages.wrongValue(at('server', 'jwt_auth', 'public_key'), text));
  }
  return found;
};

const CHECKS: readonly Check[] = [
  listener,
  balancers,
  workers,
  backends,
  hooks,
  jwtKeys,
  blockLists,
  bruteForce,
  secrets,
  ldapSections,
  tlsFiles,
  redis,
];

/** Settings of parts that this server does not have, when the file sets them. */
function ignoredSections(
  { server }: Config,
  at: (...path: Path) => Subject,
  isSet: (...path: Path) => boolean,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const ignore = (applies: boolean, why: string, ...path: Path) => {
    if (applies) found.push(messages.ignored(at(...path), why));
  };
  ignore(isSet('oauth2'), 'OAuth2 is not part of this server', 'oauth2');
  ignore(isSet('server', 'ory_hydra_admin_url'), 'OAuth2 is not part of this server', 'server', 'ory_hydra_admin_url');
  ignore(server.frontend.enabled, 'login pages are not part of this server', 'server', 'frontend');
  ignore(server.http3, 'QUIC is not served, clients use HTTP/2 or HTTP/1.1', 'server', 'http3');
  ignore(isSet('server', 'insights'), 'profilers of the Go runtime; use node --inspect', 'server', 'insights');
  return found;
}

let processNonce: Secret | undefined;

/** One random nonce per process: a reload must not make the histories of the embedded store worthless. */
function completeNonce(config: Config): Config {
  const { redis: own } = config.server;
  if (redisMode(own) !== 'embedded' || !own.password_nonce.isEmpty) return config;
  processNonce ??= new Secret(randomBytes(24).toString('base64url'));
  return { ...config, server: { ...config.server, redis: { ...own, password_nonce: processNonce } } };
}
