/** Reading a configuration: leniency, defaults, environment, where the file is searched, and what derives from it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { parse } from 'yaml';
import {
  type Config,
  headerNames,
  loadConfig,
  parseConfig,
  redactConfig,
  redisMode,
  Secret,
  scriptCandidates,
  scriptSet,
} from '../../runtime/config/index.ts';

const MINIMAL = 'server: { backends: [lua] }\nlua: { config: { backend_script_path: b.lua } }\n';

function read(text: string, env: Record<string, string> = {}): Config {
  const { config, diagnostics } = parseConfig({ text, file: 'nauthilus.yml', env });
  return config ?? assert.fail(diagnostics.map(({ message }) => message).join('\n'));
}

/** The messages of a configuration; `[]` when it is accepted without any but the notice of the embedded store. */
function complain(text: string, env: Record<string, string> = {}): string[] {
  const { diagnostics } = parseConfig({ text, file: 'nauthilus.yml', env });
  return diagnostics.filter(({ code }) => code !== 'config-embedded-store').map(({ message }) => message);
}

describe('values', () => {
  it('are read leniently: numbers and truth as text, one value or text with commas for a list', () => {
    const config = read(`
server:
  backends: "cache, lua"
  features: lua
  max_concurrent_requests: "10"
  haproxy_v2: "T"
  log: { json: 1, color: "0", level: info, debug_modules: " lua , rbl " }
  instance_name: 0123
  redis: { pool_size: 1, password_nonce: 007, master: { address: "h:1" } }
cleartext_networks: 192.0.2.1
lua: { config: { backend_script_path: b.lua }, search: { protocol: imap, cache_name: c } }
`);
    const { server } = config;
    assert.deepEqual(server.backends, ['cache', 'lua']);
    assert.deepEqual(server.features, ['lua']);
    assert.equal(server.max_concurrent_requests, 10);
    assert.equal(server.haproxy_v2, true);
    assert.deepEqual([server.log.json, server.log.color, server.log.debug_modules], [true, false, ['lua', 'rbl']]);
    assert.equal(server.instance_name, '0123');
    assert.equal(server.redis.password_nonce.reveal(), '007');
    assert.deepEqual(config.cleartext_networks, ['192.0.2.1']);
    assert.deepEqual(config.lua.search, [{ protocol: ['imap'], cache_name: 'c' }]);
  });

  it('are found whatever the case of their keys', () => {
    assert.equal(
      read('SERVER: { Backends: [LUA_], InStance_Name: x }'.replace('LUA_', 'cache')).server.instance_name,
      'x',
    );
  });

  it('that are absent or empty get their defaults', () => {
    const { server, environment, ...others } = read(`${MINIMAL}brute_force:\n`);
    assert.equal(server.address, '127.0.0.1:9080');
    assert.equal(server.max_concurrent_requests, 3000);
    assert.equal(server.log.level, 'none');
    assert.equal(server.redis.positive_cache_ttl, 3600);
    assert.equal(server.dns.timeout, 5000);
    assert.equal(server.master_user.delimiter, '*');
    assert.equal(environment.lua_script_timeout, 120);
    assert.deepEqual(environment.trusted_proxies, ['127.0.0.1', '::1']);
    assert.deepEqual(others.brute_force, {
      ip_whitelist: [],
      soft_whitelist: {},
      buckets: [],
      learning: [],
      expose_history: false,
      when_redis_fails: 'tempfail',
    });
    assert.equal(server.workers, 1);
    assert.equal(others.ldap, undefined);
  });

  it('of workers are a number, or as many as there are cores', () => {
    const redis = 'redis: { pool_size: 1, password_nonce: x, master: { address: "127.0.0.1:1" } }';
    const workers = (value: string) =>
      read(`server: { backends: [cache], workers: ${value}, ${redis} }`).server.workers;
    assert.deepEqual(['3', '"4"', 'auto'].map(workers), [3, 4, availableParallelism()]);
  });

  it('outside of sensible bounds are corrected as the reference does', () => {
    const { server } = read(
      'server: { backends: [cache], max_concurrent_requests: -1, dns: { timeout: 99 }, redis: { idle_pool_size: -3, positive_cache_ttl: 0 } }',
    );
    assert.equal(server.max_concurrent_requests, 3000);
    assert.equal(server.dns.timeout, 30_000);
    assert.equal(server.redis.idle_pool_size, 0);
    assert.equal(server.redis.positive_cache_ttl, 3600);
  });

  it('of durations have the unit of their key, or their own', () => {
    const timeout = (value: string) =>
      read(`server: { backends: [cache], dns: { timeout: ${value} } }`).server.dns.timeout;
    assert.deepEqual(['7', '"7"', '1500ms', '0.5s', '1m'].map(timeout), [7000, 7000, 1500, 1000, 30_000]);
    const idle = (value: string) =>
      read(`server: { backends: [cache], http_client: { idle_connection_timeout: ${value} } }`).server.http_client
        .idle_connection_timeout;
    assert.deepEqual(['90s', '1m30s', '5000000'].map(idle), [90_000, 90_000, 5]);
  });

  it('may be shared with anchors and merge keys', () => {
    const config = read(`
server: { backends: [cache] }
brute_force:
  buckets:
    - &a { name: one, period: 60, cidr: 32, ipv4: true, failed_requests: 3 }
    - { <<: *a, name: two }
`);
    assert.deepEqual(
      config.brute_force.buckets.map(({ name, period }) => [name, period]),
      [
        ['one', 60],
        ['two', 60],
      ],
    );
  });

  it('of an anchor that contains itself are an error, not an endless loop', () => {
    assert.deepEqual(complain('server: &s { backends: [cache], log: *s }').length > 0, true);
  });
});

