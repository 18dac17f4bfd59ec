/** The platform, as the module `runtime` of gopher-lua-libs; names as Go's. */
import { defineModule, pure, result } from '../host/index.ts';

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  loong64: 'loong64',
};

export default defineModule({
  name: 'nauthilus_gll_runtime',
  requires: ['runtime'],
  classes: 'all',
  doc: 'Operating system and processor.',
  functions: {
    goos: pure(
      { doc: 'The operating system: `linux`, `darwin`, `windows` and so on.', returns: [result('name', 'string')] },
      () => SYSTEMS[process.platform] ?? process.platform,
    ),
    goarch: pure(
      { doc: 'The processor: `amd64`, `arm64`, `arm` and so on.', returns: [result('name', 'string')] },
      () => ARCHITECTURES[process.arch] ?? process.arch,
    ),
  },
});
