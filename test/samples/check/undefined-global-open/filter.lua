-- globals that get their names at run time: nobody can tell what is missing
for _, name in ipairs { "one", "two" } do _G[name] = function() return name end end

function nauthilus_call_filter()
  print(one(), two(), three())
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
