/** How long answers of block lists are kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AddressRecord, Listings } from '../../runtime/services/dns/listings.ts';
import { testClock } from './base.ts';

function listings(records: Record<string, readonly AddressRecord[]>, limit?: number) {
  const clock = testClock();
  const asked: string[] = [];
  const ask = async (name: string) => {
    asked.push(name);
    const found = records[name];
    if (found === undefined) throw new Error('no answer');
    return found;
  };
  return { clock, asked, cache: new Listings(ask, clock, limit) };
}

test('an answer lives as long as its shortest record, none a minute, and nothing longer than an hour', async () => {
  const { clock, asked, cache } = listings({
    short: [
      { address: '127.0.0.2', ttl: 300 },
      { address: '127.0.0.3', ttl: 10 },
    ],
    none: [],
    long: [{ address: '127.0.0.2', ttl: 1e6 }],
  });
  const all = async () => {
    asked.length = 0;
    for (const name of ['short', 'none', 'long']) await cache.find(name);
    return [...asked];
  };
  assert.deepEqual(await all(), ['short', 'none', 'long']);
  assert.deepEqual(await cache.find('short'), ['127.0.0.2', '127.0.0.3']);
  clock.advance(9_999);
  assert.deepEqual(await all(), []);
  clock.advance(1);
  assert.deepEqual(await all(), ['short']);
  clock.advance(50_000);
  assert.deepEqual(await all(), ['short', 'none']);
  clock.advance(3_540_000);
  assert.deepEqual(await all(), ['short', 'none', 'long']);
});

test('the same question at the same time is asked once, and a failure is not kept', async () => {
  const records: Record<string, readonly AddressRecord[]> = {};
  const { asked, cache } = listings(records);
  const both = await Promise.allSettled([cache.find('a'), cache.find('a')]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(asked, ['a']);
  records.a = [{ address: '127.0.0.2', ttl: 1 }];
  assert.deepEqual(await cache.find('a'), ['127.0.0.2']);
});

test('the oldest answer makes room', async () => {
  const { asked, cache } = listings({ a: [], b: [], c: [] }, 2);
  for (const name of ['a', 'b', 'c', 'b', 'c', 'a']) await cache.find(name);
  assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
});
