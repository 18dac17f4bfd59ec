/** Loggers of a script's own, as the module `log` of gopher-lua-libs. */
import { defineModule } from '../host/index.ts';
import { loggers, newLogger } from './gll-log/methods.ts';

export default defineModule({
  name: 'nauthilus_gll_log',
  requires: ['log'],
  classes: 'all',
  doc: 'Lines with a prefix, time and place, to the standard output or files.',
  userdata: [loggers],
  globals: () => ({ logger_ud: loggers.metatable() }),
  functions: { new: newLogger },
});
