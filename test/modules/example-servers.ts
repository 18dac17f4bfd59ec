/** What the examples of some modules talk to. Their programs find it in environment variables. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { startAws } from '../servers/aws.ts';
import { makeCertificate, opensslMissing } from '../servers/certificate.ts';
import { startChef } from '../servers/chef.ts';
import { dnsmasqMissing, startDnsmasq } from '../servers/dnsmasq.ts';
import { dovecotMissing, startDovecot } from '../servers/dovecot.ts';
import { freePort, redisMissing, startRedis } from '../servers/redis.ts';
import { ADMIN, slapdMissing, startSlapd } from '../servers/slapd.ts';
import { startTelegram } from '../servers/telegram.ts';
import { startZabbix } from '../servers/zabbix.ts';

export interface ExampleWorld {
  /** YAML, where the defaults are not enough. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  stop(): Promise<void> | void;
}

export interface ExampleServer {
  /** Why the example cannot run on this machine. */
  readonly missing?: false | string;
  start(): Promise<ExampleWorld>;
}

async function listening(server: Server): Promise<{ readonly address: string; stop(): void }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: `127.0.0.1:${port}`, stop: () => void server.close() };
}

/** A folder of its own, in the variable FOLDER. */
async function folder(): Promise<ExampleWorld> {
  const path = mkdtempSync(join(tmpdir(), 'nauthilus-example-'));
  return { env: { FOLDER: path }, stop: () => rmSync(path, { recursive: true }) };
}

async function dovecot(): Promise<ExampleWorld> {
  const server = await startDovecot();
  return { env: { LMTP_PORT: String(server.lmtpPort) }, stop: server.close };
}

async function slapd(): Promise<ExampleWorld> {
  const server = await startSlapd();
  const config = `
server: { backends: [ldap, lua] }
ldap: { config: { server_uri: "${server.uri}", bind_dn: "${ADMIN.dn}", bind_pw: ${ADMIN.password}, pool_only: true } }
lua: { config: { backend_script_path: backend.lua } }
`;
  return { config, stop: server.close };
}

async function dnsmasq(): Promise<ExampleWorld> {
  const server = await startDnsmasq();
  const config = `server: { backends: [cache], dns: { resolver: "${server.address}" } }`;
  return { config, stop: () => server.stop() };
}

async function redis(): Promise<ExampleWorld> {
  const server = await startRedis();
  const config = `server: { backends: [cache], redis: { master: { address: "${server.address}" }, pool_size: 1, password_nonce: 0123456789abcdef } }`;
  return { config, stop: server.close };
}

/** Answers with what it was sent. */
async function http(): Promise<ExampleWorld> {
  const server = createHttpServer((request, response) => {
    response.setHeader('Content-Type', 'text/plain');
    response.write(`${request.method} ${request.url} `);
    request.pipe(response);
  });
  const { address, stop } = await listening(server);
  return { env: { HTTP_URL: `http://${address}` }, stop };
}

/** Calls a server that will be there in a moment, until it answers. */
async function httpCaller(): Promise<ExampleWorld> {
  const port = await freePort();
  let isOver = false;
  const call = async (): Promise<void> => {
    while (!isOver) {
      try {
        await fetch(`http://127.0.0.1:${port}/hello`, { method: 'POST', body: 'mia' });
        return;
      } catch {
        await setTimeout(20);
      }
    }
  };
  const called = call();
  const stop = async (): Promise<void> => {
    isOver = true;
    await called;
  };
  return { env: { HTTP_PORT: String(port) }, stop };
}

/** Greets like an SMTP server and hangs up. */
async function tcp(): Promise<ExampleWorld> {
  const { address, stop } = await listening(createTcpServer((socket) => socket.end('220 mx.example.test ESMTP\r\n')));
  return { env: { TCP_ADDRESS: address }, stop };
}

async function tls(): Promise<ExampleWorld> {
  const path = mkdtempSync(join(tmpdir(), 'nauthilus-example-'));
  const { certFile, keyFile } = makeCertificate(path);
  const server = createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
  rmSync(path, { recursive: true });
  const { address, stop } = await listening(server);
  return { env: { TLS_ADDRESS: address }, stop };
}

const GEOIP_FOLDER = fileURLToPath(new URL('geoip/', import.meta.url));

async function geoip(): Promise<ExampleWorld> {
  const config = `server: { backends: [cache], geoip: { databases: [${GEOIP_FOLDER}city.mmdb, ${GEOIP_FOLDER}asn.mmdb] } }`;
  return { config, stop: () => {} };
}

async function telegram(): Promise<ExampleWorld> {
  const server = await startTelegram();
  return { env: { TELEGRAM_URL: server.url, TELEGRAM_TOKEN: server.token }, stop: server.stop };
}

async function zabbix(): Promise<ExampleWorld> {
  const server = await startZabbix();
  const env = { ZABBIX_URL: server.url, ZABBIX_USER: server.user, ZABBIX_PASSWORD: server.password };
  return { env, stop: server.stop };
}

async function chef(): Promise<ExampleWorld> {
  const server = await startChef();
  const path = mkdtempSync(join(tmpdir(), 'nauthilus-example-'));
  const keyFile = join(path, 'key.pem');
  writeFileSync(keyFile, server.key);
  return {
    env: { CHEF_URL: `${server.url}/organizations/mail/`, CHEF_CLIENT: server.client, CHEF_KEY_FILE: keyFile },
    stop: () => {
      server.stop();
      rmSync(path, { recursive: true });
    },
  };
}

async function aws(): Promise<ExampleWorld> {
  const server = await startAws();
  const place = await folder();
  const keys = { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey };
  return {
    env: { ...place.env, ...keys, AWS_URL: server.url },
    stop: () => {
      server.stop();
      return place.stop();
    },
  };
}

/** By the name of the module's source file; modules that are not listed need nobody. */
export const EXAMPLE_SERVERS: Readonly<Record<string, ExampleServer>> = {
  nauthilus_backend: { start: tcp },
  nauthilus_dns: { missing: dnsmasqMissing, start: dnsmasq },
  nauthilus_geoip: { start: geoip },
  nauthilus_gll_cert_util: { missing: opensslMissing, start: tls },
  nauthilus_gll_chef: { start: chef },
  nauthilus_gll_cloudwatch: { start: aws },
  nauthilus_gll_goos: { start: folder },
  nauthilus_gll_http: { start: http },
  nauthilus_gll_http_client: { start: http },
  nauthilus_gll_http_server: { start: httpCaller },
  nauthilus_gll_ioutil: { start: folder },
  nauthilus_gll_storage: { start: folder },
  nauthilus_gll_tac: { start: folder },
  nauthilus_gll_tcp: { start: tcp },
  nauthilus_gll_telegram: { start: telegram },
  nauthilus_gll_zabbix: { start: zabbix },
  nauthilus_gluahttp: { start: http },
  nauthilus_ldap: { missing: slapdMissing || opensslMissing, start: slapd },
  nauthilus_mail: { missing: dovecotMissing || opensslMissing, start: dovecot },
  nauthilus_redis: { missing: redisMissing, start: redis },
};
