/** Lua text in, JavaScript out: whole programs for the artifact, single chunks for `load`. Pure: no I/O, no Node. */
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import type { Chunk } from './ast.ts';
import { chunkDisplayName, chunkErrorName } from './chunk-name.ts';
import type { EmitOptions } from './emit/context.ts';
import { emitChunk } from './emit/index.ts';
import { findTailCalls } from './emit/tail-calls.ts';
import { walk } from './emit/walk.ts';
import { CompilerMemory } from './memory.ts';
import { refuseCallOnNewLine, renderLuaMessage, SyntaxFailure } from './messages.ts';
import { type ParseOutcome, parse } from './parser/parse.ts';
import { type Resolution, resolve } from './resolve.ts';
import { type Analysis, analyse } from './suspend/analyse.ts';
import { HostIndex } from './suspend/manifest.ts';
import { worstCase } from './suspend/worst-case.ts';

export interface SourceFile {
  /** Chunk name as messages show it. */
  readonly name: string;
  /** Bytes, as char codes 0-255. */
  readonly source: string;
  /** Names under which `require` finds the file. */
  readonly modules?: readonly string[];
  /** What `parse` made of it, if somebody has asked before. */
  readonly parsed?: ParseOutcome;
}

export interface CompileOptions {
  /** Unknown calls in plain code test for an activation, so that gaps of the analysis are found where they are. */
  readonly checkPlain?: boolean;
  /** Every function is suspendable, whatever the analysis says: for tests of that colour. */
  readonly suspendAll?: boolean;
  /** Told of the work done, about 1 for each token and each step of the analysis; may throw to end it. */
  readonly onWork?: (work: number) => void;
}

export interface CompiledFile {
  readonly name: string;
  /** Body of a function `($) => CompiledChunk`; `$` is the engine's `emittedApi`. */
  readonly code: string;
  /** Source map (version 3) of `code` as JSON. */
  readonly map: string;
}

