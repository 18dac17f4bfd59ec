/** Metrics: what appears on the page, labels that stay bounded, metrics of scripts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../runtime/services/index.ts';
import { MetricError } from '../../runtime/services/vectors.ts';
import { testClock, testConfig } from './base.ts';

function open(...server: readonly string[]) {
  const clock = testClock();
  return { clock, metrics: createMetrics(testConfig({ server }).server, { clock, version: '1.2.3' }) };
}

describe('the metrics of the server', () => {
  it('show version, start and what was counted', async () => {
    const { metrics, clock } = open('instance_name: one');
    metrics.count('logins_total', { logins: 'success' });
    metrics.count('logins_total', { logins: 'success' }, 2);
    metrics.add('server_concurrent_requests', {}, 2);
    metrics.add('server_concurrent_requests', {}, -1);
    const page = await metrics.text();
    assert.match(page, /^nauthilus_version_info\{instance_name="one",version="1\.2\.3"\} 1$/m);
    assert.match(page, new RegExp(`^start_timestamp ${clock.now()}$`, 'm'));
    assert.match(page, /^logins_total\{logins="success"\} 3$/m);
    assert.match(page, /^server_concurrent_requests 1$/m);
    assert.match(page, /^process_cpu_seconds_total /m);
    assert.equal(await metrics.value('logins_total', { logins: 'success' }), 3);
    assert.equal(await metrics.value('logins_total', { logins: 'failure' }), 0);
    metrics.close();
  });

  it('do not let clients choose the number of series', async () => {
    const { metrics } = open('brute_force_protocols: [sieve, custom]');
    for (const protocol of ['imap', 'custom', 'x1', 'x2', 'x3'])
      metrics.count('rejected_protocols_total', { protocol });
    const page = await metrics.text();
    assert.match(page, /rejected_protocols_total\{protocol="custom"\} 1/);
    assert.match(page, /rejected_protocols_total\{protocol="other"\} 3/);
    assert.ok(!page.includes('x1'));
    metrics.close();
  });

  it('time only what the configuration names', async () => {
    const { metrics, clock } = open('prometheus_timer: { enabled: true, labels: [feature] }');
    const stop = metrics.time('feature', 'lua');
    const stopOther = metrics.time('filter', 'x');
    clock.advance(5);
    stop();
    stopOther();
    const page = await metrics.text();
    assert.match(page, /function_duration_seconds_bucket\{le="0.005359375",service="feature",task="lua"\} 1/);
    assert.match(page, /function_duration_seconds_sum\{service="feature",task="lua"\} 0\.005$/m);
    assert.ok(!page.includes('service="filter"'));
    metrics.close();
  });

  it('tell how long every stage and script takes, without being asked to', async () => {
    const { metrics } = open();
    for (const ms of [0.5, 1.2, 90_000]) metrics.latencies.stage('features', ms);
    metrics.latencies.script('filter', 'geo"ip', 2);
    metrics.latencies.script('action', 'geo"ip', 2);
    const page = await metrics.text();
    const series = 'nauthilus_stage_duration_seconds';
    assert.match(page, new RegExp(`^# TYPE ${series} histogram$`, 'm'));
    assert.match(page, new RegExp(`^${series}_bucket\\{stage="features",le="0.001"\\} 1$`, 'm'));
    assert.match(page, new RegExp(`^${series}_bucket\\{stage="features",le="0.00175"\\} 2$`, 'm'));
    assert.match(page, new RegExp(`^${series}_bucket\\{stage="features",le="\\+Inf"\\} 3$`, 'm'));
    assert.match(page, new RegExp(`^${series}_count\\{stage="features"\\} 3$`, 'm'));
    assert.match(page, new RegExp(`^${series}_sum\\{stage="features"\\} 90\\.0017$`, 'm'));
    assert.match(page, /^nauthilus_script_duration_seconds_count\{class="filter",script="geo\\"ip"\} 1$/m);
    metrics.close();
  });

  it('show what the processors of the machine do, as Linux counts it', {
    skip: process.platform !== 'linux',
  }, async () => {
    const { metrics } = open();
    const page = await metrics.text();
    const shares = [...page.matchAll(/^cpu_(\w+)_usage_percent ([\d.e-]+)$/gm)].map(([, , share]) => Number(share));
    assert.equal(shares.length, 6);
    const sum = shares.reduce((total, share) => total + share, 0);
    assert.ok(sum > 50 && sum <= 100.001, `${shares}`);
    metrics.close();
  });

  it('of two registries do not meet', async () => {
    const [one, two] = [open().metrics, open().metrics];
    one.count('cache_hits_total', {});
    assert.equal(await two.value('cache_hits_total', {}), 0);
    one.close();
    two.close();
  });
});

describe('metrics of scripts', () => {
  it('are created once and fed by name', async () => {
    const { vectors, text } = open().metrics;
    vectors.create('counter', 'hits', 'Hits', ['kind']);
    vectors.create('counter', 'hits', 'Other help', []);
    vectors.find('counter', 'hits')?.add({ kind: 'a' }, 1);
    vectors.create('gauge', 'level', '', []);
    vectors.find('gauge', 'level')?.set({}, 5);
    vectors.find('gauge', 'level')?.add({}, -2);
    vectors.create('histogram', 'took', 'Took', []);
    vectors.find('histogram', 'took')?.observe({}, 0.002);
    vectors.create('summary', 'sizes', 'Sizes', []);
    vectors.find('summary', 'sizes')?.observe({}, 3);
    const page = await text();
    assert.match(page, /^hits\{kind="a"\} 1$/m);
    assert.match(page, /^level 3$/m);
    assert.match(page, /^took_bucket\{le="0.0030625"\} 1$/m);
    assert.match(page, /^sizes_sum 3$/m);
    assert.ok(!/sizes\{quantile/.test(page));
  });

  it('that do not exist are not found, whatever exists under that name', () => {
    const { vectors } = open().metrics;
    vectors.create('counter', 'hits', 'Hits', []);
    assert.equal(vectors.find('gauge', 'hits'), undefined);
    assert.equal(vectors.find('counter', 'other'), undefined);
  });

  it('refuse taken and unusable names', () => {
    const { vectors } = open().metrics;
    vectors.create('counter', 'hits', 'Hits', []);
    for (const [name, labels] of [
      ['hits', []],
      ['logins_total', []],
      ['no blank', []],
      ['ok', ['bad-label']],
      ['ok', ['twice', 'twice']],
    ] as const) {
      assert.throws(() => vectors.create('gauge', name, 'x', labels), MetricError);
    }
  });

  it('refuse labels that do not fit, with the texts scripts know', () => {
    const { vectors } = open().metrics;
    vectors.create('counter', 'hits', 'Hits', ['kind']);
    const hits = vectors.find('counter', 'hits');
    assert.throws(() => hits?.add({}, 1), {
      message: 'inconsistent label cardinality: expected 1 label values but got 0 in prometheus.Labels{}',
    });
    assert.throws(() => hits?.add({ other: 'x' }, 1), { message: 'label name "kind" missing in label map' });
    assert.throws(() => hits?.add({ kind: 'x' }, -1), MetricError);
  });

  it('stop growing at a limit', async () => {
    const { vectors, text } = open().metrics;
    vectors.create('counter', 'per_user', 'x', ['user']);
    const counter = vectors.find('counter', 'per_user');
    for (let i = 0; i < 10_050; i++) counter?.add({ user: `u${i}` }, 1);
    counter?.add({ user: 'u0' }, 1);
    const page = await text();
    assert.equal(page.match(/^per_user\{/gm)?.length, 10_000);
    assert.match(page, /^per_user\{user="u0"\} 2$/m);
  });
});
