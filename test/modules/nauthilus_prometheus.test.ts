/** Metrics that scripts make and feed, as they appear on the page for Prometheus. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromUtf8, type LuaTable, type LuaValue, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import { UserdataKind } from '../../runtime/host/userdata.ts';
import prometheus from '../../runtime/modules/nauthilus_prometheus.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { testClock } from '../services/base.ts';
import { Script, services } from './script.ts';

const clock = testClock();
let opened: OpenedServices;
let script: Script;
let module: LuaTable;

before(async () => {
  opened = await services('', { clock });
  script = new Script(opened, [prometheus]);
  module = await script.require('nauthilus_prometheus', 'nauthilus_prometheus');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);
const list = (...values: string[]) => tableFromArray(values);
const labels = (own: Readonly<Record<string, LuaValue>> = {}) => tableFromEntries(Object.entries(own));
const page = () => opened.metrics.text();

describe('metrics of scripts', () => {
  test('counters count by their labels', async () => {
    assert.deepEqual(
      await call('create_counter_vec', 'seen_total', fromUtf8('Größe\nof "things"'), list('kind', 'n')),
      [],
    );
    for (const n of ['a', 'a', 1, true]) await call('increment_counter', 'seen_total', labels({ kind: 'x"\\', n }));
    assert.match(await page(), /^# HELP seen_total Größe\\nof "things"$/m);
    assert.match(await page(), /^seen_total\{kind="x\\"\\\\",n="a"\} 2$/m);
    assert.match(await page(), /^seen_total\{kind="x\\"\\\\",n="1"\} 1$/m);
    assert.match(await page(), /^seen_total\{kind="x\\"\\\\",n="true"\} 1$/m);
  });

  test('gauges go up, down and to a value', async () => {
    await call('create_gauge_vec', 'level', 'Level');
    const own = labels();
    assert.deepEqual(await call('set_gauge', 'level', 4, own), []);
    await call('add_gauge', 'level', '2.5', own);
    await call('sub_gauge', 'level', 0.5, own);
    await call('increment_gauge', 'level', own);
    await call('increment_gauge', 'level', own);
    await call('decrement_gauge', 'level', own);
    assert.match(await page(), /^# TYPE level gauge\nlevel 7$/m);
  });

  test('timers observe seconds, again when they are stopped again', async () => {
    await call('create_histogram_vec', 'took_seconds', 'Took', list('step'));
    await call('create_summary_vec', 'sum_seconds', 'Took', list('step'));
    const [histogram] = await call('start_histogram_timer', 'took_seconds', labels({ step: 'a' }));
    const [summary] = await call('start_summary_timer', 'sum_seconds', labels({ step: 'b' }));
    clock.advance(5);
    assert.deepEqual(await call('stop_timer', histogram), []);
    clock.advance(995);
    await call('stop_timer', histogram);
    await call('stop_timer', summary);
    const text = await page();
    assert.match(text, /^took_seconds_bucket\{le="0\.005359375",step="a"\} 1$/m);
    assert.match(text, /^took_seconds_count\{step="a"\} 2$/m);
    assert.match(text, /^took_seconds_sum\{step="a"\} 1\.005$/m);
    assert.match(text, /^sum_seconds_sum\{step="b"\} 1$/m);
    assert.ok(!text.includes('quantile="0.5",step'));
  });

  test('creating an existing one changes nothing, whatever its labels', async () => {
    await call('create_counter_vec', 'twice_total', 'First', list('a'));
    assert.deepEqual(await call('create_counter_vec', 'twice_total', 'Second'), []);
    await call('increment_counter', 'twice_total', labels({ a: 1 }));
    assert.match(await page(), /^# HELP twice_total First$/m);
  });
});

describe('what is wrong is an error of the script', () => {
  test('a metric that nobody created', async () => {
    const cases: readonly (readonly [string, LuaValue[], string])[] = [
      ['increment_counter', [labels()], 'CounterVec'],
      ['increment_gauge', [labels()], 'GaugeVec'],
      ['decrement_gauge', [labels()], 'GaugeVec'],
      ['set_gauge', [1, labels()], 'GaugeVec'],
      ['add_gauge', [1, labels()], 'GaugeVec'],
      ['sub_gauge', [1, labels()], 'GaugeVec'],
      ['start_summary_timer', [labels()], 'SummaryVec'],
      ['start_histogram_timer', [labels()], 'HistogramVec'],
    ];
    for (const [name, args, kind] of cases) {
      const expected = new RegExp(`bad argument #1 to .*\\(${kind} not found\\)`);
      await assert.rejects(call(name, 'nosuch', ...args), expected);
    }
  });

  test('names and labels that do not fit', async () => {
    await call('create_counter_vec', 'strict_total', 'x', list('kind'));
    await call('create_histogram_vec', 'strict_seconds', 'x', list('kind'));
    const cardinality = /expected 1 label values but got 0 in prometheus\.Labels\{\}/;
    await assert.rejects(call('increment_counter', 'strict_total', labels()), cardinality);
    await assert.rejects(call('start_histogram_timer', 'strict_seconds', labels()), cardinality);
    await assert.rejects(call('increment_counter', 'strict_total', labels({ other: 1 })), /label name "kind" missing/);
    await assert.rejects(call('create_gauge_vec', 'strict_total', 'x'), /duplicate metrics collector/);
    await assert.rejects(call('create_gauge_vec', 'logins_total', 'x'), /duplicate metrics collector/);
    await assert.rejects(call('create_gauge_vec', 'no blank', 'x'), /not a valid metric name/);
    await assert.rejects(call('create_gauge_vec', '\xff\0', 'x'), /not a valid metric name/);
    await assert.rejects(call('create_histogram_vec', 'reserved', 'x', list('le')), /not a valid label name/);
    await assert.rejects(call('create_summary_vec', 'reserved', 'x', list('quantile')), /not a valid label name/);
  });

  test('numbers that are none', async () => {
    await call('create_gauge_vec', 'finite', 'x');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const name of ['set_gauge', 'add_gauge', 'sub_gauge']) {
        await assert.rejects(call(name, 'finite', value, labels()), /finite number/);
      }
    }
    await assert.rejects(call('set_gauge', 'finite', 'x', labels()), /#2 .*number expected, got string/);
  });

  test('missing and wrongly typed arguments, for every function', async () => {
    for (const name of ['create_counter_vec', 'create_gauge_vec', 'create_histogram_vec', 'create_summary_vec']) {
      await assert.rejects(call(name), /#1 .*string expected, got no value/);
      await assert.rejects(call(name, 'x'), /#2 .*string expected, got no value/);
      await assert.rejects(call(name, 'x', 'help', 'labels'), /#3 .*table expected, got string/);
    }
    const steppers = ['increment_counter', 'increment_gauge', 'decrement_gauge'];
    for (const name of [...steppers, 'start_summary_timer', 'start_histogram_timer']) {
      await assert.rejects(call(name), /#1 .*string expected, got no value/);
      await assert.rejects(call(name, 'level'), /#2 .*table expected, got no value/);
    }
    for (const name of ['set_gauge', 'add_gauge', 'sub_gauge']) {
      await assert.rejects(call(name, 'level', labels()), /#2 .*number expected, got table/);
      await assert.rejects(call(name, 'level', 1), /#3 .*table expected, got no value/);
    }
    await assert.rejects(call('stop_timer'), /#1 .*userdata expected, got no value/);
    await assert.rejects(call('stop_timer', 1), /#1 .*userdata expected, got number/);
  });

  test('but a foreign userdata in place of a timer is nothing to stop', async () => {
    assert.deepEqual(await call('stop_timer', new UserdataKind<number>('foreign').make(1)), []);
  });

  test('a script cannot make metrics without end', async () => {
    const many = (async () => {
      for (let i = 0; i < 1100; i++) await call('create_counter_vec', `many_${i}_total`, 'x');
    })();
    await assert.rejects(many, /there are 1000 metrics already/);
  });
});
