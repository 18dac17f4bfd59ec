/** SQL databases over TLS, and answers and statements without end: real MariaDB and PostgreSQL servers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { makeCertificate } from '../servers/certificate.ts';
import { mariadbMissing, type SqlServer, startMariadb } from '../servers/mariadb.ts';
import { postgresMissing, startPostgres } from '../servers/postgres.ts';
import { outputOf, type ProgramOptions } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
/** Of a stranger: signed by nobody the servers know. */
const folder = mkdtempSync(join(tmpdir(), 'sql-tls-'));
const stranger = makeCertificate(folder).certFile;
before(async () => {
  opened = await services();
});
after(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

const HEAD = 'dynamic_loader("nauthilus_gll_db") local db = require("db")\n';

async function run(program: string, options: ProgramOptions = {}): Promise<string> {
  return outputOf(opened, HEAD + program, options);
}

/** What a statement gives, or why it gives nothing. */
function ask(driver: string, source: string, statement: string): Promise<string> {
  return run(
    `local r, err = db.open("${driver}", "${source}"):query("${statement}") print(r and r.rows[1][2] or r and r.rows[1][1] or err)`,
  );
}

const UNKNOWN = 'tls: failed to verify certificate: x509: certificate signed by unknown authority\n';
const elsewhere = (host: string) => `tls: failed to verify certificate: x509: certificate is not valid for ${host}\n`;

describe('MariaDB over TLS', { skip: mariadbMissing }, () => {
  let server: SqlServer;
  before(async () => {
    server = await startMariadb();
  });
  after(() => server.close());
  // The last slash is that before the database.
  const path = encodeURIComponent;
  const cipher = "show status like 'Ssl_cipher'";
  const at = (host: string, parameters: string) =>
    ask('mysql', `golden:secret@tcp(${host}:${server.port})/golden?${parameters}`, cipher);

  test('is used when asked for, with the certificate verified or not', async () => {
    assert.equal(await at('127.0.0.1', 'tls=false'), '\n');
    assert.match(await at('127.0.0.1', 'tls=skip-verify'), /^TLS_/);
    assert.match(await at('127.0.0.1', 'tls=preferred'), /^TLS_/);
    assert.equal(await at('127.0.0.1', 'tls=true'), UNKNOWN);
    assert.match(await at('127.0.0.1', `tls=true&tlsCa=${path(server.certificate.certFile)}`), /^TLS_/);
    assert.match(await at('localhost', `tls=true&tlsCa=${path(server.certificate.certFile)}`), /^TLS_/);
    assert.equal(await at('127.0.0.1', `tls=true&tlsCa=${path(stranger)}`), UNKNOWN);
    assert.equal(await at('127.0.0.1', 'tls=true&tlsCa=%2Fnone.pem'), 'open /none.pem: no such file or directory\n');
  });

  test('is refused for a name that is not in the certificate', async () => {
    const trusted = `tls=true&tlsCa=${path(server.certificate.certFile)}`;
    assert.equal(await at('127.0.0.2', trusted), elsewhere('127.0.0.2'));
    assert.match(await at('127.0.0.2', 'tls=skip-verify'), /^TLS_/);
  });
});

describe('PostgreSQL over TLS', { skip: postgresMissing }, () => {
  let server: SqlServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());
  const version = "select ssl, coalesce(version, 'off') from pg_stat_ssl where pid = pg_backend_pid()";
  const at = (host: string, parameters: string) =>
    ask(
      'postgres',
      `host=${host} port=${server.port} user=golden password=secret dbname=postgres ${parameters}`,
      version,
    );

  test('is what happens unless it is switched off; the certificate counts from verify-ca on', async () => {
    const own = `sslrootcert=${server.certificate.certFile}`;
    assert.equal(await at('127.0.0.1', 'sslmode=disable'), 'off\n');
    for (const parameters of ['', 'sslmode=require', `sslmode=verify-full ${own}`, `sslmode=verify-ca ${own}`]) {
      assert.match(await at('127.0.0.1', parameters), /^TLSv/, parameters);
    }
    assert.match(await at('localhost', `sslmode=verify-full ${own}`), /^TLSv/);
    const url = `postgres://golden:secret@127.0.0.1:${server.port}/postgres?sslmode=verify-full&${own}`;
    assert.match(await ask('postgres', url, version), /^TLSv/);
    assert.equal(await at('127.0.0.1', 'sslmode=verify-full'), UNKNOWN);
    assert.equal(await at('127.0.0.1', `sslmode=verify-ca sslrootcert=${stranger}`), UNKNOWN);
  });

  test('asks for an authority that is named, also with sslmode require', async () => {
    assert.equal(await at('127.0.0.1', `sslmode=require sslrootcert=${stranger}`), UNKNOWN);
    assert.match(await at('127.0.0.1', 'sslmode=require sslrootcert=/none.pem'), /^TLSv/);
    assert.equal(
      await at('127.0.0.1', 'sslmode=verify-ca sslrootcert=/none.pem'),
      'open /none.pem: no such file or directory\n',
    );
  });

  test('is refused for a name that is not in the certificate, with verify-full', async () => {
    const own = `sslrootcert=${server.certificate.certFile}`;
    assert.equal(await at('127.0.0.2', `sslmode=verify-full ${own}`), elsewhere('127.0.0.2'));
    assert.match(await at('127.0.0.2', `sslmode=verify-ca ${own}`), /^TLSv/);
  });
});