describe('the environment', () => {
  it('overrides scalars and lists of the file, and sets what the file does not mention', () => {
    const config = read(MINIMAL, {
      NAUTHILUS_SERVER_ADDRESS: '0.0.0.0:80',
      NAUTHILUS_SERVER_LOG_LEVEL: 'debug',
      NAUTHILUS_SERVER_LOG_JSON: 'true',
      NAUTHILUS_SERVER_BACKENDS: 'cache,lua',
      NAUTHILUS_SERVER_REDIS_MASTER_ADDRESS: 'redis:6379',
      NAUTHILUS_SERVER_REDIS_PASSWORD_NONCE: 'n',
      NAUTHILUS_SERVER_REDIS_POOL_SIZE: '5',
      NAUTHILUS_LUA_CONFIG_PACKAGE_PATH: '/x/?.lua',
      NAUTHILUS_CLEARTEXT_NETWORKS: '10.0.0.0/8, ::1',
    });
    assert.equal(config.server.address, '0.0.0.0:80');
    assert.deepEqual([config.server.log.level, config.server.log.json], ['debug', true]);
    assert.deepEqual(config.server.backends, ['cache', 'lua']);
    assert.equal(redisMode(config.server.redis), 'standalone');
    assert.equal(config.lua.config.package_path, '/x/?.lua');
    assert.deepEqual(config.cleartext_networks, ['10.0.0.0/8', '::1']);
  });

  it('has settings of its own', () => {
    const { environment } = read(MINIMAL, {
      NAUTHILUS_LUA_SCRIPT_TIMEOUT: '2',
      NAUTHILUS_TRUSTED_PROXIES: '10.0.0.1 192.0.2.0/24',
      NAUTHILUS_NGINX_MAX_LOGIN_ATTEMPTS: '7',
      NAUTHILUS_NGINX_WAIT_DELAY: '0',
      NAUTHILUS_IMAP_BACKEND_PORT: '1143',
    });
    assert.equal(environment.lua_script_timeout, 2);
    assert.deepEqual(environment.trusted_proxies, ['10.0.0.1', '192.0.2.0/24']);
    assert.equal(environment.max_login_attempts, 7);
    assert.equal(environment.nginx_wait_delay, 0);
    assert.equal(environment.imap_backend_port, 1143);
  });

  it('is named in complaints about its values, but the values of secrets are not', () => {
    assert.deepEqual(complain(MINIMAL, { NAUTHILUS_SERVER_LOG_LEVEL: 'loud' }), [
      'server.log.level (from NAUTHILUS_SERVER_LOG_LEVEL): wrong verbose level: <loud>',
    ]);
    const [text = ''] = complain(MINIMAL, { NAUTHILUS_SERVER_ADRESS: 'canary' });
    assert.equal(text, 'environment variable NAUTHILUS_SERVER_ADRESS names no setting, ignored');
  });

  it('counts an empty variable as set', () => {
    assert.equal(
      read(`${MINIMAL}cleartext_networks: [::1]`, { NAUTHILUS_CLEARTEXT_NETWORKS: '' }).cleartext_networks.length,
      0,
    );
    assert.deepEqual(complain(MINIMAL, { NAUTHILUS_SERVER_BACKENDS: '' }), [
      'server.backends (from NAUTHILUS_SERVER_BACKENDS): no database backends configured',
    ]);
  });

  it('is not blamed for variables of parts that are not here, or of others', () => {
    assert.deepEqual(
      complain(MINIMAL, { NAUTHILUS_LANGUAGE_RESOURCES: '/x', NAUTHILUS_LOGIN_PAGE: '/x', PATH: '/bin' }),
      [],
    );
  });
});

