/** The examples of the reference pages run and print what they say: what stands behind `-->`, line by line. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namePages } from '../../compiler/build/reference/reference.ts';
import { examplePath } from '../../compiler/cli/write-reference.ts';
import type { HostModule } from '../../runtime/contract/host.ts';
import type { RequestSnapshot } from '../../runtime/login/script-state.ts';
import { EXAMPLE_SERVERS, type ExampleWorld } from './example-servers.ts';
import { manifest, runProgram } from './program.ts';
import { services } from './script.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The login at which the examples run. */
const REQUEST: RequestSnapshot = {
  method: 'POST',
  url: '/api/v1/auth/json?in-memory=0',
  headers: [
    ['Host', 'auth.example.test'],
    ['X-Forwarded-For', '192.0.2.7'],
    ['X-Forwarded-For', '198.51.100.1'],
    ['Content-Type', 'application/json'],
  ],
  body: Buffer.from('{"username":"mia"}'),
};

/** Examples are no benchmarks: the machine may be busy with other tests. */
const BLOCKING_MS = 20_000;

function printedLines(example: string): readonly string[] {
  return [...example.matchAll(/-->[ ]?(.*)$/gm)].map(([, line = '']) => line);
}

async function runExample(
  page: string,
  example: string,
  { classes }: HostModule,
  world: ExampleWorld,
): Promise<string> {
  Object.assign(process.env, world.env);
  const opened = await services(world.config);
  try {
    const scriptClass = classes.includes('filter') ? 'filter' : classes[0]!;
    const { stdout, failure } = await runProgram(opened, example, {
      scriptClass,
      request: REQUEST,
      blockingMs: BLOCKING_MS,
    });
    assert.equal(failure, undefined, examplePath(page));
    return stdout;
  } finally {
    for (const name of Object.keys(world.env ?? {})) delete process.env[name];
    await opened.close();
  }
}

for (const { page, module } of namePages(manifest.modules)) {
  const path = join(ROOT, examplePath(page));
  const server = EXAMPLE_SERVERS[page];
  // That every module has an example is a test of its own.
  if (!existsSync(path)) continue;
  test(`${examplePath(page)} prints what it says`, { skip: server?.missing ?? false }, async () => {
    const example = readFileSync(path, 'utf8');
    const lines = printedLines(example);
    assert.ok(lines.length > 0, 'the example says of no line what it prints (`print(x) --> text`)');
    const world = (await server?.start()) ?? { stop: () => {} };
    try {
      assert.equal(await runExample(page, example, module, world), lines.map((line) => `${line}\n`).join(''));
    } finally {
      await world.stop();
    }
  });
}

test('every server of an example belongs to a module', () => {
  const pages = namePages(manifest.modules).map(({ page }) => page);
  assert.deepEqual(
    Object.keys(EXAMPLE_SERVERS).filter((page) => !pages.includes(page)),
    [],
  );
});
