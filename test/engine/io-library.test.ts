import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import {
  collect,
  getMetatable,
  isActivation,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  rawGet,
  rawSet,
  toDisplay,
} from '../../runtime/engine/api.ts';
import { setSystemAccess } from '../../runtime/engine/stdlib/system.ts';
import {
  call,
  callWaiting,
  errorIn,
  errorOf,
  inTask,
  libraryFunction,
  method,
  newEnvironment,
  run,
} from './call-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'io-library-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;

function file(content?: string): string {
  const path = join(folder, `f${++files}`);
  if (content !== undefined) writeFileSync(path, content, 'latin1');
  return path;
}

const SERVER = { commands: 'none', exit: 'script', input: 'empty', specialFiles: false } as const;
const open = libraryFunction('io.open');
const calling = (path: string, ...args: LuaValue[]) => collect(libraryFunction(path)(...args));

/** Runs `body` with a file opened as a script opens it. */
function withFile(path: string, mode: string, body: (handle: LuaValue) => void): void {
  run(() => {
    const handle = open(path, mode);
    body(handle as LuaValue);
    return undefined;
  });
}

test('a file is written, read back by lines, numbers and counts, and closed', () => {
  const path = file();
  withFile(path, 'w', (f) => {
    assert.deepEqual(method(f, 'write', 'line1\nline2\n3.5 7\nrest', 1, '\xff\0'), [true]);
    assert.deepEqual(calling('io.type', f), ['file']);
    assert.deepEqual(method(f, 'close'), [true]);
    assert.deepEqual(calling('io.type', f), ['closed file']);
    assert.equal(toDisplay(f), 'file (closed)');
  });
  assert.equal(readFileSync(path, 'latin1'), 'line1\nline2\n3.5 7\nrest1\xff\0');
  withFile(path, 'r', (f) => {
    assert.match(toDisplay(f) as string, /^file \(0x[0-9a-f]+\)$/);
    assert.deepEqual(method(f, 'read'), ['line1']);
    assert.deepEqual(method(f, 'read', '*l', '*n', '*n'), ['line2', 3.5, 7]);
    assert.deepEqual(method(f, 'read', '*a'), ['\nrest1\xff\0']);
    assert.deepEqual(method(f, 'read', '*a'), ['']);
    assert.deepEqual(method(f, 'read', '*l'), [undefined]);
    assert.deepEqual(method(f, 'read', 0), [undefined]);
    assert.deepEqual(method(f, 'seek', 'set', 2), [2]);
    assert.deepEqual(method(f, 'read', 3, 0), ['ne1', '']);
    assert.deepEqual(method(f, 'seek'), [5]);
    assert.deepEqual(method(f, 'seek', 'end', -3), [22]);
    assert.deepEqual(method(f, 'read', 100), ['1\xff\0']);
    method(f, 'close');
  });
});

test('numbers are read as scanf reads them, hexadecimal too', () => {
  withFile(file('0x10 1e+z 5\n0xg 7 .5.3 -  8'), 'r', (f) => {
    const numbers = () => method(f, 'read', '*n')[0];
    assert.equal(numbers(), 16);
    assert.equal(numbers(), 1);
    assert.deepEqual(method(f, 'read', 1), ['z']);
    assert.equal(numbers(), 5);
    assert.equal(numbers(), undefined);
    assert.deepEqual(method(f, 'read', 2), ['g ']);
    assert.deepEqual(method(f, 'read', '*n', '*n', '*n'), [7, 0.5, 0.3]);
    assert.equal(numbers(), undefined);
    assert.deepEqual(method(f, 'read', '*a'), ['  8']);
    method(f, 'close');
  });
});

test('lines longer than a block and files without a last newline are read whole', () => {
  const long = 'x'.repeat(200_000);
  withFile(file(`${long}\n\nlast`), 'r', (f) => {
    const next = method(f, 'lines')[0] as LuaFunction;
    assert.deepEqual([next(), next(), next(), next()], [long, '', 'last', undefined]);
    method(f, 'close');
    assert.equal(
      errorIn(() => next()),
      'file is already closed',
    );
  });
});

