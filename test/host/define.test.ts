import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type LuaFunction, LuaTable, type LuaValue, noResults, results } from '../../runtime/engine/api.ts';
import { callback, type Declaration, defineModule, io, pure, sync } from '../../runtime/host/define.ts';
import { drive, finish } from '../../runtime/host/drive.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import {
  any,
  bool,
  func,
  int,
  lax,
  num,
  optional,
  rest,
  result,
  str,
  table,
  trailing,
} from '../../runtime/host/signature.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from '../modules/script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

/** Calls a declaration as the only function of a module. */
async function call(declaration: Declaration, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const module = defineModule({ name: 'sample', classes: 'all', doc: 'A sample.', functions: { f: declaration } });
  const script = new Script(opened, [module]);
  return script.call(await script.require('sample', 'sample'), 'f', ...args);
}

const returnsArguments = (...values: unknown[]): LuaValue => JSON.stringify(values);

describe('arguments', () => {
  const refused: readonly [Declaration, readonly LuaValue[], string][] = [
    [pure({ doc: '', args: [str('s')] }, returnsArguments), [], 'string expected, got no value'],
    [pure({ doc: '', args: [str('s')] }, returnsArguments), [undefined], 'string expected, got nil'],
    [pure({ doc: '', args: [str('s')] }, returnsArguments), [true], 'string expected, got boolean'],
    [pure({ doc: '', args: [num('n')] }, returnsArguments), ['x'], 'number expected, got string'],
    [pure({ doc: '', args: [int('n')] }, returnsArguments), ['5'], 'number expected, got string'],
    [pure({ doc: '', args: [bool('b')] }, returnsArguments), [1], 'boolean expected, got number'],
    [pure({ doc: '', args: [table('t')] }, returnsArguments), ['t'], 'table expected, got string'],
    [pure({ doc: '', args: [func('f')] }, returnsArguments), [1], 'function expected, got number'],
    [pure({ doc: '', args: [any('v')] }, returnsArguments), [], 'value expected'],
    [pure({ doc: '', args: [trailing(str('s'))] }, returnsArguments), [undefined], 'string expected, got nil'],
  ];
  for (const [declaration, args, detail] of refused) {
    test(`${JSON.stringify(args)} for ${declaration.describe('f').params[0]?.type} gives "${detail}"`, async () => {
      await assert.rejects(call(declaration, ...args), {
        message: new RegExp(`bad argument #1 to '.*' \\(${detail}\\)`),
      });
    });
  }

  const taken: readonly [Declaration, readonly LuaValue[], string][] = [
    [pure({ doc: '', args: [str('s')] }, returnsArguments), [12.5], '["12.5"]'],
    [pure({ doc: '', args: [num('n')] }, returnsArguments), [' 0x10 '], '[16]'],
    [pure({ doc: '', args: [int('n')] }, returnsArguments), [-1.9], '[-1]'],
    [pure({ doc: '', args: [any('v')] }, returnsArguments), [undefined], '[null]'],
    [pure({ doc: '', args: [optional(str('s'))] }, returnsArguments), [undefined], '[null]'],
    [pure({ doc: '', args: [trailing(str('s'))] }, returnsArguments), [], '[null]'],
    [pure({ doc: '', args: [str('a'), rest(num('n'))] }, returnsArguments), ['x', 1, '2'], '["x",[1,2]]'],
    [pure({ doc: '', args: [str('a'), rest(num('n'))] }, returnsArguments), ['x'], '["x",[]]'],
    [
      pure({ doc: '', args: [str('a'), str('b'), str('c'), str('d')] }, returnsArguments),
      ['1', '2', '3', '4', '5'],
      '["1","2","3","4"]',
    ],
  ];
  for (const [declaration, args, expected] of taken) {
    test(`${JSON.stringify(args)} is taken as ${expected}`, async () => {
      assert.deepEqual(await call(declaration, ...args), [expected]);
    });
  }

  test('the position of a wrong further argument is counted', async () => {
    const variadic = pure({ doc: '', args: [str('a'), rest(num('n'))] }, returnsArguments);
    await assert.rejects(call(variadic, 'x', 1, 'y'), { message: /bad argument #3 / });
  });
});

describe('colours', () => {
  test('a sync function gets the call of the running script and returns any number of results', async () => {
    const declared = sync({ doc: '', args: [str('a')] }, (host, a) => results(host.scriptClass, a, undefined));
    assert.deepEqual(await call(declared, 'x'), ['filter', 'x', undefined]);
    assert.deepEqual(await call(sync({ doc: '' }, () => noResults())), []);
  });

  test('an io function waits, checks its arguments at once, and lists are several results', async () => {
    const module = defineModule({
      name: 'sample',
      classes: 'all',
      doc: 'A sample.',
      functions: { f: io({ doc: '', args: [num('n')] }, async (_, n) => [n, n + 1]) },
    });
    const script = new Script(opened, [module]);
    const { functions } = module.library();
    const [f] = await script.run(() => (functions.strings && new functions.strings())?.f);
    assert.deepEqual(await script.run(f, 1), [1, 2]);
    assert.equal(await script.colour(f, 1), 'io');
    await assert.rejects(script.colour(f, 'x'), /number expected/);
  });

  test('a rejection of an io function is no text of JavaScript for the script', async () => {
    const failing = io({ doc: '' }, async () => {
      throw new TypeError('secret detail');
    });
    await assert.rejects(call(failing), (error: Error) => !error.message.includes('secret'));
  });

  test('a callback function waits exactly when what it calls waits', async () => {
    const twice = callback({ doc: '', args: [func('f')] }, (f) =>
      drive(
        (function* () {
          yield* finish(f());
          return yield* finish(f());
        })(),
      ),
    );
    const waiting = io({ doc: '' }, async () => 'waited');
    const module = defineModule({ name: 'sample', classes: 'all', doc: '', functions: { twice, waiting } });
    const script = new Script(opened, [module]);
    const sample = await script.require('sample', 'sample');
    const [apply] = await script.run(() => sample.$h.twice);
    assert.equal(await script.colour(apply, () => 'plain'), 'sync');
    assert.equal(await script.colour(apply, sample.$h.waiting), 'io');
    assert.deepEqual(await script.run(apply, sample.$h.waiting as LuaFunction), ['waited']);
  });

  test('an error inside a called function passes through a callback function, before and after a wait', async () => {
    const guarded = callback({ doc: '', args: [func('f'), func('g')] }, (f, g) =>
      drive(
        (function* () {
          try {
            yield* finish(f());
            yield* finish(g());
          } catch {
            return 'caught';
          }
          return 'not caught';
        })(),
      ),
    );
    const fail = (): never => {
      throw new RangeError('x');
    };
    const waiting = io({ doc: '' }, async () => undefined).define('waiting');
    assert.deepEqual(await call(guarded, fail, fail), ['caught']);
    assert.deepEqual(await call(guarded, waiting, fail), ['caught']);
    assert.deepEqual(await call(guarded, waiting, () => 1), ['not caught']);
  });
});

test('a module describes its functions for the manifest', () => {
  const module = defineModule({
    name: 'sample',
    requires: ['other'],
    aliases: ['again'],
    classes: ['init'],
    doc: 'A sample.',
    functions: {
      f: io(
        { doc: 'Does it.', args: [str('a'), optional(num('b')), rest(lax('c'))], returns: [result('d', 'table')] },
        () => new LuaTable(),
      ),
    },
    hidden: { g: pure({ doc: 'The same.' }, () => undefined) },
  });
  const described = describeModule(module);
  assert.deepEqual([described.loader, described.requires, described.classes], ['sample', ['other', 'again'], ['init']]);
  assert.deepEqual(described.functions[0], {
    name: 'f',
    colour: 'io',
    params: [
      { name: 'a', type: 'string', optional: false, variadic: false },
      { name: 'b', type: 'number', optional: true, variadic: false },
      { name: 'c', type: 'any', optional: true, variadic: true },
    ],
    returns: [{ name: 'd', type: 'table' }],
    doc: 'Does it.',
  });
  assert.deepEqual(
    described.functions.map((each) => each.name),
    ['f', 'g'],
  );
});
