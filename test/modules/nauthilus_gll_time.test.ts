import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { LuaValue } from '../../runtime/engine/api.ts';
import { civilOf, secondsOf } from '../../runtime/modules/gll-time/calendar.ts';
import { formatTime } from '../../runtime/modules/gll-time/format.ts';
import { parseTime } from '../../runtime/modules/gll-time/parse.ts';
import { UTC, zoneNamed } from '../../runtime/modules/gll-time/zones.ts';
import time from '../../runtime/modules/nauthilus_gll_time.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services('', { clock: { ...systemClock, now: () => 1_543_721_585_250.5 } });
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const script = new Script(opened, [time]);
  return script.call(await script.require('time', 'nauthilus_gll_time'), name, ...args);
}

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

test('unix and unix_nano read the clock of the server', async () => {
  assert.deepEqual(await call('unix'), [1_543_721_585.2505]);
  assert.deepEqual(await call('unix_nano'), [1_543_721_585_250_500_000]);
});

test('sleep waits, and not at all for zero and less', async () => {
  const started = performance.now();
  assert.deepEqual(await call('sleep', '0.03'), []);
  assert.ok(performance.now() - started >= 29);
  assert.deepEqual(await call('sleep', -5), []);
});

describe('format and parse', () => {
  test('a formatted time is parsed to the same time, in every zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }),
        fc.constantFrom(...ZONES),
        (seconds, name) => {
          // Offsets with seconds (local mean time) do not fit into the layout.
          fc.pre(zoneNamed(name).offsetAt(seconds) % 60 === 0);
          const text = formatTime(seconds, RFC3339, zoneNamed(name));
          assert.equal(parseTime(text, RFC3339, UTC, () => UTC).seconds, seconds, text);
        },
      ),
    );
  });

  test('the calendar agrees with Date wherever that has one', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), (seconds) => {
        const civil = civilOf(seconds);
        const date = new Date(seconds * 1000);
        assert.deepEqual(
          [civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.weekday],
          [
            date.getUTCFullYear(),
            date.getUTCMonth() + 1,
            date.getUTCDate(),
            date.getUTCHours(),
            date.getUTCMinutes(),
            date.getUTCSeconds(),
            date.getUTCDay(),
          ],
        );
        assert.equal(secondsOf(civil), seconds);
      }),
    );
  });

  const formatted: readonly [number, string, string, string][] = [
    [0, 'Mon Jan 2 15:04:05 -0700 MST 2006', 'Europe/Moscow', 'Thu Jan 1 03:00:00 +0300 MSK 1970'],
    [1_709_215_445, 'January _2 __2 002 3:04PM Z07', 'Europe/Berlin', 'February 29  60 060 3:04PM +01'],
    [1.5, '05.000 05.999 05,00 05.9', 'UTC', '01.500 01.5 01,50 01.5'],
    [-0.25, '05.000', 'UTC', '59.750'],
    [-3e9, '2006 MST', 'Europe/Berlin', '1874 LMT'],
    [4e9, '2006 MST', 'Europe/Berlin', '2096 CEST'],
    [1e15, '2006', 'UTC', '31690708'],
  ];
  for (const [seconds, layout, zone, expected] of formatted) {
    test(`${seconds} as ${layout} in ${zone} is ${expected}`, async () => {
      assert.deepEqual(await call('format', seconds, layout, zone), [expected]);
    });
  }

  const parsed: readonly [string, string, string | undefined, number | string][] = [
    ['2018-12-02 03:33:05', '2006-01-02 15:04:05', 'Asia/Shanghai', 1_543_692_785],
    ['2018-07-02 03:33:05 CEST', '2006-01-02 15:04:05 MST', 'Europe/Berlin', 1_530_495_185],
    ['2021-03-28 02:30:00', '2006-01-02 15:04:05', 'Europe/Berlin', 1_616_895_000],
    ['Dec 2', 'Jan 2', undefined, -6_797_956_578.871],
    ['2019-02-29', '2006-01-02', undefined, 'parsing time "2019-02-29": day out of range'],
    ['2018-1-1', '2006-01-02', undefined, 'parsing time "2018-1-1" as "2006-01-02": cannot parse "1-1" as "01"'],
    ['x', '2006', 'Mars/Base', 'unknown time zone Mars/Base'],
    ['x', '2006', '../UTC', 'time: invalid location name'],
  ];
  for (const [value, layout, zone, expected] of parsed) {
    test(`'${value}' as ${layout} in ${zone ?? 'no zone'} gives ${expected}`, async () => {
      const args = zone === undefined ? [value, layout] : [value, layout, zone];
      const [seconds, message] = await call('parse', ...args);
      assert.deepEqual(message ?? (typeof seconds === 'number' ? Number(seconds.toFixed(3)) : seconds), expected);
    });
  }

  test('whatever is parsed, there is a result or a text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, layout) => {
        try {
          parseTime(value, layout, UTC, () => UTC);
        } catch (error) {
          assert.match((error as Error).message, /^parsing time "/);
        }
      }),
    );
  });

  test('not even infinite times fail', async () => {
    for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, -1e300]) {
      const [text] = await call('format', seconds, RFC3339, 'Europe/Berlin');
      assert.equal(typeof text, 'string');
    }
  });
});
