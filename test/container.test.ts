/**
 * What the container image does, without a container engine: the artifact and the configuration alone in a folder that
 * cannot be written, run by a user who owns nothing, with an empty environment.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { V8_FLAGS } from '../compiler/cli/v8-flags.mjs';
import { DEMO_ARTIFACT, login, ROOT } from './cli/sandbox.ts';

const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
/** What an orchestrator runs inside of the container. */
const HEALTH_COMMAND: readonly string[] = JSON.parse(
  /^HEALTHCHECK (?:.*\\\n)?\s*CMD (\[.*\])$/m.exec(DOCKERFILE)?.[1] ?? '[]',
);
/** Debian's `nobody`; the image uses the same number. */
const NOBODY = 65534;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'container-'));
  copyFileSync(DEMO_ARTIFACT, join(folder, 'nauthilus.mjs'));
  copyFileSync(join(ROOT, 'nauthilus.yml'), join(folder, 'nauthilus.yml'));
  for (const name of ['nauthilus.mjs', 'nauthilus.yml']) chmodSync(join(folder, name), 0o444);
  chmodSync(folder, 0o555);
});
after(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

test('artifact and configuration alone serve a login as an unprivileged user from a read-only folder', async () => {
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (process.getuid?.() !== 0) assert.throws(() => writeFileSync(join(folder, 'x'), ''), { code: 'EACCES' });
  const child = spawn(process.execPath, [...V8_FLAGS, 'nauthilus.mjs', 'start', '-c', 'nauthilus.yml'], {
    cwd: folder,
    env: { NAUTHILUS_SERVER_ADDRESS: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asNobody,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  const address = new Promise<string>((resolve, reject) => {
    const read = (text: string) => {
      output += text;
      const match = /listening on (\S+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('close', () => reject(new Error(`ended before it listened:\n${output}`)));
  });
  try {
    const response = await login(await address, 'alice', 'wonderland', { 'Client-IP': '192.0.2.7' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('auth-user'), 'alice@example.test');
    const asked = [...HEALTH_COMMAND.slice(1), '-u', `${await address}/ping`];
    const health = spawnSync(process.execPath, asked, { cwd: folder, env: {}, encoding: 'utf8', ...asNobody });
    assert.deepEqual([health.status, health.stderr], [0, '']);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  assert.equal(child.exitCode, 0, output);
});

test('the image ends with one artifact and the configuration, and does not run as root', () => {
  const final = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));
  assert.deepEqual(final.match(/^COPY .*$/gm), ['COPY --from=build /out/nauthilus.mjs /src/nauthilus.yml ./']);
  assert.match(final, /^USER 65534:65534$/m);
  assert.doesNotMatch(final, /^RUN /m);
});

test('the image starts Node with the flags that the artifact wants', () => {
  const command: readonly string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(DOCKERFILE)?.[1] ?? '[]');
  assert.deepEqual(command, ['node', ...V8_FLAGS, 'nauthilus.mjs', 'start', '-c', 'nauthilus.yml']);
});

test('the image is asked for its health with the command that the artifact has for that', () => {
  assert.deepEqual(HEALTH_COMMAND, ['node', 'nauthilus.mjs', 'healthcheck']);
});
