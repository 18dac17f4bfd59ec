/** Answers that are too large, and statements that nobody waits for any more: real servers, and SQLite. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { mariadbMissing, type SqlServer, startMariadb } from '../servers/mariadb.ts';
import { postgresMissing, startPostgres } from '../servers/postgres.ts';
import { type ProgramOptions, type Ran, runProgram } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
const folder = mkdtempSync(join(tmpdir(), 'sql-limits-'));
before(async () => {
  opened = await services();
});
after(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

function run(open: string, program: string, options: ProgramOptions = {}): Promise<Ran> {
  const head = `dynamic_loader("nauthilus_gll_db") local db = require("db") local d = assert(db.open(${open}))\n`;
  return runProgram(opened, head + program, options);
}

interface Kind {
  readonly name: string;
  readonly missing: false | string;
  readonly start: () => Promise<Pick<SqlServer, 'source' | 'close'>>;
  readonly driver: string;
  readonly sleep: string;
  /** Small rows without end, and one large one. */
  readonly rows: string;
  readonly large: string;
  /** How many connections the user has. */
  readonly count: string | undefined;
  /** What of `sleep` is still at work. */
  readonly active: string | undefined;
}

const KINDS: readonly Kind[] = [
  {
    name: 'MariaDB',
    missing: mariadbMissing,
    start: startMariadb,
    driver: 'mysql',
    sleep: 'select sleep(20)',
    rows: 'select 1 from seq_1_to_1000000000',
    large: "select repeat('x', 60000) from seq_1_to_1000000",
    count: "select count(*) from information_schema.processlist where user = 'golden'",
    active: "select 1 from information_schema.processlist where info like 'select sleep%'",
  },
  {
    name: 'PostgreSQL',
    missing: postgresMissing,
    start: startPostgres,
    driver: 'postgres',
    sleep: 'select pg_sleep(20)',
    rows: 'select generate_series(1, 1000000000)',
    large: "select repeat('x', 100000000)",
    count: "select count(*) from pg_stat_activity where usename = 'golden' and backend_type = 'client backend'",
    active: "select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'",
  },
  {
    name: 'SQLite',
    missing: false,
    start: async () => ({ source: join(folder, 'a.db'), close: async () => {} }),
    driver: 'sqlite3',
    sleep: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    rows: 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
    large: 'select zeroblob(900000000)',
    count: undefined,
    active: undefined,
  },
];

for (const { name, missing, start, driver, sleep, rows, large, count, active } of KINDS) {
  describe(name, { skip: missing }, () => {
    let server: Pick<SqlServer, 'source' | 'close'>;
    let shared = '';
    let own = '';
    before(async () => {
      server = await start();
      own = `"${driver}", "${server.source}"`;
      shared = `${own}, { shared = true }`;
    });
    after(() => server.close());

    for (const [what, statement] of [
      ['rows without end', rows],
      ['a value that no memory holds', large],
    ] as const) {
      test(`${what} end in an error, and the handle can be used again`, async () => {
        const before = process.memoryUsage().rss;
        const { stdout, failure } = await run(
          shared,
          `print((select(2, d:command(${JSON.stringify(statement)})))) print(d:query("select 7").rows[1][1])`,
        );
        assert.equal(failure, undefined);
        assert.match(
          stdout,
          /^(?:the result has more than 67108864 bytes|.*out of memory.*|.*string or blob too big.*)\n7\n$/,
        );
        assert.ok(process.memoryUsage().rss - before < 700 * 1024 * 1024);
      });
    }

    test('a statement ends with the script that waits for it, and with it the wait of others', async () => {
      const started = performance.now();
      const slow = run(shared, `d:command(${JSON.stringify(sleep)})`, { deadlineMs: 300 });
      const queued = run(shared, 'd:command("select 1")', { deadlineMs: 150 });
      assert.match((await queued).failure ?? '', /time limit|timeout|deadline/i);
      assert.match((await slow).failure ?? '', /time limit|timeout|deadline/i);
      const { stdout, failure } = await run(shared, 'print(d:query("select 7").rows[1][1])');
      assert.equal(failure, undefined);
      assert.equal(stdout, '7\n');
      assert.ok(performance.now() - started < 10_000);
    });

    test('the server, too, stops a statement that nobody waits for', { skip: active === undefined }, async () => {
      await run(shared, `d:command(${JSON.stringify(sleep)})`, { deadlineMs: 300 });
      for (let attempt = 0; attempt < 60; attempt++) {
        const { stdout } = await run(shared, `print(#d:command([[${active}]]).rows)`);
        if (stdout === '0\n') return;
        await setTimeout(50);
      }
      assert.fail('it goes on');
    });

    test('a script that forgets its handle keeps no connection', { skip: count === undefined }, async () => {
      for (let i = 0; i < 5; i++) await run(own, 'd:query("select 1")');
      const { stdout } = await run(
        own,
        `for _ = 1, 50 do
           if d:command([[${count}]]).rows[1][1] <= 3 then break end
           for _ = 1, 1e5 do end
         end
         print(d:command([[${count}]]).rows[1][1])`,
      );
      assert.ok(Number(stdout) <= 3, `${stdout} connections`);
    });
  });
}
