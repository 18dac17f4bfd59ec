/** SQL databases: real MariaDB and PostgreSQL servers, SQLite inside the process. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LuaTable, LuaValue } from '../../runtime/engine/api.ts';
import { toHost } from '../../runtime/host/index.ts';
import db from '../../runtime/modules/nauthilus_gll_db.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { createSqlite } from '../../runtime/services/sql/sqlite/driver.ts';
import { readSqliteDsn } from '../../runtime/services/sql/sqlite/dsn.ts';
import { configText, loginHeaders, startServer } from '../login-server.ts';
import { mariadbMissing, type SqlServer, startMariadb } from '../servers/mariadb.ts';
import { postgresMissing, startPostgres } from '../servers/postgres.ts';
import { outputOf } from './program.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

/** What a program prints that has `d`, an open handle. */
function printed(open: string, program: string): Promise<string> {
  const source = `dynamic_loader("nauthilus_gll_db") db = require("db") d = assert(db.open(${open}))\n${program}`;
  return outputOf(opened, source);
}

const SQLITE = '"sqlite3", ":memory:"';

interface Kind {
  readonly name: string;
  readonly missing: false | string;
  readonly start: () => Promise<SqlServer>;
  readonly driver: string;
  /** The second placeholder. */
  readonly places: readonly [string, string];
}

const KINDS: readonly Kind[] = [
  { name: 'MariaDB', missing: mariadbMissing, start: startMariadb, driver: 'mysql', places: ['?', '?'] },
  { name: 'PostgreSQL', missing: postgresMissing, start: startPostgres, driver: 'postgres', places: ['$1', '$2'] },
];

for (const { name, missing, start, driver, places } of KINDS) {
  describe(`a real ${name}`, { skip: missing }, () => {
    let server: SqlServer;
    let open = '';
    before(async () => {
      server = await start();
      open = `"${driver}", "${server.source}"`;
    });
    after(() => server.close());

    test('bound parameters are data, whatever is in them', async () => {
      const nasty = `x'; drop table people; -- "\\ ü`;
      const program = `
        assert(d:exec("create table people (name varchar(80), age double precision)"))
        print(d:exec("insert into people values (${places.join(', ')})", ${JSON.stringify(nasty)}, 7.5).rows_affected)
        local r = assert(d:query("select name, age from people where name = ${places[0]}", ${JSON.stringify(nasty)}))
        print(r.rows[1][1], r.rows[1][2], #r.rows)
        print(#assert(d:command("select 1 from people where name = ${places[0]}", "' or 'a'='a")).rows)
        print(d:exec("update people set age = ${places[0]}", nil).rows_affected, d:query("select age from people").rows[1][1])
        print((select(2, d:exec("insert into people values (${places.join(', ')})", {}, 1))))
        d:close()`;
      assert.equal(
        await printed(open, program),
        `1\nx'; drop table people; -- "\\ ü\t7.5\t1\n0\n1\tnil\nsql: converting argument $1 type: unsupported type lua.LTable, a struct\n`,
      );
    });

    test('a failed statement leaves the handle usable, and nothing of its transaction', async () => {
      const program = `
        assert(d:exec("create table once (a int primary key)"))
        print(d:exec("insert into once values (1), (1)"))
        print(#d:query("select * from once").rows, d:exec("insert into once values (2)").rows_affected)
        print(#d:query("select * from once").rows)`;
      const lines = (await printed(open, program)).split('\n');
      assert.match(lines[0]!, driver === 'mysql' ? /^nil\tError 1062 \(23000\): Duplicate/ : /^nil\tpq: duplicate key/);
      assert.deepEqual(lines.slice(1), ['0\t1', '1', '']);
    });

    test('a read-only handle changes nothing', async () => {
      const program = `
        local ro = assert(db.open(${open}, { read_only = true }))
        assert(d:exec("create table locked (a int)"))
        print((select(2, ro:exec("insert into locked values (1)")):lower():match("read.only")))
        print(#ro:query("select * from locked").rows)`;
      assert.match(await printed(open, program), /^read.only\n0\n$/);
    });

    test('callers beyond max_connections wait for a free connection, and others go on meanwhile', async () => {
      const script = new Script(opened, [db]);
      const module = await script.require('db', 'nauthilus_gll_db');
      const [handle] = await script.call(module, 'open', driver, server.source);
      const sleep = driver === 'mysql' ? 'select sleep(0.3)' : 'select pg_sleep(0.3)';
      const started = performance.now();
      const beats: number[] = [];
      const beat = setInterval(() => beats.push(performance.now()), 10);
      const others = [1, 2].map(() => {
        const other = new Script(opened, [db]);
        return other.method(handle, 'command', sleep);
      });
      await Promise.all(others);
      clearInterval(beat);
      assert.ok(performance.now() - started >= 590, 'the second one had to wait');
      assert.ok(beats.length > 20, 'the event loop stood still');
    });

    test('a server that crashes is an error, and the next statement after its return works', async () => {
      const script = new Script(opened, [db]);
      const module = await script.require('db', 'nauthilus_gll_db');
      const [handle] = await script.call(module, 'open', driver, server.source);
      assert.equal(rowsOf(await script.method(handle, 'query', 'select 1')).length, 1);
      await server.kill();
      let [nothing, reason] = await script.method(handle, 'query', 'select 1');
      // The process of a connection may live for moments longer than the one that was killed.
      while (nothing !== undefined) [nothing, reason] = await script.method(handle, 'query', 'select 1');
      assert.equal(nothing, undefined);
      assert.match(String(reason), /127\.0\.0\.1:\d+|^pq: terminating connection/);
      assert.doesNotMatch(String(reason), /secret/);
      await server.restart();
      assert.equal(rowsOf(await script.method(handle, 'query', 'select 1')).length, 1);
      await script.method(handle, 'close');
    });

    test('a wrong password is an error without the password', async () => {
      const source = server.source.replace('secret', 'hunter2');
      const program = `print(db.open("${driver}", "${source}"):query("select 1"))`;
      const text = await printed(open, program);
      assert.match(
        text,
        driver === 'mysql' ? /Error 1045 \(28000\): Access denied/ : /pq: password authentication failed/,
      );
      assert.doesNotMatch(text, /hunter2/);
    });
  });
}

