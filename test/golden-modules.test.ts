/** The recorded module cases: what small programs with host modules printed in the reference. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FULL_ACCESS, setSystemAccess } from '../runtime/engine/stdlib/system.ts';
import type { RequestSnapshot } from '../runtime/login/script-state.ts';
import type { OpenedServices } from '../runtime/services/index.ts';
import { runProgram } from './modules/program.ts';
import { services } from './modules/script.ts';
import { mariadbMissing, type SqlServer, startMariadb } from './servers/mariadb.ts';
import { postgresMissing, startPostgres } from './servers/postgres.ts';

interface GoldenCase {
  readonly name: string;
  readonly source: string;
  readonly stdout: string;
  readonly files?: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly needs?: readonly string[];
}

/** What the recorder's own runner offers: servers for the cases, and how argument errors are compared. */
interface Runner {
  readonly fold: (text: string) => string;
  readonly Fixtures: new (
    have: ReadonlyMap<string, string>,
  ) => {
    readonly servers: readonly Server[];
    get(need: string): Promise<Readonly<Record<string, string>> | null>;
    close(): void;
  };
}

const FOLDER = new URL('golden/modules/', import.meta.url);
const { fold, Fixtures }: Runner = await import(new URL('run.mjs', FOLDER).href);

/** The request that the cases with the need `request` are about. */
const REQUEST: RequestSnapshot = {
  method: 'POST',
  url: '/api/v1/auth/json?x=1',
  headers: [
    ['Content-Type', 'application/json'],
    ['User-Agent', 'golden/1.0'],
    ['X-Multi', 'one'],
    ['X-Multi', 'two'],
  ],
  body: Buffer.from('{"username":"alice","note":"héllo"}'),
};

let opened: OpenedServices;
const given = new Map([['request', '']]);
const fixtures = new Fixtures(given);
const sqlServers: SqlServer[] = [];

/** Real ones, where they are installed. */
async function startSqlServers(): Promise<void> {
  const starts = { mysql: !mariadbMissing && startMariadb, postgres: !postgresMissing && startPostgres };
  for (const [need, start] of Object.entries(starts)) {
    if (start === false) continue;
    const server = await start();
    sqlServers.push(server);
    given.set(need, server.source);
  }
}

const letGoOf = new Set<Server>();

/** Some cases leave connections open, as in the reference, where the end of the process ends them: they must not keep this one. */
function letGo(servers: readonly Server[]): void {
  for (const server of servers) {
    if (!letGoOf.has(server)) server.on('connection', (socket) => socket.unref());
    letGoOf.add(server);
  }
}

/** The tokens of the case's needs with their values; undefined when something it needs is not there. */
async function tokensOf({ needs = [] }: GoldenCase): Promise<readonly (readonly [string, string])[] | undefined> {
  const tokens: (readonly [string, string])[] = [];
  for (const need of needs) {
    const given = await fixtures.get(need);
    if (given === null) return undefined;
    letGo(fixtures.servers);
    tokens.push(...Object.entries(given).filter(([, value]) => value !== ''));
  }
  return tokens.sort(([, a], [, b]) => b.length - a.length);
}

function layFiles({ source, files = {} }: GoldenCase, swap: (text: string) => string): void {
  writeFileSync('case.lua', swap(source));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? swap(content) : Buffer.from(content.base64, 'base64'));
  }
}

const zone = process.env.TZ;
const home = process.cwd();
const access = setSystemAccess(FULL_ACCESS);
before(async () => {
  process.env.TZ = 'UTC';
  opened = await services();
  await startSqlServers();
});
after(async () => {
  process.chdir(home);
  process.env.TZ = zone;
  setSystemAccess(access);
  fixtures.close();
  await opened.close();
  for (const server of sqlServers) await server.close();
});

/**
 * What cannot be as recorded, because more is wanted here than the reference has: the functions of later versions (AES,
 * `environ`) exist, and `require` works without `dynamic_loader`.
 */
const DIFFERENT: Readonly<Record<string, (shown: string) => string>> = {
  'crypto fields': (shown) => shown.replace(/function: 0x\w+/, 'nil'),
  'crypto unknown_loader': (shown) => shown.replace('0\nfalse\ntrue\n', '0\nfalse\nfalse\n'),
  'goos host_facts': (shown) => shown.replace(/function: 0x\w+/, 'nil'),
};

for (const file of readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  const group = file.slice(0, -'.json'.length);
  const cases: readonly GoldenCase[] = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  describe(`recorded cases of ${group}`, () => {
    for (const each of cases) {
      test(each.name, async (context) => {
        const tokens = await tokensOf(each);
        if (tokens === undefined) return context.skip(`needs ${each.needs?.join(', ')}`);
        const folder = mkdtempSync(join(tmpdir(), 'golden-modules-'));
        process.chdir(folder);
        try {
          const swap = (text: string) => tokens.reduce((done, [token, value]) => done.replaceAll(token, value), text);
          layFiles(each, swap);
          const { stdout, failure } = await runProgram(opened, swap(each.source), { request: REQUEST });
          const back = tokens.reduce((done, [token, value]) => done.replaceAll(value, token), stdout);
          const different = DIFFERENT[`${group} ${each.name}`] ?? ((text: string) => text);
          const shown = different(back.replaceAll(folder, '@DIR@'));
          assert.equal(
            shown === each.stdout ? shown : fold(shown),
            shown === each.stdout ? shown : fold(each.stdout),
            failure,
          );
        } finally {
          process.chdir(home);
          rmSync(folder, { recursive: true });
        }
      });
    }
  });
}
