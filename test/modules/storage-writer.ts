/** Run as a process that is killed: counts up, says each number once it must be on the disk. */
import { writeSync } from 'node:fs';
import { openStore } from '../../runtime/modules/gll-storage/store.ts';

const store = await openStore(process.argv[2]!);
for (let count = 1; ; count++) {
  store.set('count', String(count), 0);
  store.set(`filler ${count % 50}`, JSON.stringify('x'.repeat(20_000)), 0);
  await store.sync();
  writeSync(1, `${count}\n`);
}
