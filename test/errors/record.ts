/** Writes the expectations: `node --import tsx test/errors/record.ts`, where Debian's `lua5.1` is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDER, outcomeText, snippetsOf, topics } from './snippets.ts';

const PUC = 'lua5.1';

const folder = mkdtempSync(join(tmpdir(), 'lua-'));
for (const topic of topics) {
  const sections = snippetsOf(topic).map(({ name, source }) => {
    writeFileSync(join(folder, 'case.lua'), source, 'latin1');
    const { stdout, stderr } = spawnSync(PUC, ['case.lua'], { cwd: folder, encoding: 'latin1' });
    return `--# ${name}\n${outcomeText(stdout, stderr, PUC)}`;
  });
  writeFileSync(`${FOLDER}${topic}.expected.txt`, sections.join(''), 'latin1');
  console.log(`${topic}: ${sections.length} programs`);
}
rmSync(folder, { recursive: true });