describe('the file', () => {
  it('is the one that is named, or the first of the usual places', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nauthilus-config-'));
    try {
      const named = join(folder, 'other.yml');
      writeFileSync(named, MINIMAL);
      assert.equal(loadConfig({ path: named, env: {} }).file, named);
      const home = join(folder, '.nauthilus');
      mkdirSync(home);
      writeFileSync(join(home, 'nauthilus.yaml'), MINIMAL);
      const loaded = loadConfig({ env: { HOME: folder } });
      assert.equal(loaded.file, join(home, 'nauthilus.yaml'));
      assert.ok(loaded.config);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that does not exist is an error that names it', () => {
    const { config, diagnostics } = loadConfig({ path: '/nowhere/nauthilus.yml', env: {} });
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ['cannot read /nowhere/nauthilus.yml: no such file'],
    );
  });

  it('may be empty only to be refused clearly', () => {
    assert.deepEqual(complain(''), ["no 'server:' section found"]);
    assert.match(complain('just text')[0] ?? '', /^must be sections such as server:/);
  });
});

describe('scripts', () => {
  const config = read(`
server: { backends: [lua] }
lua:
  features: [ { name: f1, script_path: f1.lua }, { name: f2, script_path: f2.lua } ]
  filters: [ { name: x, script_path: x.lua } ]
  actions: [ { type: post, name: p, script_path: p.lua } ]
  config: { backend_script_path: b.lua, init_script_path: i.lua, callback_script_path: c.lua, package_path: "l/?.lua" }
`);

  it('come in configured order, with class, name and action', () => {
    const { scripts, packagePath } = scriptSet(config);
    assert.match(packagePath, /(^|;)l\/\?\.lua$/);
    assert.deepEqual(
      scripts.map(({ scriptClass, name, path, action }) => [scriptClass, name, path, action]),
      [
        ['init', 'init', 'i.lua', undefined],
        ['callback', 'callback', 'c.lua', undefined],
        ['feature', 'f1', 'f1.lua', undefined],
        ['feature', 'f2', 'f2.lua', undefined],
        ['backend', 'backend', 'b.lua', undefined],
        ['filter', 'x', 'x.lua', undefined],
        ['action', 'p', 'p.lua', 'post'],
      ],
    );
  });

  it('are searched in the working directory, then beside the configuration', () => {
    assert.deepEqual(scriptCandidates('./a/b.lua', '/etc/n/nauthilus.yml'), ['./a/b.lua', '/etc/n/a/b.lua']);
    assert.deepEqual(scriptCandidates('a.lua', 'nauthilus.yml'), ['a.lua']);
    assert.deepEqual(scriptCandidates('/a.lua', '/etc/n/nauthilus.yml'), ['/a.lua']);
    assert.deepEqual(scriptCandidates('a.lua', undefined), ['a.lua']);
  });
});

