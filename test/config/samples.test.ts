/**
 * What the configuration complains about: each folder of test/samples/config has a file and the complaints about it, one
 * per line with place and hint. `UPDATE_SAMPLES=1` writes the expectations anew.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../runtime/config/index.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../samples/config');

function render({ severity, code, place, message, hint }: Diagnostic): string {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  return `${where}${severity} ${code}: ${message}${hint ? `\n    hint: ${hint}` : ''}\n`;
}

function complaints(folder: string): string {
  const text = readFileSync(join(folder, 'nauthilus.yml'), 'utf8');
  const { config, diagnostics } = parseConfig({ text, file: 'nauthilus.yml', env: {} });
  return `${diagnostics.map(render).join('')}${config ? 'accepted' : 'refused'}\n`;
}

describe('a configuration file', () => {
  for (const name of readdirSync(FOLDER)) {
    it(name.replaceAll('-', ' '), () => {
      const expectation = join(FOLDER, name, '_expected.txt');
      const actual = complaints(join(FOLDER, name));
      if (process.env.UPDATE_SAMPLES) writeFileSync(expectation, actual);
      assert.ok(existsSync(expectation), 'no _expected.txt');
      assert.equal(actual, readFileSync(expectation, 'utf8'));
    });
  }
});
