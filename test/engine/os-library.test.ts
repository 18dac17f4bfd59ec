import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { BudgetExceeded, type LuaTable, type LuaValue, rawGet, tableFromEntries } from '../../runtime/engine/api.ts';
import { setSystemAccess } from '../../runtime/engine/stdlib/system.ts';
import { call, callWaiting, errorOf, inTask, libraryFunction, newEnvironment, run } from './call-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'os-library-'));
after(() => rmSync(folder, { recursive: true }));

const SERVER = { commands: 'none', exit: 'script', input: 'empty', specialFiles: false } as const;

test('date formats as C does, in UTC with !', () => {
  const rows = [
    ['!%Y-%m-%d %H:%M:%S', 86399, '1970-01-01 23:59:59'],
    ['!%c', 0, 'Thu Jan  1 00:00:00 1970'],
    ['!%x %X %p', 0, '01/01/70 00:00:00 AM'],
    ['!%a %A %b %B %d %j %U %w %W %y %%', 86400 * 200, 'Mon Monday Jul July 20 201 29 1 29 70 %'],
    ['!%I %M', 3600 * 13, '01 00'],
    ['!%k|%l|%e|%P|%s|%G|%g|%V|%u|%h', 86400 * 200 + 5, ' 0|12|20|am|17280005|1970|70|30|1|Jul'],
    ['!%r|%C|%z|%Z|%D|%F|%T|%R', 5, '12:00:05 AM|19|+0000|GMT|01/01/70|1970-01-01|00:00:05|00:00'],
    ['!%G-W%V', Date.UTC(2021, 0, 3) / 1000, '2020-W53'],
    ['!%G-W%V', Date.UTC(2018, 11, 31) / 1000, '2019-W01'],
    ['!%Q %E % a%', 0, '%Q %E % a%'],
    ['!%d', 1.9, '01'],
    ['', 0, ''],
  ] as const;
  for (const [format, time, text] of rows) assert.deepEqual(call('os.date', format, time), [text], format);
  assert.deepEqual(call('os.date', '!%c', '0'), ['Thu Jan  1 00:00:00 1970']);
  assert.deepEqual(call('os.date', '%Y', 1e18), [undefined]);
});

test('date gives a table of fields for *t', () => {
  const [table] = call('os.date', '!*t', 86400 * 45 + 3661);
  const field = (name: string) => rawGet(table as LuaTable, name);
  const names = ['year', 'month', 'day', 'hour', 'min', 'sec', 'wday', 'yday', 'isdst'];
  assert.deepEqual(names.map(field), [1970, 2, 15, 1, 1, 1, 1, 46, false]);
});

function time(fields: Record<string, LuaValue>) {
  return call('os.time', tableFromEntries(Object.entries(fields)))[0];
}

function local(year: number, month: number, day: number, ...clock: number[]): number {
  return new Date(year, month - 1, day, ...clock).getTime() / 1000;
}

test('time reads local dates, noon by default, and normalises fields', () => {
  assert.equal(time({ year: 2020, month: 1, day: 1 }), local(2020, 1, 1, 12));
  assert.equal(time({ year: 2020, month: 1, day: 1, hour: 0 }), local(2020, 1, 1));
  assert.equal(time({ year: 2020, month: 14, day: -3, hour: 25 }), local(2021, 1, 29, 1));
  assert.equal(time({ year: '2020', month: '02', day: '3' }), local(2020, 2, 3, 12));
  assert.equal(time({ year: 2024, month: 2, day: 30 }), time({ year: 2024, month: 3, day: 1 }));
  assert.equal(time({ year: 50, month: 1, day: 1 }), new Date(2000, 0, 1, 12).setFullYear(50) / 1000);
  assert.ok(Math.abs((call('os.time')[0] as number) - Date.now() / 1000) < 2);
});