function rowsOf([result]: readonly LuaValue[]): readonly unknown[] {
  const copy = toHost((result as LuaTable).$h.rows);
  return copy instanceof Map ? [...copy.values()] : [];
}

describe('SQLite', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('columns of one name, types by declaration, NULL and bytes', async () => {
    const program = `
      d:exec("create table t (id integer primary key, at datetime, ok boolean, b blob)")
      d:exec("insert into t values (1, '2024-02-29 12:00:00', 1, x'00ff'), (2, 1709208000000, 0, null)")
      local r = d:query("select id, id, at, ok, b, 1.5, null, 'x' from t")
      print(table.concat(r.columns, ","))
      for _, row in ipairs(r.rows) do print(row[1], row[2], row[3], row[4], row[5] and #row[5], row[6], row[7], row[8]) end
      r = d:query("select * from t where id > 5") print(#r.columns, #r.rows)`;
    assert.equal(
      await printed(SQLITE, program),
      "id,id,at,ok,b,1.5,null,'x'\n1\t1\t1709208000\ttrue\t2\t1.5\tnil\tx\n2\t2\t1709208000\tfalse\tnil\t1.5\tnil\tx\n4\t0\n",
    );
  });

  test('statements count their parameters; a shared handle sees the data, another one in memory does not', async () => {
    const program = `
      local a = db.open("sqlite3", "file:twin?mode=memory&cache=shared", { shared = true })
      local b = db.open("sqlite3", "file:twin?mode=memory&cache=shared", { shared = true })
      a:exec("create table t (a text)")
      local s = assert(b:stmt("insert into t values (?)"))
      print(s:exec("x").rows_affected, s:exec())
      print(a:query("select * from t").rows[1][1], d:query("select * from t"))
      s:close() print(s:exec("y"))
      a:close() print(b:query("select 1"))
      print(d:command("pragma journal_mode").rows[1][1])`;
    assert.equal(
      await printed(SQLITE, program),
      '1\tnil\tsql: expected 1 arguments, got 0\nx\tnil\tno such table: t\nnil\tsql: statement is closed\nnil\tsql: database is closed\nmemory\n',
    );
  });

  test('a file is read by handles that come later; settings of the source are taken', async () => {
    const file = join(folder, 'a.db');
    const program = `
      d:exec("create table t (a)") d:exec("insert into t values (1)") d:close()
      local ro = db.open("sqlite3", "file:${file}?mode=ro")
      print(ro:query("select count(*) from t").rows[1][1], (select(2, ro:exec("insert into t values (2)"))))
      print((select(2, db.open("sqlite3", "file:${folder}/none.db?mode=rw"):query("select 1"))))
      print(db.open("sqlite3", "file:${file}?_foreign_keys=1"):command("pragma foreign_keys").rows[1][1])
      print(db.open("sqlite3", "${file}?_txlock=never"))`;
    assert.equal(
      await printed(`"sqlite3", "${file}"`, program),
      '1\tattempt to write a readonly database\nunable to open database file\n1\nnil\tInvalid _txlock: never\n',
    );
  });

  test('a statement that never ends does not stop the process, and is ended', async () => {
    const sqlite = createSqlite(400);
    const session = await sqlite.driver(readSqliteDsn(':memory:')).connect();
    const beats: number[] = [];
    const beat = setInterval(() => beats.push(1), 10);
    await assert.rejects(
      session.run('with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n', []),
      /interrupted/,
    );
    clearInterval(beat);
    assert.ok(beats.length > 10);
    assert.equal(session.isUsable, false);
    await sqlite.close();
  });
});

test('the shipped backend asks a database, and no login name becomes SQL', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sql-backend-'));
  const file = join(folder, 'users.db');
  await printed(
    `"sqlite3", "${file}"`,
    `d:exec("create table users (login text primary key, password text not null, account text not null)")
     d:exec("insert into users values ('mia', '{PLAIN}secret', 'mia@example.test'), ('odd', '{NOSUCH}x', 'odd@example.test')")`,
  );
  process.env.SQL_SOURCE = file;
  const path = 'lua/policies/sql_backend.lua';
  const config = configText('backends: [lua]', `lua: { config: { backend_script_path: ${path} } }`);
  const { request } = await startServer(config, { [path]: readFileSync(path, 'latin1') });
  const login = (user: string, password: string) =>
    request({ method: 'GET', url: '/api/v1/auth/header', headers: loginHeaders(user, password) });
  assert.equal((await login('Mia', 'secret')).status, 200);
  assert.equal((await login('mia', 'wrong')).status, 403);
  assert.equal((await login("' or '1'='1", 'secret')).status, 403);
  assert.equal((await login('odd', 'x')).status, 500);
  process.env.SQL_SOURCE = join(folder, 'missing', 'users.db');
  assert.equal((await login('mia', 'secret')).status, 500);
  delete process.env.SQL_SOURCE;
  rmSync(folder, { recursive: true });
});
