import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../compiler/cli/nauthilus.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nauthilus-run-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'run', ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('nauthilus run', () => {
  test('runs a file with arguments, modules beside it and host modules', () => {
    mkdirSync(join(folder, 'lib'));
    file('lib/helper.lua', 'return { greet = function(name) return "hello " .. name end }');
    file('computed.lua', 'return "found at run time"');
    file(
      'main.lua',
      `#!/usr/bin/env nauthilus
      print(require("lib.helper").greet(arg[1]), arg[0], #arg, ...)
      local name = "comp" .. "uted"
      print(require(name))
      dynamic_loader("nauthilus_gll_json")
      print(require("json").encode({1, 2}))
      io.stdout:write("bytes \\195\\188\\n")`,
    );
    const outcome = run(['main.lua', 'you', '--flag']);
    assert.equal(outcome.stderr, '');
    assert.equal(outcome.stdout, 'hello you\tmain.lua\t2\tyou\t--flag\nfound at run time\n[1,2]\nbytes ü\n');
    assert.equal(outcome.status, 0);
  });

  test('ends quietly, like other programs, when nobody reads what it prints any more', () => {
    for (const [name, print] of [
      ['prints', 'print(i)'],
      ['writes', 'io.write(i, "\\n")'],
    ]) {
      file(`${name}.lua`, `for i = 1, 50000 do ${print} end`);
      const command = `"${process.execPath}" "${PROGRAM}" run ${name}.lua | head -1; echo "$PIPESTATUS"`;
      const outcome = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
      assert.deepEqual([outcome.stderr, outcome.stdout], ['', '1\n141\n']);
    }
  });

  test('prints message and traceback of an error and ends with 1', () => {
    file('fails.lua', 'local function check(x)\n  return x.field\nend\ncheck()\n');
    const outcome = run(['fails.lua']);
    assert.equal(
      outcome.stderr,
      [
        "nauthilus: fails.lua:2: attempt to index local 'x' (a nil value)",
        'stack traceback:',
        "\tfails.lua:2: in function 'check'",
        '\tfails.lua:4: in main chunk',
        '\t[C]: ?',
        '',
      ].join('\n'),
    );
    assert.equal(outcome.status, 1);
  });

  test('reads a program from standard input and names it stdin', () => {
    assert.deepEqual(run(['-', 'a'], 'print(...)'), { status: 0, stdout: 'a\n', stderr: '' });
    const broken = run(['-'], 'x = = 1');
    assert.match(broken.stderr, /^stdin:1: unexpected symbol near '='/);
    assert.equal(broken.status, 1);
  });

  test('gives the exit code of os.exit, and 1 for a missing file', () => {
    assert.equal(run(['-'], 'os.exit(7)').status, 7);
    const missing = run(['no-such-file.lua']);
    assert.match(missing.stderr, /no-such-file\.lua/);
    assert.equal(missing.status, 1);
  });

  test('lets Lua recurse as deep as Lua itself does', () => {
    const source =
      'local function d(n) if n == 0 then return 0 end return 1 + d(n - 1) end print(d(16000), pcall(d, -1))';
    const { stdout, status } = run(['-'], source);
    assert.equal(stdout, '16000\tfalse\tstdin:1: stack overflow\n');
    assert.equal(status, 0);
  });
});
