/** Secrets that stand in files of their own. What is complained about: test/samples/config/secret-files. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Config, hideValues, parseConfig, redactConfig } from '../../runtime/config/index.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';

const folder = mkdtempSync(join(tmpdir(), 'nauthilus-secrets-'));
after(() => rmSync(folder, { recursive: true }));

function secretFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function read(server: string, env: Record<string, string> = {}, rest = ''): Config {
  const { config, diagnostics } = parse(server, env, rest);
  return config ?? assert.fail(diagnostics.map(({ message }) => message).join('\n'));
}

function parse(server: string, env: Record<string, string> = {}, rest = '') {
  const text = `server: { backends: [lua], ${server} }\nlua: { config: { backend_script_path: b.lua }, ${rest} }\n`;
  return parseConfig({ text, file: 'nauthilus.yml', env });
}

const errorsOf = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);

test('a file has the secret without the line break at its end, and only without that', () => {
  const nonceOf = (content: string | Buffer) =>
    read(`redis: { password_nonce_file: ${secretFile('nonce', content)} }`).server.redis.password_nonce.reveal();
  assert.equal(nonceOf('plain'), 'plain');
  assert.equal(nonceOf('line\n'), 'line');
  assert.equal(nonceOf('line\r\n'), 'line');
  assert.equal(nonceOf(' two\nlines \n\n'), ' two\nlines \n');
  assert.equal(nonceOf('0123'), '0123');
  assert.equal(nonceOf('null'), 'null');
  assert.equal(nonceOf('pässwort\n'), 'pässwort');
});

test('every secret may stand in a file, those of lists too, whatever the case of the key', () => {
  const path = secretFile('token', 'of-the-file\n');
  const hook = `{ http_location: x, http_method: GET, script_path: x.lua, bearer_token_file: ${path} }`;
  const config = read(`redis: { Master: { PASSWORD_FILE: ${path} } }`, {}, `hooks: [${hook}]`);
  assert.equal(config.server.redis.master.password.reveal(), 'of-the-file');
  assert.equal(config.lua.hooks[0]?.bearer_token.reveal(), 'of-the-file');
  assert.doesNotMatch(redactConfig(config), /of-the-file/);
});

test('variables name files, too, and count more than what the configuration says either way', () => {
  const [one, two] = [secretFile('one', 'one\n'), secretFile('two', 'two\n')];
  const nonceOf = (redis: string, env: Record<string, string>) =>
    read(`redis: { ${redis} }`, env).server.redis.password_nonce.reveal();
  const variable = 'NAUTHILUS_SERVER_REDIS_PASSWORD_NONCE';
  assert.equal(nonceOf('', { [`${variable}_FILE`]: one }), 'one');
  assert.equal(nonceOf('password_nonce: plain', { [`${variable}_FILE`]: one }), 'one');
  assert.equal(nonceOf(`password_nonce_file: ${two}`, { [`${variable}_FILE`]: one }), 'one');
  assert.equal(nonceOf(`password_nonce_file: ${two}`, { [variable]: 'plain' }), 'plain');
  const both = parse('', { [variable]: 'CANARY', [`${variable}_FILE`]: one });
  assert.deepEqual(errorsOf(both.diagnostics), [
    `server.redis.password_nonce_file (from ${variable}_FILE): password_nonce is given, too: which of them counts?`,
  ]);
  const [missing] = errorsOf(parse('', { [`${variable}_FILE`]: '/nonexistent' }).diagnostics);
  assert.equal(
    missing,
    `server.redis.password_nonce_file (from ${variable}_FILE): the file /nonexistent has no secret: no such file`,
  );
});

test('only secrets have files: other variables and keys of this form are unknown', () => {
  const { diagnostics } = parse('', { NAUTHILUS_SERVER_ADDRESS_FILE: '/nonexistent' });
  assert.ok(diagnostics.some(({ code }) => code === 'config-unknown-variable'));
  assert.match(errorsOf(parse('address_file: /x').diagnostics).join(), /server\.address_file: unknown key/);
});

test('what is wrong with a file is said without what is in it', () => {
  const reasonOf = (path: string) => errorsOf(parse(`redis: { password_nonce_file: ${path} }`).diagnostics).join('; ');
  const start = (path: string) => `server.redis.password_nonce_file: the file ${path} has no secret: `;
  const empty = secretFile('empty', '\n');
  assert.equal(reasonOf(empty), `${start(empty)}empty`);
  assert.equal(reasonOf(folder), `${start(folder)}not a file`);
  assert.equal(reasonOf('/dev/zero'), `${start('/dev/zero')}not a file`);
  const large = secretFile('large', 'CANARY'.repeat(20_000));
  assert.equal(reasonOf(large), `${start(large)}more than 65536 bytes`);
});

test('a wrong value from a file is refused without being shown', () => {
  const path = secretFile('short', 'CANARY\n');
  const { diagnostics } = parse(`frontend: { enabled: true, csrf_secret_file: ${path} }`);
  assert.match(errorsOf(diagnostics).join('\n'), /server\.frontend\.csrf_secret: csrf secret must exactly be 32 bytes/);
  assert.doesNotMatch(JSON.stringify(diagnostics), /CANARY/);
});

test('where the file lies is no secret, beside a mistake', () => {
  const text = 'server:\n  redis:\n    password_nonce_file: /run/secrets/nonce\n    pasword_file: hidden\n';
  assert.match(hideValues(text) ?? '', /password_nonce_file: \/run\/secrets\/nonce/);
  assert.doesNotMatch(hideValues(text) ?? '', /hidden/);
});
