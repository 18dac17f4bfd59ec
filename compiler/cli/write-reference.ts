/** `npm run docs`: writes the stubs in `lua/types`, the pages in `docs/modules` (and deletes those nobody declares any more), and the schema for editors. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { editorSchema } from '../../runtime/config/index.ts';
import { describeGlobals, describeModules, REQUEST_FIELDS } from '../../runtime/index.ts';
import { REFERENCE_FOLDERS, referenceFiles } from '../build/reference/reference.ts';

/** Where the example and the notes of a module are, relative to the root; `page` is the name of its source file. */
export const examplePath = (page: string): string => `runtime/modules/examples/${page}.lua`;
export const notesPath = (page: string): string => `runtime/modules/notes/${page}.md`;

/** The JSON Schema of the configuration, relative to the root. */
const SCHEMA_PATH = 'docs/nauthilus.schema.json';

/** What has to be in the tree below `root`: content by path. */
export function expectedReference(root: string): ReadonlyMap<string, string> {
  return new Map([...expectedPages(root), [SCHEMA_PATH, editorSchema()]]);
}

function expectedPages(root: string): ReadonlyMap<string, string> {
  return referenceFiles({
    modules: describeModules().modules,
    globals: describeGlobals(),
    requestFields: REQUEST_FIELDS,
    partsOf: (page) => ({
      example: readIfThere(join(root, examplePath(page))),
      notes: readIfThere(join(root, notesPath(page))),
    }),
  });
}

/** Paths from the root of all files that are in the generated folders. */
export function presentReference(root: string): readonly string[] {
  return REFERENCE_FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
}

function writeReference(root: string): readonly string[] {
  const expected = expectedReference(root);
  const changed = [...expected].filter(([path, content]) => readIfThere(join(root, path)) !== content);
  for (const [path, content] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const orphans = presentReference(root).filter((path) => !expected.has(path));
  for (const path of orphans) rmSync(join(root, path));
  return [...changed.map(([path]) => path), ...orphans];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const changed = writeReference(fileURLToPath(new URL('../../', import.meta.url)));
  console.log(changed.length === 0 ? 'pages, stubs and schema are up to date' : `changed ${changed.join(', ')}`);
}
