/** esbuild: the entry, the runtime and the compiled chunks become one self-contained ES module with a source map. */
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildFailure, BuildOptions, OutputFile, Plugin } from 'esbuild';
import { type ProgramChunks, sourceMarker } from './chunks.ts';
import { type EntryOptions, entryText, POSITIONS_FUNCTION } from './entry.ts';
import { keepLuaPositions, type SourceMap } from './position-table.ts';
import { workerPlugin } from './worker-plugin.ts';

export interface BundleOptions extends Omit<EntryOptions, 'chunks'> {
  readonly chunks: ProgramChunks;
  /** Folder that import paths and the sources in the map are relative to. */
  readonly root: string;
  /** Folder that the names of Lua files are relative to. */
  readonly luaRoot: string;
  /** Path of the artifact, e.g. `dist/nauthilus.mjs`; the map gets the same name with `.map`. */
  readonly outFile: string;
}

export interface Bundle {
  readonly code: string;
  readonly map: string;
  /** Source files that went in, relative to `root`. */
  readonly inputs: readonly string[];
}

/** Libraries in CommonJS form call `require` for Node's own modules; an ES module has none unless it makes one. */
const BANNER = [
  "import { createRequire as nauthilusCreateRequire } from 'node:module';",
  'const require = nauthilusCreateRequire(import.meta.url);',
].join('\n');

const CHUNK_NAMESPACE = 'lua-chunk';

/** Bundles in memory; rejects with esbuild's message when a source of ours does not bundle. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const { build } = await import('esbuild');
  const result = await build(bundleSettings(options)).catch((error: BuildFailure) => {
    throw new Error(`the bundle failed: ${error.message}`);
  });
  const code = textOf(result.outputFiles, '.mjs');
  const map: SourceMap = JSON.parse(textOf(result.outputFiles, '.map'));
  const luaNames = luaNamesOf(map, options.chunks.names);
  return {
    code: withPositions(code, JSON.stringify(keepLuaPositions(map, luaNames)), options.outFile),
    map: JSON.stringify({ ...map, sources: map.sources.map((source, i) => luaPath(luaNames[i], options) ?? source) }),
    inputs: Object.keys(result.metafile.inputs),
  };
}

function luaNamesOf(map: SourceMap, names: readonly string[]): readonly (string | undefined)[] {
  const nameOf = new Map(names.map((name, index) => [sourceMarker(index), name]));
  return map.sources.map((source) => nameOf.get(source));
}

/** Debuggers resolve the sources of a map relative to the map. */
function luaPath(name: string | undefined, { root, luaRoot, outFile }: BundleOptions): string | undefined {
  return name === undefined ? undefined : relative(dirname(resolve(root, outFile)), resolve(luaRoot, name));
}

function bundleSettings(options: BundleOptions): BuildOptions & { readonly write: false; readonly metafile: true } {
  return {
    absWorkingDir: options.root,
    stdin: {
      contents: entryText({ ...options, chunks: options.chunks.table }),
      resolveDir: options.root,
      sourcefile: 'nauthilus-entry.mjs',
      loader: 'js',
    },
    plugins: [chunkPlugin(options.chunks), workerPlugin()],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: resolve(options.root, options.outFile),
    sourcemap: 'external',
    sourcesContent: true,
    charset: 'ascii',
    legalComments: 'none',
    banner: { js: BANNER },
    logLevel: 'silent',
  };
}

/** Serves compiled chunks as modules; their source maps ride along inline, so esbuild's final map leads to Lua. */
function chunkPlugin(chunks: ProgramChunks): Plugin {
  return {
    name: 'lua-chunks',
    setup(build) {
      build.onResolve({ filter: /^lua-chunk:/ }, ({ path }) => ({
        path: path.slice(CHUNK_NAMESPACE.length + 1),
        namespace: CHUNK_NAMESPACE,
      }));
      build.onLoad({ filter: /./, namespace: CHUNK_NAMESPACE }, ({ path }) => ({
        contents: chunks.modules[Number(path)] ?? '',
        loader: 'js',
      }));
    },
  };
}

function textOf(files: readonly OutputFile[], suffix: string): string {
  const file = files.find(({ path }) => path.endsWith(suffix));
  if (file === undefined) throw new Error(`esbuild wrote no ${suffix} file`);
  return file.text;
}

/** Lines are only added at the end, so every position before them stays true. */
function withPositions(code: string, positions: string, outFile: string): string {
  return `${code}
// Where the compiled Lua came from, for error messages; decoded when first needed.
function ${POSITIONS_FUNCTION}() {
  return ${JSON.stringify(positions)};
}
//# sourceMappingURL=${basename(outFile)}.map
`;
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
