/**
 * Canaries: the password of the user and those by which the server logs in elsewhere. Whatever goes wrong with Redis, LDAP, mail,
 * databases and HTTP, and at whatever log level, none of them is in a line, metric, explanation or answer.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { configText, loginHeaders, startServer } from './login-server.ts';
import { opensslMissing } from './servers/certificate.ts';
import { freePort, redisMissing, startRedis } from './servers/redis.ts';
import { SUFFIX, slapdMissing, startSlapd } from './servers/slapd.ts';

const USER = 'canary-user-password';
/** Its bytes are not the text that a log shows. */
const FOREIGN = 'canary-pässword-ключ';
const CANARY = /canary/i;

const SECRETS = {
  redis: 'canary-redis',
  bind: 'canary-bind',
  mail: 'canary-mail',
  sql: 'canary-sql',
  url: 'canary-url',
  token: 'canary-token',
  api: 'canary-api',
};

/** Asks everything that is not there, with secrets; what comes back goes where scripts can put text. */
const script = (entry: string, dead: number) => `
  for _, name in ipairs({ "redis", "ldap", "mail", "gluahttp", "gll_http", "gll_db", "password" }) do
    dynamic_loader("nauthilus_" .. name)
  end
  local redis, ldap, mail = require("nauthilus_redis"), require("nauthilus_ldap"), require("nauthilus_mail")
  local glua_http, http, db = require("glua_http"), require("http"), require("db")
  redis.register_redis_pool("dead", "standalone", { address = "127.0.0.1:${dead}", password = "${SECRETS.redis}" })
  local function try(errors, name, ...)
    local ok, value, err = pcall(...)
    errors[#errors + 1] = name .. ": " .. tostring(ok and err or value)
  end
  function ${entry}(request)
    local errors = {}
    local pool = redis.get_redis_connection("dead")
    try(errors, "redis", redis.redis_set, pool, "key", request.password)
    try(errors, "redis2", redis.redis_run_script, "default", "return redis.call('nosuchcommand', ARGV[1])", "", {}, { request.password })
    try(errors, "ldap", ldap.ldap_search, { session = request.session, basedn = "${SUFFIX}", filter = "(uid=x)", scope = "sub", attributes = { "uid" } })
    try(errors, "mail", mail.send_mail, { server = "127.0.0.1", port = ${dead}, helo_name = "h", from = "a@b.test", to = { "c@d.test" },
      subject = "s", body = request.password, username = "u", password = "${SECRETS.mail}" })
    try(errors, "http", glua_http.post, "http://u:${SECRETS.url}@127.0.0.1:${dead}/", { body = request.password,
      headers = { Authorization = "Bearer ${SECRETS.token}" } })
    try(errors, "http2", glua_http.get, "http://u:${SECRETS.url}@127.0.0.1:port/")
    local client = http.client({ debug = true, basic_auth_user = "u", basic_auth_password = "${SECRETS.url}" })
    try(errors, "gll", function() return client:do_request(assert(http.request("POST", "http://u:${SECRETS.url}@127.0.0.1:${dead}/", request.password))) end)
    for driver, source in pairs({ mysql = "u:${SECRETS.sql}@tcp(127.0.0.1:${dead})/x", postgres = "postgres://u:${SECRETS.sql}@127.0.0.1:${dead}/x" }) do
      try(errors, driver, function()
        local opened, err = db.open(driver, source)
        if not opened then return nil, err end
        return opened:query("select 1")
      end)
    end
    for _, each in ipairs(errors) do nauthilus_builtin.custom_log_add("seen", each) end
    if request.username == "raises" then error(table.concat(errors, "; ") .. request.password) end
    if request.username == "crashes" then local t = nil; t[request.password] = 1 end
    return ENDS
  end`;

const BACKEND = `
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = request.username, userPassword = request.password, totp = "canary-totp" })
  result:totp_secret_field("totp")
  result:authenticated(true)
  return 0, result`;

const CONFIG = (redis: number, ldap: string) =>
  configText(
    `backends: [cache, ldap, lua]
features: [lua, brute_force]
brute_force_protocols: [imap]
basic_auth: { enabled: true, username: api, password: ${SECRETS.api}-password }`,
    `
brute_force:
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 1000 } ]
ldap:
  config: { server_uri: ["${ldap}"], bind_dn: "cn=admin,${SUFFIX}", bind_pw: ${SECRETS.bind} }
  search:
    - { protocol: pop3, base_dn: "${SUFFIX}", filter: { user: "(uid=%{user})" }, mapping: { account_field: uid }, attribute: [uid] }
lua:
  features: [ { name: first, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions: [ { type: post, name: after, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
`,
  ).replace(
    'password_nonce: test',
    `password_nonce: canary-nonce, master: { address: "127.0.0.1:${redis}", password: ${SECRETS.redis} }`,
  );

describe('no canary', { skip: redisMissing || slapdMissing || opensslMissing }, async () => {
  const dead = await freePort();
  const sources = {
    'feature.lua': script('nauthilus_call_feature', dead).replace('return ENDS', 'return 0, 0, 0'),
    'backend.lua': script('nauthilus_backend_verify_password', dead).replace('return ENDS', BACKEND),
    'filter.lua': script('nauthilus_call_filter', dead).replace('return ENDS', 'return 0, 0'),
    'action.lua': script('nauthilus_call_action', dead).replaceAll(/return ENDS/g, 'error(request.password)'),
  };
  const redis = await startRedis('--requirepass', SECRETS.redis);
  const slapd = await startSlapd();
  after(async () => {
    await Promise.all([redis.close(), slapd.close()]);
  });

  for (const level of ['error', 'info', 'debug']) {
    for (const json of [false, true]) {
      test(`at level ${level}, ${json ? 'JSON' : 'logfmt'}`, async () => {
        const text = CONFIG(redis.port, slapd.uri).replace('level: debug', `json: ${json}, level: ${level}`);
        const server = await startServer(text, sources);
        const answers: string[] = [];
        for (const [user, password, protocol] of [
          ['mia', USER, 'imap'],
          ['raises', USER, 'imap'],
          ['crashes', USER, 'imap'],
          ['raises', FOREIGN, 'imap'],
          ['mia', FOREIGN, 'pop3'],
        ] as const) {
          const answer = await server.request({
            url: '/api/v1/auth/header?in-memory=0',
            headers: loginHeaders(user, Buffer.from(password).toString('base64url'), {
              'X-Auth-Password-Encoded': '1',
              'Auth-Protocol': protocol,
              'X-Nauthilus-Explain': '1',
              Authorization: `Basic ${Buffer.from(`api:${SECRETS.api}-password`).toString('base64')}`,
            }),
          });
          const { 'x-nauthilus-userpassword': _ownAttribute, ...headers } = answer.headers;
          answers.push(JSON.stringify({ ...answer, headers }));
        }
        await server.settled();
        const output = server.output();
        assert.match(output, /refused|invalid credentials/i, 'what went wrong is in the log');
        if (level !== 'error') assert.match(output, /Explanation/);
        for (const part of [output, await server.services.metrics.text(), ...answers]) {
          assert.ok(!CANARY.test(part), part.match(/.{0,200}canary.{0,60}/i)?.[0]);
        }
      });
    }
  }
});
