#!/usr/bin/env node
// The `nauthilus` program from its sources: TypeScript is loaded through tsx, so that Node 20 can run it.
// The bundled artifact (dist/nauthilus.mjs) needs neither this file nor tsx.
import './restart.mjs';
import { register } from 'tsx/esm/api';

register();
const { runFromSources } = await import('./from-sources.ts');
process.exitCode = await runFromSources(process.argv.slice(2));
