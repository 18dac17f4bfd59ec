import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileChunk, compileProgram } from '../../compiler/front/index.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { manifest } from './manifest.ts';

/** The same with a function `begin` somewhere. */
const starting: HostManifest = {
  ...manifest,
  globals: [
    ...manifest.globals,
    { name: 'begin', colour: 'sync', params: [], returns: [], startsCode: true, doc: 'Starts code.' },
  ],
};

const KEPT = /"function\(a\) return a end"/;

test('a program keeps the text of functions that capture nothing where it names what the manifest says starts code', () => {
  const code = (source: string, host: HostManifest): string | undefined => {
    const program = compileProgram([{ name: 'a.lua', source }], host).files[0]?.code;
    const loaded = compileChunk(source, '=a', host);
    assert.ok(loaded.ok);
    assert.equal(KEPT.test(loaded.file.code), KEPT.test(program ?? ''));
    return program;
  };
  assert.match(code('begin(function(a) return a end)', starting) ?? '', KEPT);
  assert.match(code('local s = ... s:begin(function(a) return a end)', starting) ?? '', KEPT);
  assert.doesNotMatch(code('begin(function(a) return a end)', manifest) ?? '', KEPT);
  assert.doesNotMatch(code('do_string(function(a) return a end)', starting) ?? '', KEPT);
  assert.doesNotMatch(code('local b begin(function(a) return b end)', starting) ?? '', /"function\(a\)/);
});
