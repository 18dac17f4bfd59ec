function nauthilus_call_feature(request)
  if request.a then return 1, 0, 0 end
  if request.b then return true, false, nauthilus_builtin.FEATURE_RESULT_OK end
  return nauthilus_builtin.FEATURE_TRIGGER_NO, 7, nauthilus_builtin.FEATURE_RESULT_OK
end