export interface ProgramResult {
  /** The files that could be compiled. */
  readonly files: readonly CompiledFile[];
  /** Errors of the others, and warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

export type ChunkResult =
  | { readonly ok: true; readonly file: CompiledFile }
  /** What `load` returns: `[string "x = "]:1: unexpected symbol near '<eof>'`. */
  | { readonly ok: false; readonly message: string };

/** A file as a tree, with what its names mean. */
export interface ResolvedFile {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
  /** Names under which `require` finds it. */
  readonly modules: readonly string[];
}

/** Files of a program that have no syntax error, and everything there is to say so far. */
export interface ResolvedProgram {
  readonly files: readonly ResolvedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

type FileOutcome =
  | { readonly ok: true; readonly file: ResolvedFile; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly error: Diagnostic };

function resolveFile(
  file: SourceFile,
  isFile: boolean,
  {
    onWork,
    memory,
  }: { readonly onWork?: CompileOptions['onWork'] | undefined; readonly memory?: ProgramMemory | undefined } = {},
): FileOutcome {
  const { name, source, modules = [], parsed = parse(source, { name, isFile, onWork }) } = file;
  if (!parsed.ok) return parsed;
  const { chunk } = parsed;
  const resolved = memory?.resolve(chunk, () => resolve(chunk)) ?? resolve(chunk);
  if (!resolved.ok) return resolved;
  const { resolution } = resolved;
  return {
    ok: true,
    file: { chunk, resolution, modules },
    warnings: [...parsed.warnings, ...resolution.warnings],
  };
}

/** Parses and resolves; for whoever looks at programs without compiling them. */
export function resolveProgram(sources: readonly SourceFile[], memory?: ProgramMemory): ResolvedProgram {
  const outcomes = sources.map((source) => resolveFile(source, true, { memory }));
  return {
    files: outcomes.flatMap((outcome) => (outcome.ok ? [outcome.file] : [])),
    diagnostics: outcomes.flatMap((outcome) => (outcome.ok ? outcome.warnings : [outcome.error])),
  };
}

/** For programs that are compiled again after a change; see memory.ts. */
export type ProgramMemory = CompilerMemory<CompiledFile>;

export function newProgramMemory(): ProgramMemory {
  return new CompilerMemory();
}

/**
 * Compiles all files of a program together: what may suspend is decided over all of them. With a `memory` files that were
 * handed in before, with the same `parsed`, are as they were if they can be.
 */
export function compileProgram(
  sources: readonly SourceFile[],
  manifest: HostManifest,
  options: CompileOptions = {},
  memory?: ProgramMemory,
): ProgramResult {
  return finish(compileInSteps(sources, manifest, options, memory));
}

function finish<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, one for the analysis and one for each file, for whoever has something else to do between them. */
export function* compileInSteps(
  sources: readonly SourceFile[],
  manifest: HostManifest,
  options: CompileOptions = {},
  memory?: ProgramMemory,
): Generator<void, ProgramResult> {
  const { files, diagnostics } = resolveProgram(sources, memory);
  const analysis = coloured(files, memory?.analysis.analyse(files, manifest) ?? analyse(files, manifest), options);
  const environments = files.some(
    (file) => memory?.trait(file.chunk, 'environments', () => usesEnvironments(file)) ?? usesEnvironments(file),
  );
  yield;
  const settings = { ...options, environments, startsCode: startsCode(files, manifest, memory) };
  const emitted = yield* emitFiles(files, analysis, settings, memory);
  return { files: emitted.files, diagnostics: [...diagnostics, ...emitted.diagnostics] };
}

/**
 * Compiles one chunk for `load`; `chunkName` as there (`=name`, `@file`, or the source). Other code exists that the
 * analysis does not see, so unknown calls may suspend.
 */
export function compileChunk(
  source: string,
  chunkName: string,
  manifest: HostManifest,
  options: CompileOptions = {},
): ChunkResult {
  const outcome = resolveFile({ name: chunkDisplayName(chunkName), source }, false, { onWork: options.onWork });
  const refused = (error: Diagnostic): ChunkResult => ({
    ok: false,
    message: renderLuaMessage(error, chunkErrorName(chunkName)),
  });
  if (!outcome.ok) return refused(outcome.error);
  const ambiguous = outcome.warnings.find(({ code }) => code === 'call-on-new-line');
  if (ambiguous !== undefined) return refused(refuseCallOnNewLine(ambiguous));
  const files = [outcome.file];
  // Any metamethod may suspend: those of the program, and those of code that is loaded later.
  const { onWork } = options;
  const analysis = analyse(files, manifest, { open: worstCase(files), ...(onWork === undefined ? {} : { onWork }) });
  const settings = { ...options, environments: true, startsCode: startsCode(files, manifest) };
  const emitted = finish(emitFiles(files, coloured(files, analysis, options), settings));
  const [file] = emitted.files;
  const [error] = emitted.diagnostics;
  if (error !== undefined) return refused(error);
  if (file === undefined) throw new Error('a resolved file was not emitted');
  return { ok: true, file };
}

function coloured(
  files: readonly ResolvedFile[],
  analysis: Analysis,
  { suspendAll = false }: CompileOptions,
): Analysis {
  return suspendAll ? { ...analysis, ...worstCase(files) } : analysis;
}

/** What holds for the whole program. */
type EmitSettings = Pick<EmitOptions, 'environments' | 'startsCode'>;

interface Emitted {
  readonly files: readonly CompiledFile[];
  readonly diagnostics: readonly Diagnostic[];
}

function* emitFiles(
  files: readonly ResolvedFile[],
  analysis: Analysis,
  { checkPlain = false, environments, startsCode, onWork }: CompileOptions & EmitSettings,
  memory?: ProgramMemory,
): Generator<void, Emitted> {
  const tailCalls = findTailCalls(files, analysis);
  const settings = [environments, checkPlain, startsCode, ...[...analysis.events].sort()].join(' ');
  const compiled: CompiledFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { chunk, resolution } of files) {
    const emit = (): CompiledFile => {
      const options = { checkPlain, environments, startsCode, onWork };
      const { code, map } = emitChunk(chunk, resolution, analysis, tailCalls, options);
      return { name: chunk.name, code, map: JSON.stringify(map) };
    };
    try {
      compiled.push(memory?.emit(chunk, { analysis, tailCalls, settings }, emit) ?? emit());
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure)) throw failure;
      diagnostics.push(failure.diagnostic);
    }
    yield;
  }
  return { files: compiled, diagnostics };
}

/** Does the program name a function that makes functions anew elsewhere? Such functions are usually methods: of whatever. */
function startsCode(files: readonly ResolvedFile[], manifest: HostManifest, memory?: ProgramMemory): boolean {
  const names = HostIndex.of(manifest).startingCode;
  return files.some(({ chunk }) => {
    const find = (): boolean => names.some((name) => chunk.source.includes(name));
    return memory?.trait(chunk, 'starts code', find) ?? find();
  });
}

/** Names of the functions that give a function globals of its own. */
const ENVIRONMENT_FUNCTIONS = new Set(['setfenv', 'getfenv', 'module']);

function usesEnvironments({ chunk, resolution }: ResolvedFile): boolean {
  let found = false;
  walk(chunk, (node) => {
    if (node.kind === 'Name')
      found ||= resolution.bindingOf.get(node) === 'global' && ENVIRONMENT_FUNCTIONS.has(node.name);
    else if (node.kind === 'Index') found ||= node.key.kind === 'String' && node.key.value.endsWith('etfenv');
  });
  return found;
}
