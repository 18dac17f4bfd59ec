/** Databases that MaxMind's own library wrote (test/modules/geoip), as scripts see them, and what happens when they change. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entries, LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import geoipModule from '../../runtime/modules/nauthilus_geoip.ts';
import { type GeoIp, openGeoIp } from '../../runtime/services/geoip.ts';
import { createLog, systemClock } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

const FOLDER = fileURLToPath(new URL('geoip/', import.meta.url));
const [CITY, ASN] = [join(FOLDER, 'city.mmdb'), join(FOLDER, 'asn.mmdb')];

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value;
  return Object.fromEntries([...entries(value)].map(([key, each]) => [String(key), plain(each)]));
}

async function open(databases: readonly string[]) {
  const opened = await services(`server: { backends: [cache], geoip: { databases: [${databases.join(', ')}] } }`);
  after(() => opened.close());
  const script = new Script(opened, [geoipModule]);
  const module = await script.require('nauthilus_geoip');
  return async (name: string, ...args: LuaValue[]) => (await script.call(module, `geoip_${name}`, ...args)).map(plain);
}

describe('a lookup', async () => {
  const call = await open([CITY, ASN]);

  test('gives the record of the network, of all databases together', async () => {
    const [record] = await call('lookup', '192.0.2.9');
    assert.deepEqual(record, {
      city: { geoname_id: 2886242, names: { de: 'K\xc3\xb6ln', en: 'Cologne' } },
      country: {
        geoname_id: 2921044,
        is_in_european_union: true,
        iso_code: 'DE',
        names: { de: 'Deutschland', en: 'Germany' },
      },
      location: { accuracy_radius: 20, latitude: 50.9333, longitude: 6.95, time_zone: 'Europe/Berlin' },
      subdivisions: { 1: { iso_code: 'NW', names: { en: 'North Rhine-Westphalia' } } },
      autonomous_system_number: 64496,
      autonomous_system_organization: 'Example Net',
    });
    assert.deepEqual(await call('asn', '192.0.2.200'), [undefined, undefined]);
    assert.deepEqual(await call('asn', '192.0.2.100'), [64496, 'Example Net']);
    assert.deepEqual(await call('country', '198.51.100.127'), ['FR']);
    assert.deepEqual(await call('country', '198.51.100.128'), [undefined]);
  });

  test('takes IPv6, and IPv4 in the clothes of IPv6', async () => {
    for (const address of ['2001:db8::1', '2001:DB8:0:0::ffff', '::ffff:192.0.2.9', '2002:c000:209::1']) {
      assert.deepEqual(await call('country', address), ['DE'], address);
    }
    assert.deepEqual(await call('country', '2001:db8:8000::1'), [undefined]);
  });

  test('knows every type of the format', async () => {
    const [record] = await call('lookup', '203.0.113.1');
    assert.deepEqual(record, {
      traits: {
        is_anonymous: false,
        big: '340282366920938463463374607431768211455',
        long: '18446744073709551615',
        raw: '\xff\0\x80',
        offset: -5,
      },
    });
  });

  test('of what is no address is nil and a text', async () => {
    for (const address of ['', 'x', '1.2.3', '192.0.2.9/24', '1.2.3.256', ' 192.0.2.9', 'fe80::1%eth0', '\xff\0', 12]) {
      const [nothing, text] = await call('lookup', address);
      assert.deepEqual([nothing, String(text).startsWith('not an IP address')], [undefined, true], String(address));
    }
    assert.deepEqual(await call('asn', 'x'), [undefined, undefined, 'not an IP address: x']);
  });
});

test('without a database lookups give nil and say why', async () => {
  const none = await open([]);
  assert.deepEqual(await none('country', '192.0.2.9'), [
    undefined,
    'no database is configured (server.geoip.databases)',
  ]);
  const missing = await open(['/nowhere/x.mmdb']);
  assert.deepEqual(await missing('country', '192.0.2.9'), [undefined, 'no database could be read']);
});

test('one database that is missing does not disturb the others', async () => {
  const call = await open(['/nowhere/x.mmdb', CITY]);
  assert.deepEqual(await call('country', '192.0.2.9'), ['DE']);
});

test('a file that changes is read again; a broken one leaves the old one in use', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-geoip-'));
  const path = join(folder, 'x.mmdb');
  let look = (): void => {};
  const clock = {
    ...systemClock,
    every: (_ms: number, action: () => void) => {
      look = action;
      return () => {};
    },
  };
  const written: string[] = [];
  const sink = { write: (line: string) => void written.push(line), close: async () => {} };
  const log = createLog(
    { level: 'info', json: false, color: false, debug_modules: [], instance: 't' },
    { clock, sink },
  );
  const geoip = await openGeoIp({ databases: [path], check_interval: 1000 }, { clock, log });
  const replace = async (write: (to: string) => void) => {
    write(`${path}.new`);
    renameSync(`${path}.new`, path);
    look();
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const asn = (from: GeoIp) => from.lookup('192.0.2.9')?.get('autonomous_system_number');
  try {
    assert.throws(() => geoip.lookup('192.0.2.9'), /no database could be read/);
    await replace((to) => copyFileSync(ASN, to));
    assert.equal(asn(geoip), 64496);
    await replace((to) => writeFileSync(to, 'not a database'));
    assert.equal(asn(geoip), 64496);
    await replace((to) => copyFileSync(CITY, to));
    assert.deepEqual([asn(geoip), geoip.lookup('192.0.2.9')?.has('city')], [undefined, true]);
    rmSync(path);
    look();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(geoip.lookup('192.0.2.9')?.has('city'), true);
    const about = (text: string) => written.filter((line) => line.includes(text)).length;
    assert.deepEqual([about('cannot be read'), about('was read again')], [3, 2]);
  } finally {
    geoip.close();
    await log.close();
    rmSync(folder, { recursive: true });
  }
});

test('damaged files give errors, never something else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-geoip-'));
  const whole = readFileSync(CITY);
  try {
    for (let at = 0; at < 300; at++) {
      const path = join(folder, `${at}.mmdb`);
      const broken = Buffer.from(whole);
      for (let bytes = 0; bytes < 8; bytes++) {
        broken[(at * 7919 + bytes * 104_729) % broken.length] = (at * 31 + bytes * 97) & 255;
      }
      writeFileSync(path, at % 5 === 0 ? broken.subarray(0, (at * 37) % broken.length) : broken);
      const log = createLog(
        { level: 'none', json: false, color: false, debug_modules: [], instance: 't' },
        {
          clock: systemClock,
          sink: { write: () => {}, close: async () => {} },
        },
      );
      const geoip = await openGeoIp({ databases: [path], check_interval: 60_000 }, { clock: systemClock, log });
      for (const address of ['192.0.2.9', '203.0.113.1', '2001:db8::1']) {
        try {
          geoip.lookup(address);
        } catch (thrown) {
          assert.match(String(thrown), /^Error: (no database could be read|the database is damaged)$/);
        }
      }
      geoip.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
