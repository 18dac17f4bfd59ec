/** The feature rbl with a real name server. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { configText, loginHeaders, startServer, type TestServer } from '../login-server.ts';
import { dnsmasqMissing, startDnsmasq } from '../servers/dnsmasq.ts';

const BACKEND = `
  function nauthilus_backend_verify_password(request)
    local result = nauthilus_backend_result.new()
    result:user_found(true)
    result:account_field("account")
    result:attributes({ account = request.username, host = request.client_hostname })
    result:authenticated(request.password == "good")
    return nauthilus_builtin.BACKEND_RESULT_OK, result
  end`;

const ACTION = `
  function nauthilus_call_action(request)
    nauthilus_builtin.custom_log_add("action", request.feature .. " " .. request.client_ip)
    return nauthilus_builtin.ACTION_RESULT_OK
  end`;

const LISTS = `
    - { name: bad, rbl: bad.test, ipv4: true, ipv6: true, return_code: [127.0.0.2, 127.0.0.4], weight: 10 }
    - { name: half, rbl: half.test, ipv4: true, return_code: 127.0.0.3, weight: 6 }
    - { name: welcome, rbl: welcome.test, ipv4: true, return_code: 127.0.0.9, weight: -10 }`;

const RECORDS = [
  '--host-record=2.2.0.192.bad.test,127.0.0.2',
  '--host-record=3.2.0.192.bad.test,127.0.0.4',
  '--host-record=4.2.0.192.bad.test,127.0.0.99',
  '--host-record=5.2.0.192.half.test,127.0.0.3',
  '--host-record=6.2.0.192.bad.test,127.0.0.2',
  '--host-record=6.2.0.192.welcome.test,127.0.0.9',
  '--host-record=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bad.test,127.0.0.2',
  '--ptr-record=7.2.0.192.in-addr.arpa,pc7.example.test',
  '--local-ttl=60',
];

function config(resolver: string, lists: string, more = ''): string {
  const server = `
backends: [lua]
features: [rbl]
dns: { resolver: "${resolver}", timeout: 1, resolve_client_ip: true }
prometheus_timer: { enabled: true, labels: [feature, dns] }`;
  const section = `
realtime_blackhole_lists:
  threshold: 10
  ip_whitelist: [ 203.0.113.0/24 ]
  soft_whitelist: { mia: [ 192.0.2.0/24 ] }
  lists:${lists}
lua:
  actions: [ { type: rbl, name: note, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
${more}`;
  return configText(server, section);
}

const SOURCES = { 'backend.lua': BACKEND, 'action.lua': ACTION };

function login(server: TestServer, ip: string, user = 'ben') {
  const headers = loginHeaders(user, 'good', { 'Client-IP': ip });
  return server.request({ url: '/api/v1/auth/header?in-memory=0', headers });
}

/** The final line of the last login. */
function finalLine(server: TestServer) {
  return server.lines().findLast((line) => line.authenticated !== undefined) ?? {};
}