test('reading and writing one file share the position', () => {
  const path = file('abcdef');
  withFile(path, 'r+', (f) => {
    assert.deepEqual(method(f, 'read', 2), ['ab']);
    method(f, 'write', 'XY');
    assert.deepEqual(method(f, 'seek'), [4]);
    assert.deepEqual(method(f, 'read', '*a'), ['ef']);
    method(f, 'close');
  });
  assert.equal(readFileSync(path, 'latin1'), 'abXYef');
  withFile(path, 'a+', (f) => {
    method(f, 'write', '+more');
    method(f, 'seek', 'set');
    assert.deepEqual(method(f, 'read', '*a'), ['abXYef+more']);
    method(f, 'close');
  });
});

test('what a file holds back is written at flush, by its buffer mode, and at close', () => {
  const path = file();
  withFile(path, 'w', (f) => {
    method(f, 'write', 'a');
    assert.equal(readFileSync(path, 'latin1'), '');
    assert.deepEqual(method(f, 'flush'), [true]);
    assert.equal(readFileSync(path, 'latin1'), 'a');
    assert.deepEqual(method(f, 'setvbuf', 'line'), [true]);
    method(f, 'write', 'b');
    assert.equal(readFileSync(path, 'latin1'), 'a');
    method(f, 'write', '\n');
    assert.equal(readFileSync(path, 'latin1'), 'ab\n');
    method(f, 'setvbuf', 'no');
    method(f, 'write', 'c');
    assert.equal(readFileSync(path, 'latin1'), 'ab\nc');
    method(f, 'close');
  });
});

test('opening fails with nil, message and number', () => {
  assert.deepEqual(call('io.open', '/nonexistent/x'), [undefined, '/nonexistent/x: No such file or directory', 2]);
  assert.deepEqual(call('io.open', 'x', 'zz'), [undefined, 'x: Invalid argument', 22]);
  assert.deepEqual(call('io.open', folder, 'w'), [undefined, `${folder}: Is a directory`, 21]);
  assert.equal(errorOf('io.lines', '/nonexistent'), "bad argument #1 to '?' (/nonexistent: No such file or directory)");
  withFile(folder, 'r', (f) => assert.deepEqual(method(f, 'read', '*a'), [undefined, 'Is a directory', 21]));
});

test('wrong use has the texts of Lua 5.1', () => {
  withFile(file('x'), 'r', (f) => {
    const texts: readonly (readonly [LuaFunction, string])[] = [
      [() => calling('io.write', new LuaTable())[0], "bad argument #1 to '?' (string expected, got table)"],
      [() => calling('io.read', 'x')[0], "bad argument #1 to '?' (invalid option)"],
      [() => calling('io.read', '*x')[0], "bad argument #1 to '?' (invalid format)"],
      [() => calling('io.close', 5)[0], "bad argument #1 to '?' (FILE* expected, got number)"],
      [() => method(f, 'seek', 'bad')[0], "bad argument #2 to '?' (invalid option 'bad')"],
      [() => method(f, 'setvbuf')[0], "bad argument #2 to '?' (string expected, got no value)"],
    ];
    for (const [body, text] of texts) assert.equal(errorIn(body), text);
    assert.deepEqual(method(f, 'seek', 'set', -1), [undefined, 'Invalid argument', 22]);
    assert.deepEqual(method(f, 'write', 'y'), [undefined, 'Bad file descriptor', 9]);
    method(f, 'close');
    assert.equal(
      errorIn(() => method(f, 'read')[0]),
      'attempt to use a closed file',
    );
  });
});

test('io.lines closes its file at the end', () => {
  const path = file('a\nb\n');
  run(() => {
    const next = libraryFunction('io.lines')(path) as LuaFunction;
    assert.deepEqual([next(), next(), next()], ['a', 'b', undefined]);
    assert.equal(errorIn(next), 'file is already closed');
    return undefined;
  });
});

