/** esbuild: the entry and the runtime become one self-contained file with a source map; the compiled chunks follow in it. */
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, BuildOptions, OutputFile, Plugin } from 'esbuild';
import { artifactWriter, INSIDE, type Layout } from './artifact-file.ts';
import { countLines, type PlacedChunks, type ProgramChunks, placeChunks, type SourceMap } from './chunks.ts';
import { makeCodeCache } from './code-cache.ts';
import { type EntryOptions, entryText, POSITIONS } from './entry.ts';
import { luaSourcePlugin, partPlugin } from './part-plugin.ts';
import { bundleWorker, workerPlugin } from './worker-plugin.ts';

type Esbuild = typeof import('esbuild');

export interface BundleOptions extends EntryOptions {
  /** Absolute path of the module that restarts Node with V8 flags; it runs before the program is even parsed. */
  readonly restart: string;
  /** Folder that import paths and the sources in the map are relative to. */
  readonly root: string;
  /** Folder that the names of Lua files are relative to. */
  readonly luaRoot: string;
  /** V8 flags that the artifact will run with: given them, it carries V8's code cache and starts faster. */
  readonly flags?: readonly string[];
  /** Path of the artifact, e.g. `dist/nauthilus.mjs`; the map gets the same name with `.map`. */
  readonly outFile: string;
}

export interface Bundle {
  readonly code: string;
  readonly map: string;
  /** Source files that went in, relative to `root`. */
  readonly inputs: readonly string[];
}

const LAUNCH = fileURLToPath(new URL('./launch.ts', import.meta.url));

/** Everything in an artifact that does not depend on scripts. */
export interface BundledServer {
  readonly program: string;
  readonly map: SourceMap;
  readonly parts: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
}

/** Bundles in memory; rejects with esbuild's message when a source of ours does not bundle. */
export async function bundleServer(options: BundleOptions): Promise<BundledServer> {
  const esbuild = await import('esbuild');
  const parts = new Map<string, string>();
  const workers = new Map<string, string>();
  const texts = new Map<string, string>();
  try {
    const result = await esbuild.build(
      programSettings(options, [
        partPlugin(parts),
        luaSourcePlugin(texts),
        workerPlugin((path) => workerPart(workers, path)),
      ]),
    );
    return {
      program: withFinalNewline(textOf(result.outputFiles, '.mjs')),
      map: JSON.parse(textOf(result.outputFiles, '.map')),
      parts: new Map([...texts, ...(await bundleParts(esbuild, options.root, parts, workers))]),
      inputs: Object.keys(result.metafile.inputs),
    };
  } catch (error) {
    throw isBuildFailure(error) ? new Error(`the bundle failed: ${error.message}`) : error;
  }
}

/** An artifact with these chunks at once, in memory. */
export async function bundle({
  chunks,
  ...options
}: BundleOptions & { readonly chunks: ProgramChunks }): Promise<Bundle> {
  return addChunks(await bundleServer(options), chunks, options);
}

/** Ends what `bundleServer` has begun: it may never settle. */
export async function dropBundles(): Promise<void> {
  const { stop } = await import('esbuild');
  await stop();
}

