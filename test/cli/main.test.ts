import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, defineCommand, EXIT, refuseMisnamed } from '../../compiler/cli/command.ts';
import { CommandFailure, runCommandLine } from '../../compiler/cli/main.ts';
import { Misdeclared } from '../../runtime/contract/misdeclared.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(commands: readonly Command[], ...argv: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const context = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env: {},
    program: undefined,
  };
  const code = await runCommandLine({ commands, version: '1.2.3', context }, argv);
  return { code, out: out.join(''), err: err.join('') };
}

const seen: unknown[] = [];
const greet = defineCommand({
  name: 'greet',
  doc: 'say hello',
  details: 'More about greeting.',
  args: [{ name: 'who', doc: 'whom', kind: 'required' }],
  options: {
    loud: { kind: 'flag', doc: 'shout' },
    'how-often': { kind: 'value', short: 'n', value: 'count', doc: 'repeat', default: '1' },
    title: { kind: 'value', value: 'text', doc: 'form of address' },
  },
  inArtifact: false,
  run: ({ options, args }) => {
    seen.push({ options, args });
    return args[0] === 'nobody' ? EXIT.failed : EXIT.ok;
  },
});

test('options and arguments reach the command, with defaults for what is not given', async () => {
  seen.length = 0;
  assert.equal((await run([greet], 'greet', 'ann', '--loud', '-n', '3')).code, EXIT.ok);
  assert.deepEqual(seen, [{ options: { loud: true, 'how-often': '3', title: undefined }, args: ['ann'] }]);
  await run([greet], 'greet', 'bob');
  assert.deepEqual(seen[1], { options: { loud: false, 'how-often': '1', title: undefined }, args: ['bob'] });
});

test('the exit code is what the command returns', async () => {
  assert.equal((await run([greet], 'greet', 'nobody')).code, EXIT.failed);
});

test('--help of the program lists the commands, that of a command its options; both end well', async () => {
  const program = await run([greet], '--help');
  assert.equal(program.code, EXIT.ok);
  assert.match(program.out, /greet .*say hello/);
  const command = await run([greet], 'greet', '--help');
  assert.equal(command.code, EXIT.ok);
  assert.match(command.out, /-n, --how-often <count>\s+repeat \(default: "1"\)/);
  assert.match(command.out, /More about greeting\./);
});

test('--version prints the version', async () => {
  assert.deepEqual(await run([greet], '--version'), { code: EXIT.ok, out: '1.2.3\n', err: '' });
});

for (const { about, argv, message } of [
  { about: 'an unknown command', argv: ['gret', 'x'], message: /unknown command 'gret'.*\n?.*Did you mean greet/ },
  { about: 'an unknown option', argv: ['greet', 'x', '--lout'], message: /unknown option '--lout'.*\n?.*--loud/ },
  { about: 'a missing argument', argv: ['greet'], message: /missing required argument 'who'/ },
  { about: 'too many arguments', argv: ['greet', 'x', 'y'], message: /too many arguments/ },
  { about: 'no command at all', argv: [], message: /Usage: nauthilus/ },
]) {
  test(`${about} is a usage error, explained on stderr`, async () => {
    const { code, out, err } = await run([greet], ...argv);
    assert.equal(code, EXIT.usage);
    assert.equal(out, '');
    assert.match(err, message);
  });
}

test('a rest argument takes everything behind it, options included', async () => {
  const received: string[][] = [];
  const runner = defineCommand({
    name: 'run',
    doc: 'run a file',
    args: [
      { name: 'file', doc: 'file', kind: 'required' },
      { name: 'args', doc: 'its arguments', kind: 'rest' },
    ],
    options: { verbose: { kind: 'flag', doc: 'talk' } },
    inArtifact: false,
    run: ({ args }) => {
      received.push([...args]);
      return EXIT.ok;
    },
  });
  await run([runner], 'run', '--verbose', 'a.lua', '--verbose', '-x', 'y');
  assert.deepEqual(received, [['a.lua', '--verbose', '-x', 'y']]);
});

test('an expected failure shows its message alone, an unexpected one its stack; both are exit code 1', async () => {
  const failing = (error: Error) =>
    defineCommand({
      name: 'fail',
      doc: 'fail',
      options: {},
      inArtifact: false,
      run: () => {
        throw error;
      },
    });
  const expected = await run([failing(new CommandFailure('the file is gone'))], 'fail');
  assert.deepEqual(expected, { code: EXIT.failed, out: '', err: 'nauthilus fail: the file is gone\n' });
  const declared = await run([failing(new Misdeclared('stages/a.ts and stages/b.ts have the same place'))], 'fail');
  assert.equal(declared.err, 'nauthilus fail: stages/a.ts and stages/b.ts have the same place\n');
  const unexpected = await run([failing(new TypeError('boom'))], 'fail');
  assert.equal(unexpected.code, EXIT.failed);
  assert.match(unexpected.err, /TypeError: boom\n\s+at /);
});

test('a command that is not named like its file is refused by the name of the file', () => {
  refuseMisnamed([greet], ['commands/greet.ts']);
  assert.throws(() => refuseMisnamed([greet], ['commands/hello.ts']), {
    message: /^commands\/hello.ts: the command 'greet' /,
  });
});
