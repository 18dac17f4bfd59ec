/** A program of any size for measuring the compiler: feature scripts like those people write, and modules they share. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 100 lines of a policy; `n` makes each a little different. */
export function scriptText(n: number): string {
  const checks = Array.from({ length: 6 }, (_, at) => checkText(n, at)).join('\n');
  return `-- policy ${n}
dynamic_loader("nauthilus_redis")
dynamic_loader("nauthilus_gll_json")
local redis = require("nauthilus_redis")
local json = require("json")
local shared = require("shared${n % 10}")

local LIMIT = ${5 + (n % 20)}
local PREFIX = "policy:${n}:"
local seen = {}

local function key_of(request, suffix)
  return PREFIX .. request.username .. ":" .. suffix
end

${checks}
function nauthilus_call_feature(request)
  if request.no_auth then
    return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
  end
  local score = 0
  for _, check in ipairs { check_0, check_1, check_2, check_3, check_4, check_5 } do
    local ok, points = pcall(check, request)
    if ok then score = score + points end
  end
  if score > LIMIT then
    nauthilus_builtin.custom_log_add("policy_${n}", shared.describe(score))
    return nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FEATURES_ABORT_YES, nauthilus_builtin.FEATURE_RESULT_OK
  end
  return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
end
`;
}

function checkText(n: number, at: number): string {
  const waits = at % 3 === 0;
  return `local function check_${at}(request)
  local points = 0
  local found = seen[request.username] or {}
  for index, part in ipairs(shared.split(request.client_ip, ".")) do
    if tonumber(part) and tonumber(part) % ${2 + at} == 0 then points = points + index end
  end
  ${waits ? `local stored, err = redis.redis_get("default", key_of(request, "${at}"))` : 'local stored, err = found.text, nil'}
  if err == nil and stored then points = points + #stored + ${n % 7} end
  found.text = ${at === 1 ? 'json.encode({ name = request.username, points = points })' : 'request.username:lower()'}
  seen[request.username] = found
  return points
end
`;
}

export function moduleText(n: number): string {
  return `local M = {}
function M.split(text, separator)
  local parts = {}
  for part in (text .. separator):gmatch("([^" .. separator .. "]*)%" .. separator) do parts[#parts + 1] = part end
  return parts
end
function M.describe(score)
  return string.format("module ${n}: %d", score)
end
return M
`;
}

/** Writes a project of `scripts` features and their modules; returns the number of Lua lines. */
export function writeProject(folder: string, scripts: number): number {
  mkdirSync(join(folder, 'policies'), { recursive: true });
  mkdirSync(join(folder, 'lib'), { recursive: true });
  let lines = 0;
  const write = (path: string, text: string): void => {
    writeFileSync(join(folder, path), text);
    lines += text.split('\n').length - 1;
  };
  const features: string[] = [];
  for (let n = 0; n < scripts; n++) {
    write(`policies/policy${n}.lua`, scriptText(n));
    features.push(`    - { name: policy${n}, script_path: policies/policy${n}.lua }`);
  }
  for (let n = 0; n < 10; n++) write(`lib/shared${n}.lua`, moduleText(n));
  writeFileSync(
    join(folder, 'nauthilus.yml'),
    [
      'server:',
      '  address: "127.0.0.1:0"',
      '  backends: [cache]',
      '  features: [lua]',
      '  redis: { password_nonce: bench }',
      'lua:',
      '  features:',
      ...features,
      '  config: { package_path: ./lib/?.lua }',
      '',
    ].join('\n'),
  );
  return lines;
}