describe('block lists', { skip: dnsmasqMissing }, async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const dns = await startDnsmasq([...RECORDS, `--server=/slow.example/127.0.0.1#${silent.address().port}`]);
  const server = await startServer(config(dns.address, LISTS), SOURCES);
  after(async () => {
    silent.close();
    await dns.stop();
  });

  test('a listed client is rejected, with any of the codes of a list', async () => {
    for (const ip of ['192.0.2.2', '192.0.2.3', '2001:db8::1']) {
      assert.equal((await login(server, ip)).status, 403, ip);
      const line = finalLine(server);
      assert.deepEqual([line.feature, line.rblbad], ['rbl', '10']);
      const explained = server.lines().findLast(({ msg }) => msg === 'Explanation')?.explanation ?? '';
      assert.match(explained, /\{"list":"bad","result":"listed","weight":10\}/);
      assert.ok(
        server.lines().some(({ action }) => action === `rbl ${ip}`),
        'the action of the feature has run',
      );
    }
  });

  test('other codes, other lists and too little weight let a client pass', async () => {
    for (const ip of ['192.0.2.1', '192.0.2.4', '192.0.2.5', '2001:db8::2', 'no address']) {
      assert.equal((await login(server, ip)).status, 200, ip);
    }
  });

  test('a list with a negative weight vouches for the client', async () => {
    assert.equal((await login(server, '192.0.2.6')).status, 200);
    const line = finalLine(server);
    assert.deepEqual([line.rblbad, line.rblwelcome], ['10', '-10']);
  });

  test('whitelisted networks are not asked about, soft ones only for their user', async () => {
    assert.equal((await login(server, '203.0.113.2')).status, 200);
    assert.equal(finalLine(server).rbl, 'Client is whitelisted');
    assert.equal((await login(server, '192.0.2.2', 'mia')).status, 200);
    assert.equal((await login(server, '192.0.2.2', 'leo')).status, 403);
  });

  test('listings and times are on the metrics page', async () => {
    await login(server, '192.0.2.2');
    const { body } = await server.request({ method: 'GET', url: '/metrics' });
    assert.match(body, /rbl_rejected_total\{rbl="bad"\} [1-9]/);
    assert.match(body, /rbl_duration_seconds_count\{rbl="half"\} [1-9]/);
    assert.match(body, /function_duration_seconds_count\{service="dns",task="rbl"\} [1-9]/);
    assert.match(body, /function_duration_seconds_count\{service="dns",task="ptr"\} [1-9]/);
  });

  test('the name of a client comes from DNS, where it has one', async () => {
    const named = await login(server, '192.0.2.7');
    assert.equal(named.headers['x-nauthilus-host'], 'pc7.example.test');
    const claimed = { ...loginHeaders('ben', 'good', { 'Client-IP': '192.0.2.8' }), 'Client-Host': 'says.test' };
    const unnamed = await server.request({ url: '/api/v1/auth/header?in-memory=0', headers: claimed });
    assert.equal(unnamed.headers['x-nauthilus-host'], 'says.test');
  });

  test('a list that gives no answer is a temporary failure, unless it may fail', async () => {
    const strict = '\n    - { name: strict, rbl: zone.example, ipv4: true, return_code: 127.0.0.2, weight: 10 }';
    const faulty = await startServer(config(dns.address, strict), SOURCES);
    const answer = await login(faulty, '192.0.2.1');
    assert.equal(answer.status, 500);
    const line = faulty.lines().find(({ rbl }) => rbl === 'strict');
    assert.equal(line?.msg, 'resolver failed: lookup 1.2.0.192.zone.example: server misbehaving');
    const lenient = await startServer(
      config(dns.address, strict.replace('weight', 'allow_failure: true, weight')),
      SOURCES,
    );
    assert.equal((await login(lenient, '192.0.2.1')).status, 200);
  });

  test('lists are asked at the same time, and a silent one costs its timeout once', async () => {
    const slow = ['a', 'b', 'c'].map(
      (name) =>
        `\n    - { name: ${name}, rbl: ${name}.slow.example, ipv4: true, return_code: 127.0.0.2, weight: 10, allow_failure: true }`,
    );
    const waiting = await startServer(config(dns.address, slow.join('')), SOURCES);
    const start = performance.now();
    assert.equal((await login(waiting, '192.0.2.2')).status, 200);
    const took = performance.now() - start;
    assert.ok(took > 900 && took < 2900, `${Math.round(took)} ms`);
  });

  test('an answer is kept as long as its records live', async () => {
    const mortal = await startDnsmasq(RECORDS);
    const remembering = await startServer(config(mortal.address, LISTS), SOURCES);
    try {
      assert.equal((await login(remembering, '192.0.2.2')).status, 403);
    } finally {
      await mortal.stop();
    }
    assert.equal((await login(remembering, '192.0.2.2')).status, 403);
    assert.equal((await login(remembering, '192.0.2.3')).status, 500);
  });
});