test('default files belong to the environment', () => {
  const path = file('first\nsecond\n');
  const target = file();
  const env = newEnvironment();
  const printed: string[] = [];
  run(
    () => {
      calling('io.input', path);
      calling('io.output', target);
      calling('io.write', calling('io.read')[0], '!');
      calling('io.close');
      assert.equal(
        errorIn(() => libraryFunction('io.write')('x'), { env }),
        'standard output file is closed',
      );
      return undefined;
    },
    { env },
  );
  assert.equal(readFileSync(target, 'latin1'), 'first!');
  run(() => libraryFunction('io.write')('a', 1, 2.5, '\n'), { output: (bytes) => printed.push(bytes) });
  assert.deepEqual(printed, ['a12.5\n']);
});

test('standard handles cannot be closed, and their metatable is not shared between environments', () => {
  const stdout = rawGet(newEnvironment().loaded, 'io') as LuaTable;
  const handle = rawGet(stdout, 'stdout');
  run(() => {
    assert.deepEqual(method(handle, 'close'), [undefined, 'cannot close standard file']);
    assert.deepEqual(calling('io.type', handle), ['file']);
    const metatable = getMetatable(handle) as LuaTable;
    assert.equal(rawGet(metatable, '__index'), metatable);
    rawSet(metatable, 'leak', () => 'from another script');
    assert.deepEqual(method(handle, 'leak'), ['from another script']);
    return undefined;
  });
  run(() => {
    assert.equal(rawGet(getMetatable(handle) as LuaTable, 'leak'), undefined);
    return undefined;
  });
});

test('standard input is empty in a server', () => {
  setSystemAccess(SERVER);
  assert.deepEqual(call('io.read', '*a'), ['']);
  assert.deepEqual(call('io.read', '*l'), [undefined]);
});

test('named pipes and devices are refused in a server, because reading them could block it', () => {
  setSystemAccess(SERVER);
  const path = file();
  execFileSync('mkfifo', [path]);
  assert.deepEqual(call('io.open', path, 'r'), [undefined, `${path}: Not a regular file`, 1]);
  assert.deepEqual(call('io.open', '/dev/zero', 'r'), [undefined, '/dev/zero: Not a regular file', 1]);
});

test('a temporary file has no name', () => {
  run(() => {
    const [f] = calling('io.tmpfile');
    method(f, 'write', 'abc');
    method(f, 'seek', 'set');
    assert.deepEqual(method(f, 'read', '*a'), ['abc']);
    method(f, 'close');
    return undefined;
  });
});

test('popen is switched off in a server, else reads a command or writes to it', async () => {
  const previous = setSystemAccess(SERVER);
  assert.equal(errorOf('io.popen', 'true'), "'popen' not supported");
  setSystemAccess({ ...SERVER, commands: 'blocking' });
  run(() => {
    const [f] = calling('io.popen', 'echo one; echo two');
    assert.deepEqual(method(f, 'read', '*l', '*a'), ['one', 'two\n']);
    assert.deepEqual(method(f, 'close'), [true]);
    return undefined;
  });
  const target = file();
  run(() => {
    const [f] = calling('io.popen', `cat > ${target}`, 'w');
    method(f, 'write', 'to the command');
    method(f, 'close');
    return undefined;
  });
  assert.equal(readFileSync(target, 'latin1'), 'to the command');
  setSystemAccess({ ...SERVER, commands: 'waiting' });
  const [content] = await inTask(function* () {
    const result = libraryFunction('io.popen')('sleep 0.05; echo late');
    if (!isActivation(result)) throw new Error('popen did not wait');
    const handle = (yield* result) as LuaValue;
    return method(handle, 'read', '*a')[0];
  });
  assert.equal(content, 'late\n');
  assert.deepEqual(await callWaiting('os.execute', 'true'), [0]);
  setSystemAccess(previous);
});

test('what a script left open is written when the process ends', () => {
  const path = file();
  const program = `
    import { run, libraryFunction, method } from '${new URL('./call-library.ts', import.meta.url).href}';
    run(() => { method(libraryFunction('io.open')('${path}', 'w'), 'write', 'left open'); return undefined; });
  `;
  execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  assert.equal(readFileSync(path, 'latin1'), 'left open');
});