/** The artifact with these chunks, and its map. */
export async function addChunks(
  { program, map, parts, inputs }: BundledServer,
  chunks: ProgramChunks,
  options: BundleOptions,
): Promise<Bundle> {
  const esbuild = await import('esbuild');
  const placed = placeChunks(chunks, countLines(program) - 1);
  const contents = {
    program,
    chunks: placed.text,
    parts: new Map([[POSITIONS, positionsText(placed)], ...parts]),
    mapName: `${basename(options.outFile)}.map`,
  };
  const write = artifactWriter(contents, (layout) => bundleLauncher(esbuild, options, layout));
  const code = await write();
  const making = options.flags === undefined ? undefined : makeCodeCache(code, options.flags);
  // Another process makes the code cache meanwhile.
  const text = mapText(map, placed, options);
  const codeCache = await making;
  return { code: codeCache === undefined ? code : await write(codeCache), map: text, inputs };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

function withFinalNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The launcher is the first line of the artifact, and what runs has a line before the program too. */
const LINES_BEFORE = 1;

/** What error messages need: for places in compiled Lua the file, the line and how a call names its callee. */
function positionsText({ places }: PlacedChunks): string {
  const sections = places.map(({ line, map: { sources, names, mappings } }) => ({
    line: line + LINES_BEFORE,
    table: { sources, names, mappings },
  }));
  return JSON.stringify({ sections });
}

/** An indexed map (source map version 3): that of the program, and one for each chunk. */
function mapText(program: SourceMap, { places }: PlacedChunks, options: BundleOptions): string {
  const sections = [
    { line: 0, map: program },
    ...places.map(({ line, map }) => ({
      line,
      map: { ...map, sources: map.sources.map((name) => luaPath(name, options)) },
    })),
  ];
  const offset = (line: number) => ({ line: line + LINES_BEFORE, column: 0 });
  return JSON.stringify({ version: 3, sections: sections.map(({ line, map }) => ({ offset: offset(line), map })) });
}

/** Debuggers resolve the sources of a map relative to the map. */
function luaPath(name: string, { root, luaRoot, outFile }: BundleOptions): string {
  return relative(dirname(resolve(root, outFile)), resolve(luaRoot, name));
}

/** What all the programs in an artifact have in common. */
const COMMON = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

function programSettings(options: BundleOptions, plugins: Plugin[]) {
  return {
    ...COMMON,
    absWorkingDir: options.root,
    stdin: {
      contents: entryText(options),
      resolveDir: options.root,
      sourcefile: 'nauthilus-entry.mjs',
      loader: 'js',
    },
    plugins,
    metafile: true,
    format: 'cjs',
    define: { 'import.meta.url': INSIDE.url },
    outfile: resolve(options.root, options.outFile),
    sourcemap: 'external',
    sourcesContent: true,
  } as const satisfies BuildOptions;
}

/** Restart first: whatever it does, the program has not been parsed yet. */
async function bundleLauncher({ build }: Esbuild, { root, restart }: BundleOptions, layout: Layout): Promise<string> {
  const result = await build({
    ...COMMON,
    absWorkingDir: root,
    stdin: {
      contents: [
        `import ${JSON.stringify(restart)};`,
        `import { launch } from ${JSON.stringify(LAUNCH)};`,
        `launch(import.meta.url, ${JSON.stringify(layout)});`,
      ].join('\n'),
      resolveDir: root,
      sourcefile: 'nauthilus-launcher.mjs',
    },
    format: 'esm',
    // Not the syntax: it would break lines inside of text.
    minifyWhitespace: true,
    minifyIdentifiers: true,
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Texts of the libraries and workers that are parts; their stacks are nothing that people read, so they are minified. */
async function bundleParts(
  { build }: Esbuild,
  root: string,
  packages: ReadonlyMap<string, string>,
  workers: ReadonlyMap<string, string>,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const settings = { ...COMMON, absWorkingDir: root, format: 'cjs', minify: true } as const satisfies BuildOptions;
  const textBy = async (name: string, options: BuildOptions) => {
    const { outputFiles } = await build({ ...settings, ...options, write: false });
    return [name, outputFiles[0]?.text ?? ''] as const;
  };
  return Promise.all([
    ...[...packages].map(([name, path]) =>
      textBy(name, { stdin: { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: root } }),
    ),
    ...[...workers].map(async ([name, path]) => [name, await bundleWorker({ build }, path)] as const),
  ]);
}

function workerPart(workers: Map<string, string>, path: string): string {
  const name = `worker-${workers.size}`;
  workers.set(name, path);
  return `${INSIDE.parts}.text(${JSON.stringify(name)})`;
}

function textOf(files: readonly OutputFile[], suffix: string): string {
  const file = files.find(({ path }) => path.endsWith(suffix));
  if (file === undefined) throw new Error(`esbuild wrote no ${suffix} file`);
  return file.text;
}

/**
 * Writes artifact and map in place of older ones. Each file is complete at every moment: written beside, then renamed;
 * the map goes first, so that a new artifact never stands beside an old map for long.
 */
export function writeBundle({ code, map }: Bundle, outFile: string): void {
  mkdirSync(dirname(outFile), { recursive: true });
  replaceFile(`${outFile}.map`, map);
  replaceFile(outFile, code);
}

function replaceFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    chmodSync(temporary, 0o644);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** How a path is shown to a person: relative to the folder they stand in when it is below it. */
export function displayPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === '' || short.startsWith('..') ? path : short;
}
