/** `nauthilus types`: what editors have to know of the host modules, for people who only have the program. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeGlobals, describeModules, REQUEST_FIELDS } from '../../../runtime/index.ts';
import { referenceFiles, STUBS_FOLDER } from '../../build/reference/reference.ts';
import { defineCommand, EXIT } from '../command.ts';

const WITHOUT_PARTS = { example: undefined, notes: undefined };

export default defineCommand({
  name: 'types',
  doc: 'write type definitions of all host modules for the Lua language server',
  details: `Makes the folder if it is missing and replaces what an earlier version wrote. Name the folder in the setting
workspace.library of the language server.

Exit codes: 0 done, 1 the folder cannot be written, 2 wrong usage.`,
  args: [{ name: 'folder', doc: 'where the files go', kind: 'required' }],
  options: {},
  inArtifact: true,
  run: ({ args, context }) => {
    const [folder = ''] = args;
    const files = referenceFiles({
      modules: describeModules().modules,
      globals: describeGlobals(),
      requestFields: REQUEST_FIELDS,
      partsOf: () => WITHOUT_PARTS,
    });
    const stubs = [...files].filter(([path]) => path.startsWith(`${STUBS_FOLDER}/`));
    try {
      mkdirSync(folder, { recursive: true });
      for (const [path, content] of stubs) writeFileSync(join(folder, basename(path)), content);
    } catch (thrown) {
      context.err(`nauthilus: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
      return EXIT.failed;
    }
    context.out(`wrote ${stubs.length} files to ${folder}\n`);
    return EXIT.ok;
  },
});
