/** URLs alone, as the module `http_util` of gopher-lua-libs. */
import { defineModule } from '../host/index.ts';
import { utilities } from './gll-http/util.ts';

export default defineModule({
  name: 'nauthilus_gll_http',
  requires: ['http_util'],
  classes: 'all',
  doc: 'Take URLs apart, put them together, escape what goes into them.',
  functions: utilities,
});
