local function decide() return 1, 2, 3 end

function nauthilus_call_feature(request)
  local inner = function() return 1 end
  if request.a then return end
  if request.b then return nauthilus_builtin.FEATURE_TRIGGER_YES end
  if request.c then return decide() end
  if request.d then return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK, 4 end
  if request.e then
    error(inner())
  elseif request.f then
    return decide()
  end
end
