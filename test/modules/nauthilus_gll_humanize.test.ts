import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LuaTable, LuaValue } from '../../runtime/engine/api.ts';
import humanize from '../../runtime/modules/nauthilus_gll_humanize.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

const NOW = 1_700_000_000;

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services('', { clock: { ...systemClock, now: () => NOW * 1000 } });
  script = new Script(opened, [humanize]);
  module = await script.require('humanize', 'nauthilus_gll_humanize');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);

describe('time', () => {
  const cases: readonly [number, string][] = [
    [0, 'now'],
    [1, '1 second ago'],
    [59, '59 seconds ago'],
    [60, '1 minute ago'],
    [7199, '1 hour ago'],
    [86_400 * 6, '6 days ago'],
    [86_400 * 29, '4 weeks ago'],
    [86_400 * 359, '11 months ago'],
    [86_400 * 600, '2 years ago'],
    [86_400 * 360 * 36, '36 years ago'],
    [86_400 * 360 * 37, 'a long while ago'],
    [-61, '1 minute from now'],
  ];
  for (const [distance, expected] of cases) {
    test(`${distance} seconds is ${expected}`, async () => {
      assert.deepEqual(await call('time', NOW - distance), [expected]);
    });
  }
});

describe('sizes', () => {
  const written: readonly [number, string][] = [
    [9.9, '9 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [10_239, '10 KiB'],
    [1_048_575, '1024 KiB'],
    [2 ** 60, '1.0 EiB'],
  ];
  for (const [bytes, expected] of written) {
    test(`${bytes} bytes are ${expected}`, async () => {
      assert.deepEqual(await call('ibytes', bytes), [expected]);
    });
  }

  const read: readonly [string, number | string][] = [
    ['1.3GiB', 1_395_864_371],
    ['1,005.03 MB', 1_005_030_000],
    ['7  ', 7],
    ['20 EB', 'too large: 20 EB'],
    ['1 xb', 'unhandled size name: xb'],
    ['-1', 'strconv.ParseFloat: parsing "": invalid syntax'],
  ];
  for (const [text, expected] of read) {
    test(`'${text}' is read as ${expected}`, async () => {
      const [bytes, message] = await call('parse_bytes', text);
      assert.equal(message ?? bytes, expected);
    });
  }

  test('a negative size is an argument error', async () => {
    await assert.rejects(call('ibytes', -1), /must be positive/);
  });
});

test('quantities get an SI prefix', async () => {
  const cases: readonly [number, string][] = [
    [0, '0 m'],
    [999.9999999, '1000 m'],
    [0.001, '1 mm'],
    [1e-6, '1 \xc2\xb5m'],
    [-1500, '-1.5 km'],
    [1e33, '1000 Qm'],
  ];
  for (const [value, expected] of cases) assert.deepEqual(await call('si', value, 'm'), [expected]);
});
