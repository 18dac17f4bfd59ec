/**
 * The files that tell people and editors what scripts can call: a LuaLS stub and a page for every host module, and an index.
 * All of it is derived from the declarations, and a test compares it with what lies in the tree.
 */
import type { HostField, HostFunction, HostGlobalTable, HostModule } from '../../../runtime/contract/host.ts';
import { globalsPage, indexPage, modulePage } from './pages.ts';
import { aliasStub, globalsStub, moduleStub } from './stubs.ts';

/** Where the stubs are, relative to the root of the project. */
export const STUBS_FOLDER = 'lua/types';
const PAGES_FOLDER = 'docs/modules';

/** The folders of the generated files; nothing else is in them. */
export const REFERENCE_FOLDERS: readonly string[] = [PAGES_FOLDER, STUBS_FOLDER];

/** What people have written about a module; undefined where there is nothing. */
export interface WrittenParts {
  /** A Lua program whose lines end in `--> text` where they print it. */
  readonly example: string | undefined;
  /** Markdown without headings of the first two levels. */
  readonly notes: string | undefined;
}

export interface ReferenceSource {
  readonly modules: readonly HostModule[];
  readonly globals: { readonly functions: readonly HostFunction[]; readonly tables: readonly HostGlobalTable[] };
  /** Of the `request` table that the entry functions get. */
  readonly requestFields: readonly HostField[];
  /** Asked with the name of a module's page. */
  readonly partsOf: (page: string) => WrittenParts;
}

/** Module and name of its page and stub; also the name of its source file. */
export interface NamedModule {
  readonly page: string;
  readonly module: HostModule;
}

/**
 * Names of pages: what `dynamic_loader` is given. Of several modules with one loader those that are not called like it have the
 * name of their own instead of its last word (`nauthilus_gll_log` also offers `loglevel`: `nauthilus_gll_loglevel`).
 */
export function namePages(modules: readonly HostModule[]): readonly NamedModule[] {
  return modules.map((module) => ({ module, page: pageOf(module, modules) }));
}

function pageOf({ loader, requires }: HostModule, modules: readonly HostModule[]): string {
  const [own = loader] = requires;
  const isShared = modules.filter((each) => each.loader === loader).length > 1;
  return isShared && !loader.endsWith(own) ? loader.replace(/[^_]+$/, own) : loader;
}

/** Content by path from the root of the project. */
export function referenceFiles({
  modules,
  globals,
  requestFields,
  partsOf,
}: ReferenceSource): ReadonlyMap<string, string> {
  const named = namePages(modules);
  const files = new Map<string, string>();
  files.set(`${PAGES_FOLDER}/README.md`, indexPage(named));
  files.set(`${PAGES_FOLDER}/globals.md`, globalsPage(globals.functions, globals.tables, requestFields));
  files.set(`${STUBS_FOLDER}/globals.lua`, globalsStub(globals.functions, globals.tables, requestFields));
  // An editor reads all stubs together: a class that two of them describe would have each of its methods twice.
  const described = new Set(globals.tables.flatMap(({ userdata }) => userdata.map(({ name }) => name)));
  for (const { page, module } of named) {
    const userdata = module.userdata.filter(({ name }) => !described.has(name));
    for (const { name } of userdata) described.add(name);
    files.set(`${PAGES_FOLDER}/${page}.md`, modulePage(module, partsOf(page)));
    files.set(`${STUBS_FOLDER}/${page}.lua`, moduleStub(page, { ...module, userdata }, requireNameOf(module, modules)));
    for (const alias of spareNamesOf({ page, module }, modules))
      files.set(`${STUBS_FOLDER}/${alias}.lua`, aliasStub(alias, page));
  }
  return files;
}

/** The name that `require` finds the module by without `dynamic_loader`: of two modules with one name the last has it. */
function requireNameOf(module: HostModule, modules: readonly HostModule[]): string {
  const { requires, loader } = module;
  const [own = loader] = requires;
  return modules.findLast((each) => each.requires[0] === own) === module ? own : loader;
}

/** Further names; the one that the file of the stub has is not among them. */
function spareNamesOf({ page, module }: NamedModule, modules: readonly HostModule[]): readonly string[] {
  const own = requireNameOf(module, modules);
  return module.requires.slice(1).filter((each) => each !== own && each !== page);
}
