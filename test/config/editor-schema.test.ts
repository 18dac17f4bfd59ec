/**
 * The JSON Schema that editors use, asked by a validator that knows nothing of the server: what the server accepts is no
 * mistake, but for spellings that it only tolerates; what it refuses for its form is one.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { editorSchema, parseConfig, redactConfig } from '../../runtime/config/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SAMPLES = join(ROOT, 'test/samples/config');
const GOLDEN = join(ROOT, 'test/golden/http');
const schema: AnySchemaObject = JSON.parse(readFileSync(join(ROOT, 'docs/nauthilus.schema.json'), 'utf8'));
// Types that stand beside a pattern are meant: text has to look like a number, a number does not.
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

/** Where the text is not as the schema has it: unknown keys by their path, others with the reason. */
function complaints(text: string): string[] {
  if (validate(parse(text, { merge: true }))) return [];
  const errors = (validate.errors ?? []).filter((each, _, all) => !isEcho(each, all));
  const found = errors.map(({ instancePath, keyword, params, message = '' }) => {
    if (keyword === 'additionalProperties') return dotted(`${instancePath}/${params.additionalProperty}`);
    return `${dotted(instancePath)}: ${message}`;
  });
  return [...new Set(found)].sort();
}

/** Of what may be a list or a single value, the mistake inside the list says it all. */
function isEcho({ instancePath, keyword }: ErrorObject, all: readonly ErrorObject[]): boolean {
  const isInside = (other: ErrorObject): boolean => other.instancePath.startsWith(`${instancePath}/`);
  return (keyword === 'anyOf' || keyword === 'type') && all.some(isInside);
}

function dotted(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`), '');
}

const sample = (name: string): string => readFileSync(join(SAMPLES, name, 'nauthilus.yml'), 'utf8');
const isAccepted = (name: string): boolean =>
  readFileSync(join(SAMPLES, name, '_expected.txt'), 'utf8').endsWith('accepted\n');

describe('the schema for editors', () => {
  it('has nothing against the configuration of the demo, which names it', () => {
    const text = readFileSync(join(ROOT, 'nauthilus.yml'), 'utf8');
    assert.deepEqual(complaints(text), []);
    const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    assert.equal(readFileSync(join(ROOT, named), 'utf8'), editorSchema());
  });

  for (const name of readdirSync(SAMPLES).filter(isAccepted)) {
    it(`knows the accepted sample ${name}, but for keys that are only tolerated`, () => {
      assert.deepEqual(complaints(sample(name)), TOLERATED[name] ?? []);
    });
  }

  for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith('.json'))) {
    it(`has nothing against the recorded configurations of ${file}`, () => {
      const { groups } = JSON.parse(readFileSync(join(GOLDEN, file), 'utf8'));
      for (const { name, config } of groups) {
        const text = [config]
          .flat()
          .join('\n')
          .replaceAll(/\{\w+\}/g, '1234');
        assert.deepEqual(complaints(text), TOLERATED[name] ?? [], name);
      }
    });
  }

  it('has nothing against what the server reads leniently', () => {
    const text = `
server:
  backends: "cache, lua"
  features: lua
  max_concurrent_requests: "10"
  haproxy_v2: "T"
  workers: 1
  log: { json: 1, color: "0", level: , debug_modules: " lua , rbl " }
  dns: { timeout: 7 }
  instance_name: 0123
  redis: { pool_size: 1, password_nonce: 007, master: { address: "h:1" } }
cleartext_networks: 192.0.2.1
brute_force:
lua: { config: { backend_script_path: b.lua }, search: { protocol: imap, cache_name: c } }
`;
    const { config } = parseConfig({ text, file: 'nauthilus.yml', env: {} });
    assert.ok(config);
    assert.deepEqual(complaints(text), []);
  });

  it('finds misspelt keys and words, missing keys and values of a wrong kind', () => {
    const text = `
server: { backends: [lua, lau], adress: "x:1", max_concurrent_requests: many, tls: { enabled: perhaps }, log: [] }
brute_force: { when_redis_fails: panic, buckets: [ { nme: a } ] }
lua: { features: [ { name: a } ], config: { backend_script_path: b.lua } }
`;
    const found = complaints(text).join('\n');
    for (const expected of [
      /^server\.adress$/m,
      /^server\.backends\[1\]: must be equal to one of the allowed values$/m,
      /^server\.max_concurrent_requests: must match pattern/m,
      /^server\.tls\.enabled: must match pattern/m,
      /^server\.log: must be object,null$/m,
      /^brute_force\.when_redis_fails: must be equal to one of the allowed values$/m,
      /^brute_force\.buckets\[0\]\.nme$/m,
      /^lua\.features\[0\]: must have required property 'script_path'$/m,
    ]) {
      assert.match(found, expected);
    }
    assert.deepEqual(complaints('lua: {}'), [": must have required property 'server'"]);
  });

  it('has nothing against the effective configuration that is printed', () => {
    const text = readFileSync(join(ROOT, 'nauthilus.yml'), 'utf8');
    const { config } = parseConfig({ text, file: 'nauthilus.yml', env: {} });
    assert.deepEqual(complaints(redactConfig(config ?? assert.fail())), []);
  });

  it('describes every key', () => {
    const silent: string[] = [];
    const visit = (node: AnySchemaObject, path: string): void => {
      for (const [key, property] of Object.entries<AnySchemaObject>(node.properties ?? {})) {
        if (typeof property.description !== 'string') silent.push(`${path}${key}`);
        visit(property, `${path}${key}.`);
      }
    };
    visit(schema, '');
    for (const [name, definition] of Object.entries<AnySchemaObject>(schema.definitions)) visit(definition, `${name}.`);
    assert.deepEqual(silent, []);
  });
});

/** Keys of documentation and older versions, by sample or recorded group. */
const TOLERATED: Readonly<Record<string, readonly string[]>> = {
  'documented-spellings': [
    'brute_force.user_account',
    'csrf_secret',
    'ldap.config.idle_pool_size',
    'ldap.config.pool_size',
    'ldap.search[0].mapping.attribute',
    'lua.config.script_path',
    'password_nonce',
  ],
  'documented-but-refused-keys': ['brute_force.user_account', 'password_nonce'],
  'script-path-alias': ['lua.config.script_path'],
};
