/**
 * Scripts behind paths of their own: an addition to the reference, in the manner of its later versions. Which hooks there are
 * and who may call them stands in the configuration, so that a reload changes both.
 */
import * as z from 'zod';
import type { Config } from '../../config/index.ts';
import { runHookScript } from '../../scripts/classes/hook.ts';
import { NOT_FOUND } from '../answers.ts';
import { refusePeer, refuseStranger } from '../api-access.ts';
import { peerAddress } from '../client-identity.ts';
import { type ConfiguredRoute, empty, json, WRITTEN_BY_SCRIPT } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { asksForToken, hookAccess } from '../hook-access.ts';
import { HOOK_FAILED, hookAnswer } from '../script-response.ts';

const PREFIX = '/api/v1/custom/';

export default definePlainEndpoint({
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  paths: [`${PREFIX}*`],
  hasOwnAccess: true,
  describe: { configured: ({ lua }) => lua.hooks.map(describeHook) },
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

type Hook = Config['lua']['hooks'][number];

function describeHook(hook: Hook): ConfiguredRoute {
  const failed = { description: 'The script has failed.', bodies: json(z.object({ msg: z.string() })) };
  const reasons = [
    ...(hook.networks.length > 0 ? ['comes from elsewhere'] : []),
    ...(hook.roles.length + hook.scopes.length > 0 ? ['has a token without the role or a scope'] : []),
  ];
  return {
    path: `${PREFIX}${hook.http_location}`,
    method: hook.http_method,
    operation: {
      summary: `Runs ${hook.script_path}.`,
      answers: {
        200: [WRITTEN_BY_SCRIPT],
        500: [failed],
        default: [WRITTEN_BY_SCRIPT],
        ...(reasons.length > 0 ? { 403: [empty(`The caller ${reasons.join(', or ')}.`)] } : {}),
      },
      ...(hook.public ? { credentials: 'none' } : asksForToken(hook) ? { credentials: 'bearer' } : {}),
    },
  };
}
