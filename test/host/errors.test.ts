import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { argumentError, raise, raiseValue, setInternalErrorHook, waitFor } from '../../runtime/engine/api.ts';
import { callback, type Declaration, type Declarations, io, pure } from '../../runtime/host/define.ts';
import { drive, finish } from '../../runtime/host/drive.ts';
import { func, str } from '../../runtime/host/signature.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { runProgram } from '../modules/program.ts';
import { services } from '../modules/script.ts';

let opened: OpenedServices;
const reported: unknown[] = [];
let outerHook = setInternalErrorHook(() => {});
before(async () => {
  opened = await services();
  outerHook = setInternalErrorHook((error) => reported.push(error));
});
after(() => {
  setInternalErrorHook(outerHook);
  return opened.close();
});

const later = (): Promise<void> => new Promise((resolve) => setTimeout(() => resolve(), 1));

/** What `run` throws, in a function that never waits and in each kind of function that does. */
function inAllKinds(run: () => never): Readonly<Record<string, Declaration>> {
  const signature = { doc: 'Fails.' };
  return {
    'a function that does not wait': pure(signature, run),
    'an io function at once': io(signature, async () => run()),
    'an io function behind an await': io(signature, async () => {
      await later();
      return run();
    }),
    'an io function behind a wait of its steps': io(signature, function* () {
      yield* waitFor(later());
      return run();
    }),
    'a promise chain': io(signature, () => later().then(run)),
  };
}

async function outputOf(program: string, globals: Declarations): Promise<string> {
  const { stdout, failure } = await runProgram(opened, program, { globals });
  return stdout + (failure ?? '');
}

const PROGRAM = `local function inner()
  local x = f('x')
  return x
end
local function outer()
  local y = inner()
  return y
end
print(pcall(outer))
outer()
`;

const TRACEBACK = `
stack traceback:
	[C]: in function 'f'
	case.lua:2: in function 'inner'
	case.lua:6: in function 'outer'
	case.lua:10: in main chunk
	[C]: ?`;

const failures: Readonly<Record<string, readonly [run: () => never, shown: string]>> = {
  'a raised text': [() => raise('no echo'), 'case.lua:2: no echo'],
  'a raised text of the level above': [() => raise('no echo', 2), 'case.lua:6: no echo'],
  'a raised text without position': [() => raise('no echo', 0), 'no echo'],
  'a raised value': [() => raiseValue(true), 'true'],
  'an argument error': [
    () => argumentError(1, 'g', 'no such echo'),
    "case.lua:2: bad argument #1 to 'f' (no such echo)",
  ],
  'an error of JavaScript': [
    () => {
      throw new TypeError('secret');
    },
    'case.lua:2: internal error',
  ],
};

for (const [what, [run, shown]] of Object.entries(failures)) {
  describe(`${what} carries the calling Lua position and a Lua traceback`, () => {
    for (const [kind, f] of Object.entries(inAllKinds(run))) {
      test(`in ${kind}`, async () => {
        assert.equal(await outputOf(PROGRAM, { f }), `false\t${shown}\n${shown}${TRACEBACK}`);
      });
    }
  });
}

test('a callback function has its own line in the traceback, before and after a wait', async () => {
  const f = callback({ doc: 'Calls.', args: [func('g')] }, (g) =>
    drive(
      (function* () {
        yield* finish(g());
        return raise('after the call');
      })(),
    ),
  );
  const wait = io({ doc: 'Waits.' }, () => later().then(() => undefined));
  const lines = await outputOf('local function go()\n  local x = f(wait)\n  return x\nend\nlocal y = go()\n', {
    f,
    wait,
  });
  const expected =
    "case.lua:2: after the call\nstack traceback:\n\t[C]: in function 'f'\n\tcase.lua:2: in function 'go'";
  assert.ok(lines.startsWith(expected), lines);
  const plain = await outputOf('local function go()\n  local x = f(type)\n  return x\nend\nlocal y = go()\n', {
    f: callback({ doc: 'Calls.', args: [func('g')] }, () => raise('after the call')),
  });
  assert.ok(plain.startsWith(expected), plain);
});

test('an error that a host function passes on from a Lua function keeps its own position', async () => {
  const f = callback({ doc: 'Calls.', args: [func('g')] }, (g) => g());
  assert.equal(
    await outputOf('print(pcall(f, function()\n  error("mine")\nend))\n', { f }),
    'false\tcase.lua:2: mine\n',
  );
});

test('a function that returns an object of JavaScript is reported by name, and the script sees none of it', async () => {
  const object = JSON.parse('{"a":1}');
  const wrong: Readonly<Record<string, Declaration>> = {
    sync: pure({ doc: 'Wrong.' }, () => object),
    io: io({ doc: 'Wrong.' }, async () => object),
    'io in a list': io({ doc: 'Wrong.' }, async () => [1, object]),
    'null, with an argument': pure({ doc: 'Wrong.', args: [str('a')] }, () => JSON.parse('null')),
  };
  for (const [kind, f] of Object.entries(wrong)) {
    reported.length = 0;
    assert.equal(
      await outputOf('print(pcall(function() local x = f("a") return x end))', { f }),
      'false\tcase.lua:1: internal error\n',
      kind,
    );
    assert.match(
      String(reported[0]),
      /^TypeError: host function 'f' returned (an object of JavaScript \(Object\)|null), no Lua value: make one with /,
    );
  }
});

test('the type checker refuses such a function', () => {
  // @ts-expect-error a record is no Lua value
  pure({ doc: 'Wrong.' }, () => ({ a: 1 }));
  // @ts-expect-error nor is a promise of one
  io({ doc: 'Wrong.' }, async () => ({ a: 1 }));
});

test('the end of the budget stays what it is', async () => {
  const f = io(
    { doc: 'Waits for long.' },
    () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 400)),
  );
  const { failure } = await runProgram(opened, 'pcall(f)', { globals: { f }, deadlineMs: 50 });
  assert.equal(failure, 'case.lua:1: script deadline exceeded');
});
