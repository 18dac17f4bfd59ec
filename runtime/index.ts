/** The public face of the runtime: a server over a compiled program, and the host modules as data for the compiler. */
import type { Config } from './config/index.ts';
import type { HostManifest } from './contract/host.ts';
import endpoints from './http/endpoints/index.gen.ts';
import { openApiDocument } from './http/openapi.ts';
import { scriptHost } from './script-environments.ts';

export { describeGlobals } from './host/manifest.ts';
export { removeStaleSocket } from './http/listener.ts';
export { REQUEST_FIELDS } from './scripts/request-fields.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';

export { askPrimary, MetricsRelay } from './services/index.ts';

/** Everything Lua code can call that is not Lua, for the compiler's analysis, checks and reference pages. */
export function describeModules(): HostManifest {
  return scriptHost.manifest();
}

/** The OpenAPI document of the endpoints under a configuration, as data. */
export function describeApi(config: Config): object {
  return openApiDocument(endpoints, config);
}
