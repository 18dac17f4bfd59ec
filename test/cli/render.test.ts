import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderDiagnostics, wantsColours } from '../../compiler/cli/render.ts';

const SOURCE = 'local a = 1\nlocal x == 2\n\tif y then';
const options = { readSource: (file: string) => (file === 'p.lua' ? SOURCE : undefined), colours: false };
const error = { code: 'lua-syntax', severity: 'error', message: "unexpected symbol near '=='" } as const;

test('an error shows file, line, message, the line before and a caret below its column', () => {
  const place = { file: 'p.lua', line: 2, column: 9 };
  assert.equal(
    renderDiagnostics([{ ...error, place }], options),
    ["p.lua:2: unexpected symbol near '=='", '  1 | local a = 1', '  2 | local x == 2', '    |         ^', ''].join(
      '\n',
    ),
  );
});

test('tabs before the column stay tabs, so that the caret stands below its character', () => {
  const place = { file: 'p.lua', line: 3, column: 5 };
  assert.match(renderDiagnostics([{ ...error, place }], options), /\n {4}\| \t {3}\^\n/);
});

test('columns count bytes: the caret stands below the character, not behind it', () => {
  const umlauts = { ...options, readSource: () => Buffer.from('s = "üü" $').toString('latin1') };
  const place = { file: 'u.lua', line: 1, column: 12 };
  const text = renderDiagnostics([{ ...error, place }], umlauts);
  assert.match(text, /s = "üü" \$/);
  assert.match(text, /\n {4}\| {10}\^\n/);
});

test('without a readable file there is no excerpt, and warnings say what they are', () => {
  const place = { file: 'gone.lua', line: 1, column: 1 };
  const warning = { code: 'w', severity: 'warning', message: 'odd', place, hint: 'write it otherwise' } as const;
  assert.equal(renderDiagnostics([warning], options), 'gone.lua:1: warning: odd\n  hint: write it otherwise\n');
});

test('colours follow NO_COLOR, FORCE_COLOR and the terminal, in this order', () => {
  assert.equal(wantsColours({ isTTY: true }, {}), true);
  assert.equal(wantsColours({ isTTY: false }, {}), false);
  assert.equal(wantsColours({ isTTY: false }, { FORCE_COLOR: '1' }), true);
  assert.equal(wantsColours({ isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' }), false);
});
