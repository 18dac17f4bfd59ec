/**
 * Scripts behind paths of their own: an addition to the reference, in the manner of its later versions. Which hooks there are
 * and who may call them stands in the configuration, so that a reload changes both.
 */
import { runHookScript } from '../../scripts/classes/hook.ts';
import { NOT_FOUND } from '../answers.ts';
import { refusePeer, refuseStranger } from '../api-access.ts';
import { peerAddress } from '../client-identity.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { hookAccess } from '../hook-access.ts';
import { HOOK_FAILED, hookAnswer } from '../script-response.ts';

const PREFIX = '/api/v1/custom/';

export default definePlainEndpoint({
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  paths: [`${PREFIX}*`],
  hasOwnAccess: true,
  handle: async (request, generation, { snapshot, session }) => {
    const { config, scripts } = generation;
    const location = request.path.slice(PREFIX.length);
    const hook = config.lua.hooks.find(
      (each) => each.http_location === location && each.http_method === request.method,
    );
    // Strangers are not told which hooks there are.
    if (hook === undefined) return refusePeer(request, config) ?? refuseStranger(request, config) ?? NOT_FOUND;
    const { refused, holder } = await hookAccess(hook, request, config);
    if (refused !== undefined) return refused;
    const subject = holder?.subject ?? '';
    const call = { session, clientIp: peerAddress(request, config), subject, request: snapshot() };
    const outcome = await runHookScript(`${hook.http_method} ${location}`, call, scripts);
    return outcome === undefined ? HOOK_FAILED : hookAnswer(outcome.value, outcome.response);
  },
});