test('time wants day, month and year', () => {
  assert.equal(errorOf('os.time', tableFromEntries([])), "field 'day' missing in date table");
  const wrong = tableFromEntries([
    ['year', 2000],
    ['month', 'x'],
    ['day', 1],
  ]);
  assert.equal(errorOf('os.time', wrong), "field 'month' missing in date table");
  assert.equal(errorOf('os.date', '*t', 'x'), "bad argument #2 to '?' (number expected, got string)");
});

test('clock and difftime measure seconds', () => {
  assert.equal(typeof call('os.clock')[0], 'number');
  assert.deepEqual(call('os.difftime', 5, 3), [2]);
  assert.deepEqual(call('os.difftime', 5), [5]);
});

test('files are renamed and removed; failures are values with C texts', () => {
  const from = join(folder, 'from');
  const to = join(folder, 'to');
  writeFileSync(from, '');
  assert.deepEqual(call('os.rename', from, to), [true]);
  assert.ok(existsSync(to));
  assert.deepEqual(call('os.remove', to), [true]);
  assert.deepEqual(call('os.remove', to), [undefined, `${to}: No such file or directory`, 2]);
  assert.deepEqual(call('os.rename', from, to), [undefined, `${from}: No such file or directory`, 2]);
  assert.deepEqual(call('os.remove', 'a\0b'), [undefined, 'a\0b: Invalid argument', 22]);
});

test('tmpname makes a new file', () => {
  const [name] = call('os.tmpname');
  assert.ok(existsSync(name as string));
  rmSync(name as string);
});

test('setenv is seen by getenv of the same environment only', () => {
  process.env.OS_LIBRARY_TEST = 'von außen';
  assert.deepEqual(call('os.getenv', 'OS_LIBRARY_TEST'), ['von au\xc3\x9fen']);
  assert.deepEqual(call('os.getenv', 'SURELY_NOT_SET_VAR'), [undefined]);
  process.env.OS_LIBRARY_EMPTY = '';
  assert.deepEqual(call('os.getenv', 'OS_LIBRARY_EMPTY'), [undefined]);
  const env = newEnvironment();
  run(() => libraryFunction('os.setenv')('OS_LIBRARY_TEST', 'mine'), { env });
  assert.deepEqual(
    run(() => libraryFunction('os.getenv')('OS_LIBRARY_TEST'), { env }),
    ['mine'],
  );
  assert.deepEqual(call('os.getenv', 'OS_LIBRARY_TEST'), ['von au\xc3\x9fen']);
  assert.equal(process.env.OS_LIBRARY_TEST, 'von außen');
  delete process.env.OS_LIBRARY_TEST;
});

test('setlocale knows the C locale', () => {
  assert.deepEqual(call('os.setlocale'), ['C']);
  assert.deepEqual(call('os.setlocale', 'POSIX', 'all'), ['C']);
  assert.deepEqual(call('os.setlocale', 'de_DE'), [undefined]);
  assert.equal(errorOf('os.setlocale', 'C', 'zz'), "bad argument #2 to '?' (invalid option 'zz')");
});

test('in a server scripts can neither run commands nor end the process', () => {
  setSystemAccess(SERVER);
  assert.equal(errorOf('os.execute', 'true'), "'execute' is switched off");
  assert.deepEqual(call('os.execute'), [0]);
  assert.equal(errorOf('os.exit'), 'a script cannot end the server');
});

test('execute gives the status as system() does, blocking or waiting', async () => {
  const previous = setSystemAccess({ ...SERVER, commands: 'blocking' });
  assert.deepEqual(call('os.execute', 'exit 3'), [768]);
  assert.deepEqual(call('os.execute', 'kill -9 $$'), [9]);
  assert.deepEqual(call('os.execute'), [1]);
  setSystemAccess({ ...SERVER, commands: 'waiting' });
  assert.deepEqual(await callWaiting('os.execute', 'exit 3'), [768]);
  const endless = inTask(() => libraryFunction('os.execute')('sleep 60; sleep 60'), { deadlineMs: 50 });
  await assert.rejects(Promise.resolve(endless), (error) => error instanceof BudgetExceeded);
  setSystemAccess(previous);
});
