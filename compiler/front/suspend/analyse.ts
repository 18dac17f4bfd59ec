/**
 * Who may suspend, and because of what: colours of functions and calls over a whole program.
 *
 * Values are followed through locals, fields, arguments and results (objects by the place that makes them), which gives the
 * call graph; from everything that waits or yields, the colour runs backwards along it. A function is coloured for one of
 * two reasons that travel separately: waits of the host pass through `coroutine.resume`, yields end there.
 */
import type { HostManifest } from '../../../runtime/contract/host.ts';
import type { AnyCall, FunctionLike, GenericFor } from '../ast.ts';
import type { Analysis, CallColour, Verdict } from './analysis.ts';
import { findDirectCalls } from './direct.ts';
import { TooMuchFlow } from './flow.ts';
import { addFiles, type ProgramFile } from './graph.ts';
import { callHost } from './library.ts';
import { Model } from './model.ts';
import { reachFrom } from './reach.ts';
import { callColour, suspendingEvents, verdictOf } from './verdicts.ts';
import { worstCase } from './worst-case.ts';

export type { Analysis } from './analysis.ts';
export type { ProgramFile } from './graph.ts';

export interface AnalyseOptions {
  /** For `load`: other code exists that this analysis does not see; `events` are those of the program around it. */
  readonly open?: { readonly events: ReadonlySet<string> };
  /** Told of the work done; may throw to end it. */
  readonly onWork?: (work: number) => void;
}

/** Colours a whole program. Sound: whatever can suspend is coloured, as far as the manifest tells the truth. */
export function analyse(files: readonly ProgramFile[], manifest: HostManifest, options: AnalyseOptions = {}): Analysis {
  const direct = findDirectCalls(files);
  try {
    return { ...colour(follow(files, manifest, options), options), ...direct };
  } catch (failure) {
    if (failure instanceof TooMuchFlow) return { ...worstCase(files), ...direct };
    throw failure;
  }
}

/** Work after which a program counts as too large (some seconds and some 100 MB); normal ones stay far below. */
export const WORK_LIMIT = 5_000_000;
/** The same for code that is loaded while the program runs, and others wait for it (some 50 ms). */
const LOADED_WORK_LIMIT = 200_000;

function follow(files: readonly ProgramFile[], manifest: HostManifest, { open, onWork }: AnalyseOptions): Model {
  const model = new Model(manifest, callHost, open === undefined ? WORK_LIMIT : LOADED_WORK_LIMIT, onWork);
  if (open !== undefined) {
    model.openUp();
    for (const event of open.events) model.event(event).suspend('unknown code', event, { waits: true, yields: true });
  }
  addFiles(model, files);
  for (const name of [...model.unknownGlobals()]) model.provideGlobal(name);
  model.flow.settle();
  model.linkOperations();
  return model;
}

type Colours = Pick<Analysis, 'functions' | 'calls' | 'events'>;

function colour(model: Model, { open }: AnalyseOptions): Colours {
  const reach = reachFrom(model.sites);
  const functions = new Map<FunctionLike, Verdict>();
  for (const node of model.codes.keys()) functions.set(node, verdictOf(node, reach));
  const calls = new Map<AnyCall | GenericFor, CallColour>();
  for (const site of model.sites) if (site.node !== undefined) calls.set(site.node, callColour(site, reach));
  return { functions, calls, events: new Set([...(open?.events ?? []), ...suspendingEvents(model, reach)]) };
}