describe('request headers', () => {
  it('have both families of TLS headers unless one is configured', () => {
    const { server } = read(
      'server: { backends: [cache], default_http_request_header: { username: X-User, ssl_cipher: "" } }',
    );
    const names = headerNames(server.default_http_request_header);
    assert.deepEqual(names.username, ['X-User']);
    assert.deepEqual(names.password, ['Auth-Pass']);
    assert.deepEqual(names.ssl_cipher, ['Auth-SSL-Cipher', 'X-SSL-Cipher']);
  });
});

describe('Redis', () => {
  const mode = (redis: string) =>
    redisMode(read(`server: { backends: [cache], redis: { pool_size: 1, password_nonce: n, ${redis} } }`).server.redis);

  it('is the first kind that is configured, and the embedded store without any address', () => {
    assert.equal(mode('prefix: x'), 'embedded');
    assert.equal(mode('master: { address: "a:1" }'), 'standalone');
    assert.equal(mode('replica: { address: "a:1" }'), 'standalone');
    assert.equal(mode('sentinels: { master: m, addresses: ["a:1"] }, master: { address: "a:1" }'), 'sentinel');
    assert.equal(mode('cluster: { addresses: "a:1,b:2" }, sentinels: { master: m, addresses: ["a:1"] }'), 'cluster');
  });

  it('needs nonce and pool size with a server, and none without: the nonce is then made once per process', () => {
    const withServer = 'server: { backends: [cache], redis: { master: { address: "a:1" } } }';
    assert.deepEqual(complain(withServer), [
      "server.redis.password_nonce: no 'password_nonce' defined",
      'server.redis.pool_size: must be above 0',
    ]);
    const [one, two] = [read(MINIMAL), read(MINIMAL)].map(({ server }) => server.redis.password_nonce.reveal());
    assert.ok((one?.length ?? 0) >= 32);
    assert.equal(one, two);
  });
});

describe('secrets', () => {
  it('print as stars however they are printed', () => {
    const secret = new Secret('canary');
    const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }), `${secret}x`];
    for (const text of printed) assert.ok(!text.includes('canary') && text.includes('***'), text);
    assert.equal(secret.reveal(), 'canary');
  });

  it('do not appear in the printed configuration, which can be read again', () => {
    const text = `
server:
  backends: [ldap]
  basic_auth: { enabled: true, username: u, password: canary1 }
  dns: { timeout: 7 }
  http_client: { proxy: "http://me:canary2@proxy:3128", idle_connection_timeout: 90s }
  redis: { pool_size: 1, password_nonce: canary3, master: { address: "a:1", password: canary4 }, sentinels: { password: canary5 }, cluster: { password: canary6 } }
ldap:
  config: { server_uri: "ldap://x", bind_pw: canary7 }
  search: { protocol: imap, base_dn: b, filter: { user: "(uid=%s)" }, mapping: { account_field: a }, attribute: a }
`;
    const config = read(text);
    const printed = redactConfig(config);
    assert.ok(!printed.includes('canary'), printed);
    assert.ok(!inspect(config, { depth: null }).replace('canary2', '').includes('canary'));
    assert.equal(parse(printed).server.redis.password_nonce, '***');
    assert.equal(parse(printed).server.dns.timeout, '7s');
    const again = read(printed);
    assert.equal(again.server.dns.timeout, 7000);
    assert.equal(again.server.http_client.idle_connection_timeout, 90_000);
    assert.equal(redactConfig(again), printed);
  });
});

describe('the recorded configurations', () => {
  const folder = join(fileURLToPath(new URL('../golden/http/', import.meta.url)));
  const names: Record<string, string> = { dir: '/tmp/x' };
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    it(`of ${file} are accepted`, () => {
      const { groups } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      for (const { name, config, env = {} } of groups) {
        const text = [config]
          .flat()
          .join('\n')
          .replace(/\{(\w+)\}/g, (_, key: string) => names[key] ?? '1234');
        const loaded = parseConfig({ text, file: `${name}.yml`, env });
        assert.deepEqual(
          loaded.diagnostics.filter(({ severity }) => severity === 'error'),
          [],
          name,
        );
      }
    });
  }
});
