/** When settings count as changed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fingerprint, Secret } from '../../runtime/services/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'nauthilus-fingerprint-'));
after(() => rmSync(folder, { recursive: true }));

test('values, secrets and their places count, and nothing of them can be read', () => {
  const settings = (password: string, more: readonly unknown[] = []) => ({ a: [1, new Secret(password)], more });
  assert.equal(fingerprint(settings('x')), fingerprint(settings('x')));
  assert.notEqual(fingerprint(settings('x')), fingerprint(settings('y')));
  assert.notEqual(fingerprint(settings('x')), fingerprint(settings('x', [undefined])));
  assert.notEqual(fingerprint(undefined), fingerprint({}));
  assert.doesNotMatch(fingerprint(settings('CANARY')), /CANARY/);
});

test('a file counts with its contents, so that a renewed certificate is a change; one that is missing, too', () => {
  const file = join(folder, 'client.pem');
  const missing = fingerprint({}, [file]);
  writeFileSync(file, 'one');
  const first = fingerprint({}, [file]);
  writeFileSync(file, 'two');
  assert.equal(new Set([missing, first, fingerprint({}, [file]), fingerprint({}, [''])]).size, 4);
  writeFileSync(file, 'one');
  assert.equal(fingerprint({}, [file]), first);
});
