/** Pages, stubs, examples and notes belong to what is declared: nothing is missing, nothing is left over, nothing is old. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namePages } from '../compiler/build/reference/reference.ts';
import { examplePath, expectedReference, notesPath, presentReference } from '../compiler/cli/write-reference.ts';
import { compileChunk } from '../compiler/front/index.ts';
import type { HostFunction } from '../runtime/contract/host.ts';
import { entries, type LuaValue } from '../runtime/engine/api.ts';
import { describeGlobals, describeModules, REQUEST_FIELDS } from '../runtime/index.ts';
import modules from '../runtime/modules/index.gen.ts';
import type { OpenedServices } from '../runtime/services/index.ts';
import { configText, loginHeaders, startServer } from './login-server.ts';
import { EVERYTHING_CONFIGURED } from './modules/everything-configured.ts';
import { Script, services } from './modules/script.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const manifest = describeModules();
const pages = namePages(manifest.modules);
const expected = expectedReference(ROOT);

function namesIn(folder: string): readonly string[] {
  return existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`) : [];
}

test('every page, every stub and the schema for editors is what the declarations say', () => {
  const stale = [...expected].filter(([path, content]) => {
    return !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== content;
  });
  assert.deepEqual(
    stale.map(([path]) => path),
    [],
    'these are stale: run `npm run docs` and commit what it writes',
  );
});

test('no page or stub speaks of what is not declared', () => {
  const orphans = presentReference(ROOT).filter((path) => !expected.has(path));
  assert.deepEqual(orphans, [], 'nothing declares these any more: run `npm run docs`');
});

test('pages have names of their own', () => {
  const names = pages.map(({ page }) => page);
  assert.equal(new Set(names).size, names.length);
  for (const name of names)
    assert.ok(existsSync(join(ROOT, `runtime/modules/${name}.ts`)), `no source file ${name}.ts`);
});

test('every module has an example, and every example and note a module', () => {
  const names = pages.map(({ page }) => page);
  const missing = names.filter((page) => !existsSync(join(ROOT, examplePath(page)))).map(examplePath);
  assert.deepEqual(missing, [], 'these examples have to be written; docs/development.md says how');
  const known = new Set(names.flatMap((page) => [examplePath(page), notesPath(page)]));
  const present = [...namesIn('runtime/modules/examples'), ...namesIn('runtime/modules/notes')];
  assert.deepEqual(
    present.filter((path) => !known.has(path)),
    [],
    'no module has the name of these files',
  );
});

test('every stub is Lua', () => {
  for (const [path, content] of expected) {
    if (!path.endsWith('.lua')) continue;
    const compiled = compileChunk(content, `@${path}`, manifest);
    assert.ok(compiled.ok, `${path}: ${compiled.ok ? '' : compiled.message}`);
  }
});

test('every class is described in one stub', () => {
  const classes = [...expected].flatMap(([path, content]) =>
    path.endsWith('.lua') ? [...content.matchAll(/^---@class (\S+)/gm)].map(([, name = '']) => name) : [],
  );
  assert.ok(classes.length > 50);
  assert.deepEqual(
    classes.filter((name, at) => classes.indexOf(name) !== at),
    [],
  );
});

test('every type that stubs name is one of Lua or a kind of object that some module describes', () => {
  const globals = describeGlobals();
  const kinds = [...manifest.modules, ...globals.tables].flatMap((each) => each.userdata);
  const known = new Set(['any', 'boolean', 'function', 'integer', 'number', 'string', 'table', 'nil', 'unknown']);
  for (const { name } of kinds) known.add(name);
  const functions = [
    ...manifest.modules,
    ...globals.tables,
    globals,
    ...kinds.map(({ methods }) => ({ functions: methods })),
  ];
  const fields = [...manifest.modules, ...kinds].flatMap((each) => each.fields ?? []);
  const types = [
    ...functions.flatMap((each) => each.functions.flatMap(({ params, returns }) => [...params, ...returns])),
    ...fields,
  ];
  const names = types.flatMap(({ type }) =>
    type
      .replaceAll(/\w+\??:/g, '')
      .split(/[|?<>,\s[\]{}]+/)
      .filter((part) => part !== '' && !/^'.*'$/.test(part)),
  );
  assert.deepEqual(
    [...new Set(names)].filter((name) => !known.has(name)),
    [],
  );
});

test('every function, method and field is described in one line', () => {
  const globals = describeGlobals();
  const userdata = [...manifest.modules, ...globals.tables].flatMap((each) => each.userdata);
  const functions: readonly HostFunction[] = [
    ...manifest.modules.flatMap((each) => each.functions),
    ...globals.functions,
    ...globals.tables.flatMap((each) => each.functions),
    ...userdata.flatMap(({ methods }) => methods),
  ];
  const fields = [...[...manifest.modules, ...userdata].flatMap((each) => each.fields ?? []), ...REQUEST_FIELDS];
  for (const { name, doc } of [...functions, ...fields])
    assert.match(
      doc,
      /^[A-Z`][^\n]{3,120}[.?]$/,
      `doc of ${name}: '${doc}' is not one sentence of 5 to 122 characters`,
    );
  for (const { name, doc } of manifest.modules.map(({ loader, doc: text }) => ({ name: loader, doc: text }))) {
    assert.match(
      doc,
      /^[A-Z`][^\n]{3,140}[.?]$/,
      `doc of ${name}: '${doc}' is not one sentence of 5 to 142 characters`,
    );
  }
});

test('the request table has the described fields, of the described types, and no others', async () => {
  const { request, services: opened } = await startServer(
    configText('backends: [lua]', 'lua: { config: { backend_script_path: backend.lua } }'),
    {
      'backend.lua': `
        local redis = require("nauthilus_redis")
        function nauthilus_backend_verify_password(request)
          for name, value in pairs(request) do redis.redis_hset("default", "fields", name, type(value)) end
          return 1, nil
        end`,
    },
  );
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') });
  const found = await opened.redis.defaultHandle.read('HGETALL', 'fields');
  assert.ok(Array.isArray(found));
  const pairs = found.flatMap((name, at) => (at % 2 === 0 ? [[String(name), String(found[at + 1])] as const] : []));
  const described = REQUEST_FIELDS.map(({ name, type }) => [name, type === 'integer' ? 'number' : type] as const);
  assert.deepEqual(new Map(pairs), new Map(described));
});

describe('the table of a module', () => {
  let opened: OpenedServices;
  before(async () => {
    opened = await services(EVERYTHING_CONFIGURED);
  });
  after(() => opened.close());

  for (const definition of modules) {
    test(`${definition.loader} ${definition.requires[0]} has the declared fields and no others`, async () => {
      const script = new Script(opened, modules, { scriptClass: definition.classes[0]! });
      const table = await script.require(definition.requires[0]!, definition.loader);
      const isValue = ([, value]: readonly [LuaValue, LuaValue]): boolean => typeof value !== 'function';
      const values = [...entries(table)].filter(isValue).map(([key]) => String(key));
      assert.deepEqual(
        values.sort(),
        definition
          .describe()
          .fields.map(({ name }) => name)
          .sort(),
      );
    });
  }
});
