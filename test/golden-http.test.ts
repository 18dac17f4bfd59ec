/**
 * Requests and answers recorded from the reference, replayed against a server for each group of cases. One topic is
 * served by artifacts as `nauthilus build` makes them, the others by `golden-server.ts`, which needs no build each.
 * `GOLDEN=topic/group` runs a part of them.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { workerPlugin } from '../compiler/build/worker-plugin.ts';
import { loadTopics, openGroup, runCase } from './golden/http/run.mjs';

const CASES = fileURLToPath(new URL('./golden/http', import.meta.url));
const COMMAND = fileURLToPath(new URL('../compiler/cli/nauthilus.mjs', import.meta.url));

/** Topics, or groups of topics, whose parts of the server exist. */
const TOPICS = new Set([
  'actions',
  'attributes',
  'backend',
  'backend-monitoring',
  'brute-force',
  'cache',
  'client-identity',
  'features',
  'filters',
  'ldap',
  'legacy-paths',
  'messages-and-logs',
  'mission-document',
  'modes',
  'module-mail-metrics',
  'module-misc',
  'module-password',
  'module-redis',
  'rbl-and-dns',
  'request-table',
  'requests',
]);

/** Cases that are answered otherwise here, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'module-misc/probes/json-decode': 'the probe shows values with %q, which quotes a line break as PUC Lua does',
  'module-misc/probes/lua-51': 'numbers become text as in PUC Lua: %.14g, and a minus zero keeps its sign',
  'module-misc/probes/not-loaded': 'require finds host modules without dynamic_loader',
};

/** Modules that load a library on demand find it elsewhere in an artifact. */
const ARTIFACT_TOPICS = ['mission-document', 'module-mail-metrics'];
const node = quote(process.execPath);
const startArtifact = `${node} ${quote(COMMAND)} build -c {config} -o {dir}/dist && exec ${node} {dir}/dist/nauthilus.mjs start -c {config}`;

const folder = mkdtempSync(join(tmpdir(), 'golden-server-'));
const bundled = join(folder, 'server.mjs');
after(() => rmSync(folder, { recursive: true }));
await build({
  entryPoints: [fileURLToPath(new URL('./golden-server.ts', import.meta.url))],
  outfile: bundled,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  plugins: [workerPlugin()],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'error',
});
const startInMemory = `exec ${node} ${quote(bundled)} start -c {config}`;

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

const isInstalled = (program: string, ...args: readonly string[]) => spawnSync(program, args).error === undefined;
const hasRedis = isInstalled('redis-server', '--version');
const hasSlapd = isInstalled('slapd', '-VV');

function missingFor(needs: readonly string[] = []): string | false {
  if (!hasRedis) return 'redis-server is not installed';
  return needs.includes('slapd') && !hasSlapd ? 'slapd is not installed' : false;
}

/** Between the choice of a port and the start of the server another process may have taken it. */
async function openOnFreePorts(...args: Parameters<typeof openGroup>): ReturnType<typeof openGroup> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openGroup(...args);
    } catch (error) {
      if (attempt === 3 || !/EADDRINUSE/.test(String(error))) throw error;
    }
  }
}

const wanted = process.env.GOLDEN ?? '';

for (const { topic, groups } of loadTopics(CASES)) {
  for (const group of groups) {
    const name = `${topic}/${group.name}`;
    if (!TOPICS.has(topic) && !TOPICS.has(name)) continue;
    if (!name.includes(wanted)) continue;
    const cases = group.cases.filter((each) => DIFFERENT[`${name}/${each.name}`] === undefined);
    if (cases.length === 0) continue;
    test(name, { skip: missingFor(group.needs) }, async (t) => {
      const open = await openOnFreePorts(group, ARTIFACT_TOPICS.includes(topic) ? startArtifact : startInMemory);
      try {
        for (const each of cases) {
          await t.test(each.name, async () => assert.deepEqual(await runCase(each, open), []));
        }
      } finally {
        await open.close();
      }
    });
  }
}
