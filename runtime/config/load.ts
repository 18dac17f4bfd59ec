/** From file and environment to a configuration, with all complaints at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { checkSections } from './checks.ts';
import { messages } from './messages.ts';
import { override } from './overrides.ts';
import { type Config, configSchema } from './schema/index.ts';
import { readSecretFiles } from './secret-files.ts';
import { shape } from './shape.ts';
import { readSource } from './source.ts';
import { tolerate } from './tolerate.ts';
import { validate } from './validate.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface LoadOptions {
  /** File given with -c; without it the usual places are searched. */
  readonly path?: string | undefined;
  /** Environment variables; only `HOME` and those that begin with `NAUTHILUS_` are read. */
  readonly env: Environment;
}

interface LoadedConfig {
  /** Absent when a diagnostic is an error. */
  readonly config: Config | undefined;
  /** The file that was read. */
  readonly file: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, overrides, validates and completes the configuration. Never throws for what the user wrote. */
export function loadConfig({ path, env }: LoadOptions): LoadedConfig {
  const candidates = path === undefined ? searchPath(env) : [path];
  for (const file of candidates) {
    const read = readText(file);
    if (read.kind === 'text') return parseConfig({ text: read.text, file, env });
    if (read.kind === 'error') {
      return { config: undefined, file, diagnostics: [messages.unreadable(file, read.reason)] };
    }
  }
  const missing = path === undefined ? messages.notFound(candidates) : messages.unreadable(path, 'no such file');
  return { config: undefined, file: undefined, diagnostics: [missing] };
}

/** As `loadConfig`, for a text that is already there. */
export function parseConfig({ text, file, env }: { text: string; file: string; env: Environment }): LoadedConfig {
  const { tree, diagnostics } = readSource(text, file);
  if (tree === undefined) return { config: undefined, file, diagnostics };
  if (tree.kind !== 'map') {
    const wrong = messages.wrongType({ path: '', origin: tree.origin }, 'sections such as server:', 'something else');
    return { config: undefined, file, diagnostics: [...diagnostics, wrong] };
  }
  const found = [...diagnostics, ...tolerate(tree), ...override(tree, configSchema, env)];
  const secrets = readSecretFiles(tree, configSchema);
  const shaped = shape(tree, configSchema);
  const validated = validate(shaped);
  found.push(...secrets.diagnostics, ...shaped.diagnostics, ...validated.diagnostics);
  const wrongPaths = [...validated.wrongPaths, ...secrets.missing];
  const checked = validated.config && checkSections(validated.config, shaped.origins, wrongPaths);
  found.push(...(checked?.diagnostics ?? []));
  const isBroken = found.some(({ severity }) => severity === 'error');
  return { config: isBroken ? undefined : checked?.config, file, diagnostics: inFileOrder(found) };
}

/** Server.md 3.1; the first that exists is read. */
function searchPath(env: Environment): readonly string[] {
  const folders = [
    '/usr/local/etc/nauthilus',
    '/etc/nauthilus',
    ...(env.HOME ? [join(env.HOME, '.nauthilus')] : []),
    '.',
  ];
  return folders.flatMap((folder) =>
    ['nauthilus.yml', 'nauthilus.yaml', 'nauthilus'].map((name) => join(folder, name)),
  );
}

type ReadResult = { kind: 'text'; text: string } | { kind: 'absent' } | { kind: 'error'; reason: string };

function readText(file: string): ReadResult {
  try {
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A folder of this name (the search meets ./nauthilus) is no configuration.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return { kind: 'absent' };
    return { kind: 'error', reason: code || String(error) };
  }
}

function inFileOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}
