/** What `nauthilus check` finds in scripts, and that it finds nothing in scripts that are in order. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RULES } from '../../compiler/check/index.ts';
import { parseConfig, scriptSet } from '../../runtime/config/index.ts';
import type { ConfiguredScript } from '../../runtime/contract/scripts.ts';
import { runSamples } from '../samples.ts';
import { check, lineOf, type ProgramSource } from './program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('samples', () => {
  runSamples('check', (sample) => {
    const found = check(sample.inputs.map((name) => ({ name, source: sample.read(name) })));
    return found.map((each) => `${lineOf(each)}\n`).join('') || 'nothing\n';
  });
});

test('every rule is named like its file and has a sample in which it finds something', () => {
  const folder = join(ROOT, 'compiler/check/rules');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts'));
  assert.deepEqual(RULES.map(({ name }) => `${name}.ts`).toSorted(), files.toSorted());
  for (const { name } of RULES) {
    const expected = readFileSync(join(ROOT, `test/samples/check/${name}/_expected.txt`), 'latin1');
    assert.match(expected, new RegExp(` ${name}: `), name);
  }
});

test('the documentation tells of every rule', () => {
  const page = readFileSync(join(ROOT, 'docs/writing-policies.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (error|warning|notice) \| ([^|]+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, name, severity, doc]) => ({ name, severity, doc })),
    RULES.map(({ name, severity, doc }) => ({ name, severity, doc })),
  );
});

/** All Lua files below a folder. */
function luaFiles(folder: string): readonly ProgramSource[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.lua'))
    .sort()
    .map((name) => ({ name, source: readFileSync(join(ROOT, folder, name), 'latin1') }));
}

const errorsIn = (found: ReturnType<typeof check>): readonly string[] =>
  found.filter(({ severity }) => severity === 'error').map(lineOf);

describe('scripts that are in order have no error', () => {
  for (const folder of ['lua', 'runtime/modules/examples', 'bench/engine/lua']) {
    test(`in ${folder}`, () => {
      for (const file of luaFiles(folder)) assert.deepEqual(errorsIn(check([file])), [], file.name);
    });
  }

  test('the demo has no warning either', () => {
    const text = readFileSync(join(ROOT, 'nauthilus.yml'), 'utf8');
    const { config } = parseConfig({ text, file: 'nauthilus.yml', env: {} });
    assert.ok(config);
    const sources = luaFiles('lua')
      .filter(({ name }) => !name.startsWith('types'))
      .map(({ name, source }) => ({ name: `lua/${name}`, source }));
    const named = sources.map(({ name, source }) => ({ name: name.replace(/^lua\/share\//, ''), source }));
    assert.deepEqual(check(named, scriptSet(config).scripts).map(lineOf), []);
  });

  test('in the scripts of the recorded cases, but for what is wrong in them on purpose', () => {
    const found = recordedPrograms().flatMap(({ label, sources, scripts }) =>
      errorsIn(check(sources, scripts)).map((line) => `${label} ${line}`),
    );
    assert.deepEqual(
      found.filter((line) => !WRONG_ON_PURPOSE.some((known) => line.includes(known))),
      [],
    );
  });
});

/** Cases that ask what the reference makes of mistakes; `{tcp1}` is a port number once the case runs. */
const WRONG_ON_PURPOSE = [
  "'nauthilus_backend.check_backend_connection' takes integer as 'port', not a table",
  'backend/outcome {dir}/backend.lua:81:',
  'backend/no-entry-function ',
  'features/errors ',
  'module-misc/probes ',
  'module-password/probes ',
];

interface RecordedProgram {
  readonly label: string;
  readonly sources: readonly ProgramSource[];
  readonly scripts: readonly ConfiguredScript[];
}

interface RecordedTopic {
  readonly groups: readonly {
    readonly name: string;
    readonly config: readonly string[];
    readonly scripts?: Readonly<Record<string, readonly string[] | string>>;
  }[];
}

/** The configured scripts of all groups of recorded cases whose configuration this server takes. */
function recordedPrograms(): readonly RecordedProgram[] {
  const folder = join(ROOT, 'test/golden/http');
  const topics = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return topics.flatMap((file) => {
    const { groups }: RecordedTopic = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return groups.flatMap(({ name, config: lines, scripts: texts = {} }) => {
      const text = lines
        .join('\n')
        .replaceAll(/\{(?!dir)[a-z_0-9]+\}/g, '4321')
        .replaceAll('"{dir}', '"DIR');
      const { config } = parseConfig({ text, file, env: {} });
      if (config === undefined) return [];
      const sources = Object.entries(texts).map(([path, source]) => ({
        name: `{dir}/${path}`,
        source: typeof source === 'string' ? source : source.join('\n'),
      }));
      const scripts = scriptSet(config).scripts.map((each) => ({ ...each, path: each.path.replace('DIR', '{dir}') }));
      return [
        {
          label: `${file.replace('.json', '')}/${name}`,
          sources: sources.filter(({ name }) => name.endsWith('.lua')),
          scripts,
        },
      ];
    });
  });
}
