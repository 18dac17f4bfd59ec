import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import explain from '../../compiler/cli/commands/explain.ts';
import { runCommandLine } from '../../compiler/cli/main.ts';
import { makeSandbox, SOURCES } from './sandbox.ts';

const DATA = {
  ms: 1.5,
  status_message_by: 'server',
  stages: [
    {
      stage: 'features',
      result: 'next',
      ms: 1,
      notes: [{ script: 'gate', ms: 0.5, result: 'passed', adds: ['a', 'b'] }],
    },
  ],
  after: [{ actions: 'post', result: 'follow the answer', scripts: [] }],
};

const line = (session: string, more: object = {}) =>
  JSON.stringify({ level: 'info', session, msg: 'Explanation', verdict: 'ok', explanation: DATA, ...more });

const logfmt = `level=info session=two msg=Explanation verdict="fail (credentials)" explanation=${JSON.stringify(JSON.stringify(DATA))}`;

const sandbox = makeSandbox({
  'both.log': [line('one'), 'level=info msg="Explanation is not all"', '{"msg":"Explanation"', logfmt, ''].join('\n'),
  'odd.log': [line('three', { explanation: 'x' }), line('four', { explanation: { stages: 7, after: [1] } }), ''].join(
    '\n',
  ),
});
after(() => sandbox.remove());

async function run(file: string, ...options: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const context = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env: {},
    program: undefined,
  };
  const argv = ['explain', join(sandbox.folder, file), ...options];
  const code = await runCommandLine({ commands: [explain], version: '1', context }, argv);
  return { code, stdout: out.join(''), stderr: err.join('') };
}

const TEXT = [
  '  features: next, 1 ms',
  '    script gate: passed, 0.5 ms, adds a b',
  '  after the stages',
  '    actions post: follow the answer',
  '',
].join('\n');

test('explanations are found in logs of both formats', async () => {
  assert.deepEqual(await run('both.log'), {
    code: 0,
    stderr: '',
    stdout: `one: ok after 1.5 ms, status message by server\n${TEXT}two: fail (credentials) after 1.5 ms, status message by server\n${TEXT}`,
  });
  const { stdout } = await run('both.log', '--session', 'two');
  assert.match(stdout, /^two: [^\n]*\n {2}features/);
});

test('a log without the wanted one, and one that cannot be read, end with 1', async () => {
  const none = await run('both.log', '-s', 'nobody');
  assert.deepEqual([none.code, none.stderr], [1, 'nauthilus: the log has no such explanation\n']);
  const gone = await run('gone.log');
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^nauthilus explain: ENOENT: no such file or directory[^\n]*\n$/);
});

test('a reader that has seen enough ends it quietly', () => {
  sandbox.write('long.log', `${line('one')}\n`.repeat(20_000));
  const command = `"${process.execPath}" "${SOURCES}" explain long.log | head -1`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: sandbox.folder, encoding: 'utf8' });
  assert.deepEqual([stdout, stderr], ['one: ok after 1.5 ms, status message by server\n', '']);
});

test('records that are none of ours do no harm', async () => {
  const { code, stdout } = await run('odd.log');
  assert.equal(code, 0);
  assert.match(stdout, /^four: ok after undefined ms/);
});
